"""Decisions of two persons: proposed, approved or refused by another, used once."""

from datetime import datetime, timedelta

from django.db import transaction

from thucchat.engine.custody.canonical import fingerprint
from thucchat.web.ledger.actions.recording import Actor, record_event
from thucchat.web.ledger.models import Decision
from thucchat.web.shared.errors import RuleBroken

LIFE = timedelta(hours=24)
State = Decision.State


@transaction.atomic
def propose(
    kind: Decision.Kind,
    content: object,
    *,
    summary: str,
    reason: str,
    by: Actor,
    role: str,
    at: datetime,
    unit_path: str,
) -> Decision:
    """Ask leave for exactly `content` (anything canonical text can hold). RuleBroken `decision.reason`."""
    if not reason.strip():
        raise RuleBroken("decision.reason", "Hãy nêu lý do của đề nghị.")
    decision = Decision.objects.create(
        kind=kind,
        content=fingerprint(content),
        summary=summary,
        reason=reason.strip(),
        proposer_id=by.pk,
        proposer_role=role,
        proposed_at=at,
        expires_at=at + LIFE,
        unit_path=unit_path,
    )
    return _recorded(decision, "proposed", by, at)


@transaction.atomic
def approve(decision_id: int, *, by: Actor, role: str, at: datetime) -> Decision:
    """RuleBroken: `decision.same_person`, `decision.same_duty`, `decision.expired`, `decision.state`."""
    return _decide(decision_id, State.APPROVED, by=by, role=role, at=at)


@transaction.atomic
def refuse(decision_id: int, answer: str, *, by: Actor, role: str, at: datetime) -> Decision:
    """As `approve`; also raises RuleBroken `decision.reason` without an answer."""
    if not answer.strip():
        raise RuleBroken("decision.reason", "Hãy nêu lý do không duyệt.")
    return _decide(decision_id, State.REFUSED, by=by, role=role, at=at, answer=answer.strip())


@transaction.atomic
def consume(kind: Decision.Kind, content: object, *, decision_id: int, by: Actor, at: datetime) -> Decision:
    """Use up the leave, in the transaction of the act itself.

    Raises RuleBroken: `decision.other` when leave was given for something else, `decision.expired`,
    `decision.state` when it was not approved or was used before.
    """
    decision = Decision.objects.select_for_update().get(pk=decision_id)
    if (decision.kind, decision.content) != (kind, fingerprint(content)):
        raise RuleBroken("decision.other", "Nội dung thực hiện khác với nội dung đã duyệt.")
    decision.move_to(State.USED)
    decision.must_be_fresh(at)
    decision.used_at = at
    decision.save(update_fields=["state", "used_at"])
    return _recorded(decision, "used", by, at)


def _decide(
    decision_id: int, state: Decision.State, *, by: Actor, role: str, at: datetime, answer: str = ""
) -> Decision:
    decision = Decision.objects.select_for_update().get(pk=decision_id)
    if decision.proposer_id == by.pk:
        raise RuleBroken("decision.same_person", "Người đề nghị không được tự duyệt.")
    if decision.proposer_role == role:
        raise RuleBroken("decision.same_duty", "Người duyệt phải thuộc bộ phận khác với người đề nghị.")
    decision.move_to(state)
    decision.must_be_fresh(at)
    decision.approver_id, decision.approver_role = by.pk, role
    decision.answer, decision.decided_at = answer, at
    decision.save(update_fields=["state", "approver_id", "approver_role", "answer", "decided_at"])
    return _recorded(decision, state.value, by, at)


def _recorded(decision: Decision, act: str, by: Actor, at: datetime) -> Decision:
    facts = {"act": decision.kind, "content": decision.content}
    record_event(f"decision.{act}", decision, by=by, at=at, unit_path=decision.unit_path, **facts)
    return decision
