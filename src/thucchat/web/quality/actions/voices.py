"""A holder answers a target: takes it, or asks for another amount; the level above answers that."""

from datetime import datetime

from django.db import transaction

from thucchat.web.ledger.actions.recording import record_event
from thucchat.web.org.models import User
from thucchat.web.people.queries.holders import answers_for
from thucchat.web.quality.models import Target, TargetVoice
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.history import because

State, Kind = Target.State, TargetVoice.Kind


@transaction.atomic
def agree_to_target(target_id: int, *, by: User, at: datetime) -> Target:
    """Raises RuleBroken: `target.not_holder`, `target.state`."""
    target = _locked(target_id)
    _only_holder(target, by)
    target.move_to(State.AGREED)
    return _saved(target, Kind.AGREED, "", by=by, at=at)


@transaction.atomic
def counter_target(target_id: int, amount: int, reason: str, *, by: User, at: datetime) -> Target:
    """Ask for another amount; the one given stands until the level above answers.

    Raises RuleBroken: `target.not_holder`, `target.state`, `target.no_reason`, `target.amount`.
    """
    target = _locked(target_id)
    _only_holder(target, by)
    if not reason.strip():
        raise RuleBroken("target.no_reason", "Hãy nêu lý do đề nghị mức khác.")
    if not 0 <= amount <= target.pupils:
        raise RuleBroken("target.amount", f"Mức đề nghị phải từ 0 đến {target.pupils} học sinh.")
    target.move_to(State.COUNTERED)
    return _saved(target, Kind.COUNTERED, reason.strip(), by=by, at=at, asked=amount)


@transaction.atomic
def keep_target(target_id: int, reason: str, *, by: User, at: datetime) -> Target:
    """The level above keeps the amount given, with a reason: children go on adding up to their parent.

    Raises RuleBroken: `target.state`, `target.no_reason`.
    """
    target = _locked(target_id)
    if not reason.strip():
        raise RuleBroken("target.no_reason", "Hãy nêu lý do giữ mức đã giao.")
    target.move_to(State.PROPOSED)
    return _saved(target, Kind.PROPOSED, reason.strip(), by=by, at=at)


def _locked(target_id: int) -> Target:
    rows = Target.objects.select_for_update(of=("self",)).select_related("staff", "unit")
    return rows.get(pk=target_id)


def _only_holder(target: Target, by: User) -> None:
    if not answers_for(by, target.staff, target.unit_id):
        raise RuleBroken("target.not_holder", "Chỉ người được giao chỉ tiêu được trả lời.")


def _saved(
    target: Target, kind: TargetVoice.Kind, reason: str, *, by: User, at: datetime, asked: int | None = None
) -> Target:
    with because(reason or kind.label):
        target.save(update_fields=["state"])
    amount = target.amount if asked is None else asked
    TargetVoice.objects.create(
        target=target, kind=kind, amount=amount, reason=reason, by=by, at=at, unit_path=target.unit_path
    )
    record_event(f"target.{kind}", target, by=by, at=at, unit_path=target.unit_path, amount=amount)
    return target
