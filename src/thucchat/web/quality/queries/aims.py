"""What is asked of each pupil of a class: the last level of a target, in whole pupils."""

from dataclasses import dataclass
from decimal import Decimal

from thucchat.web.people.models import Pupil
from thucchat.web.quality.models import Handover, Target


@dataclass(frozen=True, slots=True)
class PupilAim:
    """One pupil of a class's target."""

    pupil: Pupil
    start: Decimal | None  # points handed over; None: not measured
    is_asked: bool  # whether he is among those who are to reach the threshold


def aims_of(target: Target) -> list[PupilAim]:
    """The pupils of a class's target in the order of their names; none of a unit's target."""
    if target.school_class_id is None:
        return []
    asked = {key: bool(aim) for key, aim in zip(target.pupil_ids, target.aims, strict=True)}
    starts = _starts(target)
    pupils = Pupil.objects.filter(pk__in=asked).order_by("sort_key", "pk")
    return [PupilAim(pupil, starts.get(pupil.pk), asked[pupil.pk]) for pupil in pupils]


def _starts(target: Target) -> dict[int, Decimal | None]:
    rows = Handover.objects.filter(
        school_year=target.school_year, kind=Handover.Kind.START, school_class=target.school_class,
        subject__field=target.field,
    )  # fmt: skip
    found: dict[int, Decimal | None] = {}
    for row in rows:
        scores = (None if score is None else Decimal(score) / 100 for score in row.scores)
        found |= dict(zip(row.pupils, scores, strict=True))
    return found
