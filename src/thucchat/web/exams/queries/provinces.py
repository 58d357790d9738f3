"""Which province of the national table a page is about."""

from dataclasses import dataclass

from thucchat.engine.measurement.results.national import find_province, parse_target
from thucchat.engine.vietnamese import text_key
from thucchat.web.exams.models import NationalMean
from thucchat.web.exams.queries.results import short_name
from thucchat.web.org.models import Unit

TARGET = "+3"  # places to win each year, as the province's plan asks


@dataclass(frozen=True, slots=True)
class Wanted:
    """A province by the name the table gives it, and its target; "" is none."""

    province: str
    target: str


def provinces_known() -> list[str]:
    """All provinces of the table, sorted as people do."""
    names = NationalMean.objects.order_by().values_list("province", flat=True).distinct()
    return sorted(names, key=text_key)


def wanted_province(known: list[str], name: str, target: str) -> Wanted:
    """The province asked for, else our own.

    Raises:
        InvalidInput: `province.unknown`, `target.form`.
    """
    own = name or short_name(Unit.objects.get(kind=Unit.Kind.PROVINCE).name)
    return Wanted(find_province(known, own), parse_target(target).text if target.strip() else "")
