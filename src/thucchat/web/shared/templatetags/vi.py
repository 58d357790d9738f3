"""Vietnamese numbers and dates in templates; loaded in every template."""

from datetime import date
from decimal import Decimal

from django import template

from thucchat.engine.vietnamese import vi_date, vi_number

register = template.Library()


@register.filter
def so(value: Decimal | float | None, digits: int | None = None) -> str:
    """A number with a decimal comma; a dash where there is none."""
    return "–" if value is None else vi_number(value, digits)


@register.filter
def ngay(value: date | None) -> str:
    """A day as 05/09/2024; a dash where there is none."""
    return "–" if value is None else vi_date(value)
