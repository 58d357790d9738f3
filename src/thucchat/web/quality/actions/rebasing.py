"""A signed target after a shock: what was signed stays, a re-based amount stands beside it, also above."""

from datetime import datetime

from django.db import transaction

from thucchat.web.ledger.actions.recording import record_event
from thucchat.web.org.models import User
from thucchat.web.people.models import Enrolment
from thucchat.web.people.queries.holders import answers_for
from thucchat.web.quality.models import Target, TargetVoice
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.history import because


@transaction.atomic
def rebase_target(target_id: int, amount: int, reason: str, *, by: User | None, at: datetime) -> Target:
    """Re-base the target of a class; those above move by as much, so that re-based amounts add up too.

    Raises RuleBroken: `target.state` unless it is signed, `target.not_class`, `target.same_person` for its
    holder, `target.no_reason`, `target.amount`.
    """
    rows = Target.objects.select_for_update(of=("self",)).select_related("staff", "unit")
    found = rows.get(pk=target_id)
    _may_rebase(found, amount, reason, by)
    change = amount - _standing(found)
    chain: Target | None = found
    while chain is not None:
        chain.rebased = _standing(chain) + change
        with because(reason.strip()):
            chain.save(update_fields=["rebased"])
        TargetVoice.objects.create(
            target=chain, kind=TargetVoice.Kind.REBASED, amount=chain.rebased, reason=reason.strip(), by=by,
            at=at, unit_path=chain.unit_path,
        )  # fmt: skip
        above = chain.parent_id or 0
        chain = rows.filter(pk=above, state=Target.State.SIGNED).first()
    record_event("target.rebased", found, by=by, at=at, unit_path=found.unit_path, amount=amount)
    return found


def remaining_amount(target: Target) -> int:
    """What is asked of the pupils who are still in the class of a target."""
    still = Enrolment.objects.filter(
        pupil_id__in=target.pupil_ids, school_class=target.school_class_id, days__upper_inf=True
    )
    kept = set(still.values_list("pupil_id", flat=True))
    return sum(aim for key, aim in zip(target.pupil_ids, target.aims, strict=True) if key in kept)


def _standing(target: Target) -> int:
    return target.amount if target.rebased is None else target.rebased


def _may_rebase(target: Target, amount: int, reason: str, by: User | None) -> None:
    if target.state != Target.State.SIGNED:
        raise RuleBroken("target.state", "Chỉ tính lại chỉ tiêu đã kí; chưa kí thì đề nghị mức khác.")
    if target.school_class_id is None:
        raise RuleBroken("target.not_class", "Hãy tính lại ở chỉ tiêu của lớp; các cấp trên tự cộng lại.")
    if by is not None and answers_for(by, target.staff, target.unit_id) and target.staff_id:
        raise RuleBroken("target.same_person", "Người cam kết không tự tính lại chỉ tiêu của mình.")
    if not reason.strip():
        raise RuleBroken("target.no_reason", "Hãy nêu lý do tính lại: chuyển trường, sáp nhập, thiên tai.")
    if not 0 <= amount <= target.pupils:
        raise RuleBroken("target.amount", f"Mức tính lại phải từ 0 đến {target.pupils} học sinh.")
