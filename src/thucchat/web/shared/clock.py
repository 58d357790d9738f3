"""The day the site works on: today, or the day a demonstration is set to."""

from datetime import date

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """The present day in Vietnam, unless the installation shows another one."""
    shown: date | None = settings.WORKING_DAY
    return shown or timezone.localdate()
