"""Where units and teachers stand against their targets, and what is due from a person."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse

from thucchat.engine.vietnamese import vi_number
from thucchat.web.org.acting import Acting
from thucchat.web.org.models import Role
from thucchat.web.people.models import Subject
from thucchat.web.quality.models import Acceptance, Commitment, Evidence, Handover, Outcome, Target
from thucchat.web.quality.queries.visible import (
    acceptances_visible_to,
    commitments_visible_to,
    handovers_visible_to,
    targets_visible_to,
)

HEADS = frozenset({Role.TEAM_HEAD, Role.PRINCIPAL, Role.DISTRICT})
MOST_DUE = 5  # things of a kind that are listed; the rest is counted
MOST_COUNTED = 200  # beyond, nobody goes through a list of what is due
HEAVY = ("pupils", "scores", "errors", "bands", "weak")  # columns a list never shows


@dataclass(frozen=True, slots=True)
class Standing:
    """What the last acceptance found of a target; nothing before it."""

    reached: int | None
    counted: int | None
    evidence: str  # Vietnamese; “chưa đo” before the year's last survey
    status: str  # met, within, missed, unknown

    @property
    def share(self) -> float | None:
        """Percent of the pupils that count."""
        return 100 * self.reached / self.counted if self.reached is not None and self.counted else None


NOT_YET = Standing(None, None, "chưa đo cuối năm", "unknown")


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One target of the unit."""

    target: Target
    holder: str
    subject: str
    standing: Standing

    @property
    def wanted_share(self) -> float:
        """Percent of the pupils that is asked for."""
        return 100 * self.target.amount / self.target.pupils if self.target.pupils else 0.0


@dataclass(frozen=True, slots=True)
class Due:
    """Something a person has to do."""

    text: str
    url: str
    by: date | None


def holder_name(target: Target) -> str:
    """Who holds a target, with the class where it is a class's."""
    if target.staff:
        return f"{target.staff.full_name}, lớp {target.school_class.name if target.school_class else ''}"
    return target.unit.name


def standing_of(targets: Sequence[Target]) -> dict[int, Standing]:
    """The standing of each target, from the acceptance of the commitment it stands in."""
    keys = {target.pk for target in targets}
    units = {target.unit_id for target in targets}
    found = dict.fromkeys(keys, NOT_YET)
    for row in _results(units, are_classes=any(target.staff_id for target in targets)):
        if row["target"] in keys:
            found[row["target"]] = _standing(row)
    return found | _of_province([target for target in targets if target.parent_id is None])


def _results(units: Collection[int], *, are_classes: bool = False) -> list[dict[str, Any]]:
    """Lines of the acceptances of units, with those of their teachers only where classes are asked for."""
    rows = Acceptance.objects.filter(commitment__unit_id__in=units)
    if not are_classes:
        rows = rows.filter(commitment__staff=None)
    return [row for results in rows.values_list("results", flat=True) for row in results]


def _standing(row: Mapping[str, Any]) -> Standing:
    return Standing(row["reached"], row["counted"], str(Evidence(row["evidence"]).label), row["evidence"])


def _of_province(targets: Sequence[Target]) -> dict[int, Standing]:
    """The province signs with nobody: its standing is that of its districts and own schools together."""
    children = dict(Target.objects.filter(parent__in=targets).values_list("pk", "parent_id"))
    units = set(Target.objects.filter(pk__in=children).values_list("unit_id", flat=True))
    parts: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in _results(units) if units else ():
        if row["target"] in children:
            parts[children[row["target"]]].append(row)
    return {key: _standing(_together(rows)) for key, rows in parts.items()}


