"""The act of handing over a class's quality: issued, accepted or disputed, ruled on, in force."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from thucchat.web.ledger.actions.recording import Entry, record_event, record_events
from thucchat.web.org.models import User
from thucchat.web.quality.models import Handover, HandoverCorrection
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.history import because

ANSWER_DAYS = 7  # to answer a handover, unless its campaign says otherwise
State = Handover.State


@transaction.atomic
def issue_handover(handover_id: int, *, by: User, at: datetime, days: int = ANSWER_DAYS) -> Handover:
    """The principal puts the measured state before the receiver. Raises RuleBroken `handover.state`."""
    handover = _locked(handover_id)
    handover.move_to(State.ISSUED)
    return _saved(handover, "Phát hành biên bản bàn giao", by=by, at=at, answer_by=_limit(at, days))


@transaction.atomic
def accept_handover(handover_id: int, *, by: User, at: datetime) -> Handover:
    """The receiver takes the class as measured.

    Raises RuleBroken: `handover.not_receiver`, `handover.state`.
    """
    handover = _locked(handover_id)
    _only_receiver(handover, by)
    handover.move_to(State.ACCEPTED)
    return _saved(handover, "Nhận bàn giao", by=by, at=at, closed_at=at)


@transaction.atomic
def dispute_handover(handover_id: int, objection: str, *, by: User, at: datetime) -> Handover:
    """The receiver says which pupils or figures are wrong, and on what grounds, while the time runs.

    Raises RuleBroken: `handover.not_receiver`, `handover.state`, `handover.no_reason`, `handover.late`.
    """
    handover = _locked(handover_id)
    _only_receiver(handover, by)
    if not objection.strip():
        raise RuleBroken("handover.no_reason", "Hãy nêu rõ học sinh nào, số liệu nào và căn cứ.")
    if handover.answer_by and timezone.localdate(at) > handover.answer_by:
        raise RuleBroken("handover.late", f"Đã quá hạn trả lời {handover.answer_by:%d/%m/%Y}.")
    handover.move_to(State.DISPUTED)
    return _saved(handover, "Chưa đồng ý biên bản bàn giao", by=by, at=at, objection=objection.strip())


@transaction.atomic
def order_retest(handover_id: int, *, by: User, at: datetime, days: int = ANSWER_DAYS) -> Handover:
    """The principal has the disputed pupils tested again. Raises RuleBroken `handover.state`."""
    handover = _locked(handover_id)
    handover.move_to(State.RETEST)
    return _saved(handover, "Cho khảo sát lại", by=by, at=at, answer_by=_limit(at, days))


@transaction.atomic
def rule_on_handover(
    handover_id: int,
    ruling: str,
    corrections: Mapping[int, tuple[int | None, int | None]],
    *,
    by: User,
    at: datetime,
    days: int = ANSWER_DAYS,
) -> Handover:
    """The principal adjusts pupils (score and error, hundredths) on evidence, or upholds with no corrections.

    Raises RuleBroken: `handover.state`, `handover.no_reason`, `handover.stranger`.
    """
    handover = _locked(handover_id)
    if not ruling.strip():
        raise RuleBroken("handover.no_reason", "Hãy nêu căn cứ của kết luận.")
    if corrections.keys() - set(handover.pupils):
        raise RuleBroken("handover.stranger", "Có học sinh không thuộc biên bản này.")
    handover.move_to(State.ADJUSTED if corrections else State.UPHELD)
    HandoverCorrection.objects.bulk_create(
        HandoverCorrection(
            handover=handover, pupil_id=pupil, score=score, error=error, evidence=ruling.strip()[:500],
            by=by, at=at, unit_path=handover.unit_path,
        )
        for pupil, (score, error) in corrections.items()
    )  # fmt: skip
    limit = _limit(at, days)
    return _saved(
        handover, "Kết luận về biên bản bàn giao", by=by, at=at, ruling=ruling.strip(), answer_by=limit
    )


@transaction.atomic
def let_handovers_lapse(*, on: date, at: datetime) -> int:
    """Acts that nobody answered in time come into force as measured; how many."""
    waiting = Handover.objects.select_for_update().filter(state__in=Handover.RECEIVERS_TURN, answer_by__lt=on)
    rows = list(waiting.values_list("pk", "unit_path"))
    with because("Hết hạn trả lời"):
        Handover.objects.filter(pk__in=[pk for pk, _ in rows]).update(state=State.LAPSED, closed_at=at)
    label = Handover._meta.label_lower  # noqa: SLF001  Django's documented door
    entries = [Entry("handover.lapsed", label, pk, path) for pk, path in rows]
    return record_events(entries, by=None, at=at)


def _locked(handover_id: int) -> Handover:
    return Handover.objects.select_for_update(of=("self",)).select_related("receiver").get(pk=handover_id)


def _only_receiver(handover: Handover, by: User) -> None:
    if not by.staff_code or handover.receiver.code != by.staff_code:
        raise RuleBroken("handover.not_receiver", "Chỉ giáo viên nhận bàn giao được trả lời biên bản này.")


def _limit(at: datetime, days: int) -> date:
    return timezone.localdate(at) + timedelta(days=days)


def _saved(handover: Handover, reason: str, *, by: User, at: datetime, **values: object) -> Handover:
    """Save the move, and record it in the same transaction."""
    for name, value in values.items():
        setattr(handover, name, value)
    with because(reason):
        handover.save(update_fields=["state", *values])
    kind = f"handover.{handover.state}"
    record_event(kind, handover, by=by, at=at, unit_path=handover.unit_path)
    return handover
