"""Where the targets of a unit stand on their path, at the latest closed survey before a day.

A path leads from what the start survey found to what is asked at the end of the year; pupils who have left
and pupils without a result stand on neither side of the comparison.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db.models import QuerySet

from thucchat.engine.documents.forms.common import PUPILS
from thucchat.engine.documents.forms.review_minute import Progress, ReviewedTarget
from thucchat.engine.planning.paths import share_on_path
from thucchat.engine.vietnamese import vi_date
from thucchat.web.org.models import SchoolYear, Unit
from thucchat.web.quality.models import Target
from thucchat.web.quality.models.acceptances import NORMAL_95
from thucchat.web.quality.queries.counts import Counts, Surveys, counts_of, surveys_by
from thucchat.web.quality.queries.names import names_of


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """What a review looks at."""

    source: str  # a sentence; empty before any survey
    targets: tuple[ReviewedTarget, ...]


def standing_as_plain(standing: UnitStanding) -> dict[str, Any]:
    """As JSON keeps it with the review that was held."""
    return asdict(standing)


def standing_from_plain(plain: Mapping[str, Any]) -> UnitStanding:
    """What `standing_as_plain` was given."""
    rows = (row | {"progress": Progress(row["progress"])} for row in plain["targets"])
    return UnitStanding(plain["source"], tuple(ReviewedTarget(**row) for row in rows))


def unit_standing(unit: Unit, year: SchoolYear, day: date) -> UnitStanding:
    """The unit's own targets, then those right below it: of its classes, of a district's schools.

    Those counted in pupils; a mean is not among them.
    """
    lines = [*_own(unit, year), *_below(unit, year)]
    surveys = surveys_by(year, day)
    counts = counts_of([one.pk for one in lines], surveys) if surveys else {}
    names = names_of(lines)
    rows = tuple(
        _line(one, _called(one, unit, names[one.pk]), counts.get(one.pk, Counts()), surveys) for one in lines
    )
    return UnitStanding(_source(surveys), rows)


def _called(target: Target, unit: Unit, name: str) -> str:
    is_own = target.unit_id == unit.pk or unit.kind == Unit.Kind.TEAM
    return name if is_own else f"{target.unit.name}, {name}"


def _own(unit: Unit, year: SchoolYear) -> "QuerySet[Target]":
    rows = Target.objects.filter(school_year=year, measure=Target.Measure.SHARE).select_related("unit")
    return rows.filter(unit=unit, staff=None).order_by("field")


def _below(unit: Unit, year: SchoolYear) -> "QuerySet[Target]":
    rows = Target.objects.filter(school_year=year, measure=Target.Measure.SHARE).select_related("unit")
    if unit.kind == Unit.Kind.TEAM:
        rows = rows.filter(staff__team=unit)
    elif unit.kind == Unit.Kind.SCHOOL:
        rows = rows.filter(unit=unit).exclude(staff=None)
    else:
        rows = rows.filter(parent__unit=unit, staff=None).exclude(unit=unit)
    return rows.order_by("field", "unit__sort_key", "school_class__name", "pk")


def _line(target: Target, name: str, counts: Counts, surveys: Surveys | None) -> ReviewedTarget:
    if surveys is None or not counts.is_measured:
        return ReviewedTarget(name, PUPILS, target.amount, None, None, Progress.NOT_MEASURED)
    expected = expected_of(counts, surveys.part)
    progress = progress_of(counts, expected, surveys.part)
    return ReviewedTarget(name, PUPILS, target.amount, expected, counts.reached, progress)


def expected_of(counts: Counts, part: float) -> int | None:
    """How many of the pupils measured now were to have reached it; none where the start was not measured."""
    if not counts.began:
        return None
    start, goal = (
        _inside(reached, of)
        for reached, of in ((counts.began_reached, counts.began), (counts.aims, counts.asked))
    )
    return round(counts.known * float(share_on_path(start, goal, np.array(part))))


def _inside(reached: int, whole: int) -> float:
    """A share that has a logit: nobody and everybody are half a pupil away from the ends."""
    return min(max(reached, 0.5), whole - 0.5) / whole if whole > 1 else 0.5


def progress_of(counts: Counts, expected: int | None, part: float) -> Progress:
    """Ahead or behind only by more than the errors of both surveys explain."""
    if expected is None:
        return Progress.UNCERTAIN
    share = counts.known / counts.began  # the path of fewer pupils has a smaller error
    of_path = (1 - part) ** 2 * share**2 * counts.began_variance
    difference, margin = counts.reached - expected, NORMAL_95 * (counts.variance + of_path) ** 0.5
    if part == 0 or 0 <= difference <= margin:
        return Progress.ON_PATH
    if abs(difference) <= margin:
        return Progress.UNCERTAIN
    return Progress.AHEAD if difference > 0 else Progress.BEHIND


def _source(surveys: Surveys | None) -> str:
    if surveys is None:
        return ""
    now = surveys.now
    days = f"từ ngày {vi_date(now.opens_on)} đến hết ngày {vi_date(now.closes_on)}"
    text = f"Số đo là của {str(now).lower()} ({days}), tính trên các em đang học có kết quả. "
    if now == surveys.start:
        return text + "Đây cũng là điểm xuất phát của lộ trình."
    return (
        text + "Lộ trình đi từ kết quả khảo sát đầu năm đến mức đã kí; số ghi là của ngày bắt đầu khảo sát."
    )