def _together(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    names = ("counted", "excepted", "missing", "amount", "reached")
    sums = {name: sum(row[name] for row in rows) for name in names}
    error = sum((row["error"] / 10) ** 2 for row in rows) ** 0.5
    return sums | {"evidence": Outcome(**sums, error=error).evidence.value}


def board_of(acting: Acting) -> list[BoardRow]:
    """The targets of the person's own unit, a teacher's own, both for a team head."""
    rows = targets_visible_to(acting).select_related("unit", "staff", "school_class")
    own = Q(staff__code=acting.user.staff_code or "-") if acting.scope.classes else Q()
    if acting.role != Role.TEACHER:
        own |= Q(unit=acting.unit, staff=None)
    kept = list(rows.filter(own).order_by("-school_year", "field", "pk"))
    subjects = dict(Subject.objects.filter(level="THCS").values_list("field", "name"))
    known = standing_of(kept)
    return [BoardRow(row, holder_name(row), _subject(row, subjects), known[row.pk]) for row in kept]


def _subject(row: Target, subjects: dict[str, str]) -> str:
    points = vi_number((row.threshold or 0) / 100, 1)
    return f"{subjects.get(row.field, row.field)}, từ {points} điểm"


def due_for(acting: Acting, countersigns: Collection[Role]) -> list[Due]:
    """What waits for the person, of each kind the nearest few and how many more; the nearest limit first.

    `countersigns` are the roles that answer for the level above.
    """
    kinds = [
        ("quality:handovers", _handovers(acting)),
        ("quality:commitments", _own_commitments(acting)),
        ("quality:acceptances", _own_acceptances(acting)),
    ]
    if acting.is_one_of(countersigns):
        kinds += [
            ("quality:commitments", _commitments_below(acting)),
            ("quality:acceptances", _acceptances_below(acting)),
        ]
    return [one for route, dues in kinds for one in _few(route, dues)]


def _few(route: str, dues: list[Due]) -> list[Due]:
    dues.sort(key=lambda one: (one.by or date.max, one.text))
    if len(dues) <= MOST_DUE:
        return dues
    return [*dues[:MOST_DUE], Due(f"và {len(dues) - MOST_DUE} việc như vậy nữa", reverse(route), None)]


def _handovers(acting: Acting) -> list[Due]:
    rows = handovers_visible_to(acting).filter(
        receiver__code=acting.user.staff_code or "-", state__in=Handover.RECEIVERS_TURN
    )
    return [
        Due(
            f"Nhận bàn giao lớp {row.school_class.name}, {row.subject.name}",
            row.get_absolute_url(),
            row.answer_by,
        )
        for row in rows.select_related("school_class", "subject").defer(*HEAVY)
    ]


def _own_commitments(acting: Acting) -> list[Due]:
    states = (Commitment.State.DRAFT, Commitment.State.RETURNED)
    rows = commitments_visible_to(acting).filter(_held_by(acting), state__in=states)
    return [
        Due(f"Kí bản cam kết: {_holder(row)}", row.get_absolute_url(), row.sign_by)
        for row in rows.select_related("staff", "unit")
    ]


def _own_acceptances(acting: Acting) -> list[Due]:
    rows = acceptances_visible_to(acting).filter(
        _held_by(acting, "commitment__"), state=Acceptance.State.PROPOSED
    )
    return [
        Due(f"Kí biên bản nghiệm thu: {_holder(row.commitment)}", row.get_absolute_url(), row.answer_by)
        for row in rows.select_related("commitment__staff", "commitment__unit")
    ]


def _held_by(acting: Acting, prefix: str = "") -> Q:
    """What the person holds himself, and, where he heads it, what his unit does."""
    own = Q(**{f"{prefix}staff__code": acting.user.staff_code or "-"})
    if acting.role in HEADS:
        own |= Q(**{f"{prefix}staff": None, f"{prefix}unit": acting.unit})
    return own


def _commitments_below(acting: Acting) -> list[Due]:
    rows = commitments_visible_to(acting).filter(state=Commitment.State.SIGNED)
    return [
        Due(f"Kí nhận cam kết: {_holder(row)}", row.get_absolute_url(), row.sign_by)
        for row in rows.select_related("staff", "unit")[:MOST_COUNTED]
    ]


def _acceptances_below(acting: Acting) -> list[Due]:
    """Of those below him; his own unit's waits for somebody else."""
    states = (Acceptance.State.PREPARED, Acceptance.State.DISPUTED)
    rows = acceptances_visible_to(acting).filter(state__in=states)
    rows = rows.exclude(commitment__staff=None, commitment__unit=acting.unit)
    return [
        Due(f"Kết luận nghiệm thu: {_holder(row.commitment)}", row.get_absolute_url(), row.answer_by)
        for row in rows.select_related("commitment__staff", "commitment__unit")[:MOST_COUNTED]
    ]


def _holder(commitment: Commitment) -> str:
    return commitment.staff.full_name if commitment.staff else commitment.unit.name
