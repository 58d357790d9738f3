"""Commitments are drawn up from targets, signed by who promises, received by who is promised to."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from thucchat.engine.custody.canonical import fingerprint
from thucchat.web.ledger.actions.recording import Entry, record_event, record_events
from thucchat.web.org.models import SchoolYear, Unit, User
from thucchat.web.people.queries.holders import answers_for
from thucchat.web.quality.models import Commitment, Target, TargetVoice
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.history import because

State, Level = Commitment.State, Commitment.Level
BATCH = 1_000
LEVELS = {
    Unit.Kind.TEAM: Level.TEAM,
    Unit.Kind.SCHOOL: Level.SCHOOL,
    Unit.Kind.DISTRICT: Level.DISTRICT,
    Unit.Kind.COMMUNE: Level.DISTRICT,
}  # of who promises for a unit; the province promises to nobody here


@transaction.atomic
def draw_up(year: SchoolYear, *, sign_by: date, by: User | None, at: datetime) -> int:
    """A draft for every teacher, team, school and district with targets; returns how many are new."""
    targets = Target.objects.filter(school_year=year).select_related("unit").order_by("unit_path", "pk")
    holders: dict[tuple[str, int, int | None], list[Target]] = defaultdict(list)
    for target in targets.iterator(chunk_size=BATCH):
        if level := _level_of(target):
            holders[level, target.unit_id, target.staff_id].append(target)
    known = set(Commitment.objects.filter(school_year=year).values_list("level", "unit_id", "staff_id"))
    rows = [
        Commitment(
            school_year=year, level=level, unit_id=unit, staff_id=staff, content=_content(own),
            sign_by=sign_by, unit_path=own[0].unit.unit_path,
        )
        for (level, unit, staff), own in holders.items()
        if (level, unit, staff) not in known
    ]  # fmt: skip
    made = Commitment.objects.bulk_create(rows, batch_size=BATCH)
    return _record_all("drawn_up", made, by=by, at=at)


def _level_of(target: Target) -> str | None:
    if target.staff_id:
        return Level.TEACHER
    return LEVELS.get(Unit.Kind(target.unit.kind))


def _content(targets: Iterable[Target]) -> list[dict[str, int | str | None]]:
    """The targets as they stand; whoever changes them later changes nothing here."""
    return [
        {
            "target": one.pk,
            "field": one.field,
            "threshold": one.threshold,
            "class": one.school_class_id,
            "pupils": one.pupils,
            "amount": one.amount,
            "expected": round(one.expected * 10),  # tenths of a pupil
            "chance": None if one.chance is None else round(one.chance * 100),  # percent
        }
        for one in targets
    ]


@transaction.atomic
def sign_commitment(commitment_id: int, measures: str, *, by: User, at: datetime) -> Commitment:
    """The holder signs; his targets are fixed from now on.

    Raises RuleBroken: `commitment.not_holder`, `commitment.state`, `commitment.countered` while he asks for
    another amount.
    """
    found = _locked(commitment_id)
    _only_holder(found, by)
    targets = Target.objects.select_for_update().filter(pk__in=[row["target"] for row in found.content])
    if targets.filter(state=Target.State.COUNTERED).exists():
        raise RuleBroken("commitment.countered", "Còn chỉ tiêu đang đề nghị mức khác; hãy chờ thống nhất.")
    found.move_to(State.SIGNED)
    found.content = _content(targets.order_by("pk"))
    found.measures, found.signed_by, found.signed_at = measures.strip(), by, at
    found.content_hash = fingerprint(found.content)
    with because("Kí cam kết"):
        found.save()
    record_event(
        "commitment.signed", found, by=by, at=at, unit_path=found.unit_path, content=found.content_hash
    )
    return found


@transaction.atomic
def receive_commitment(commitment_id: int, *, by: User, at: datetime) -> Commitment:
    """The level above countersigns; the targets are signed for good.

    Raises RuleBroken: `commitment.state`, `commitment.same_person`.
    """
    found = _locked(commitment_id)
    if found.signed_by_id == by.pk:
        raise RuleBroken("commitment.same_person", "Người cam kết không tự kí nhận.")
    found.move_to(State.IN_FORCE)
    found.received_by, found.received_at = by, at
    with because("Kí nhận cam kết"):
        found.save(update_fields=["state", "received_by", "received_at"])
    _sign_targets([found], by=by, at=at)
    record_event("commitment.in_force", found, by=by, at=at, unit_path=found.unit_path)
    return found


@transaction.atomic
def return_commitment(commitment_id: int, why: str, *, by: User, at: datetime) -> Commitment:
    """The level above sends it back. Raises RuleBroken: `commitment.state`, `commitment.no_reason`."""
    found = _locked(commitment_id)
    if not why.strip():
        raise RuleBroken("commitment.no_reason", "Hãy nêu chỗ cần sửa.")
    found.move_to(State.RETURNED)
    found.returned_why = why.strip()
    with because("Trả lại cam kết"):
        found.save(update_fields=["state", "returned_why"])
    record_event("commitment.returned", found, by=by, at=at, unit_path=found.unit_path)
    return found


@transaction.atomic
def put_in_force(year: SchoolYear, *, by: User | None, at: datetime) -> int:
    """Signatures given on paper: every draft of the year comes into force; returns how many."""
    rows = list(Commitment.objects.select_for_update().filter(school_year=year, state=State.DRAFT))
    for row in rows:
        row.move_to(State.SIGNED)
        row.content_hash = fingerprint(row.content)
        row.signed_at = at
        row.move_to(State.IN_FORCE)
        row.received_at = at
    names = ["state", "content_hash", "signed_at", "received_at"]
    with because("Kí trên giấy"):
        Commitment.objects.bulk_update(rows, names, batch_size=BATCH)
    _sign_targets(rows, by=by, at=at)
    return _record_all("in_force", rows, by=by, at=at)


def _sign_targets(commitments: list[Commitment], *, by: User | None, at: datetime) -> None:
    keys = [row["target"] for one in commitments for row in one.content]
    targets = list(Target.objects.filter(pk__in=keys))
    for target in targets:
        if target.state == Target.State.PROPOSED:
            target.move_to(Target.State.AGREED)
        if target.state == Target.State.AGREED:
            target.move_to(Target.State.SIGNED)
    Target.objects.bulk_update(targets, ["state"], batch_size=BATCH)
    TargetVoice.objects.bulk_create(
        [
            TargetVoice(
                target=one,
                kind=TargetVoice.Kind.SIGNED,
                amount=one.amount,
                by=by,
                at=at,
                unit_path=one.unit_path,
            )
            for one in targets
        ],
        batch_size=BATCH,
    )


def _locked(commitment_id: int) -> Commitment:
    rows = Commitment.objects.select_for_update(of=("self",)).select_related("unit", "staff")
    return rows.get(pk=commitment_id)


def _only_holder(found: Commitment, by: User) -> None:
    if not answers_for(by, found.staff, found.unit_id):
        raise RuleBroken("commitment.not_holder", "Chỉ người cam kết được kí bản cam kết này.")


def _record_all(act: str, rows: list[Commitment], *, by: User | None, at: datetime) -> int:
    label = Commitment._meta.label_lower  # noqa: SLF001  Django's documented door
    entries = [Entry(f"commitment.{act}", label, row.pk, row.unit_path) for row in rows]
    return record_events(entries, by=by, at=at)
