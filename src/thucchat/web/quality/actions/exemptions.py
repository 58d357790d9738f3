"""Pupils whose results do not count for a commitment: asked with evidence, agreed to by another person."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from thucchat.web.ledger.actions.recording import record_event
from thucchat.web.org.models import User
from thucchat.web.people.models import Pupil
from thucchat.web.people.queries.holders import answers_for
from thucchat.web.quality.models import Acceptance, Commitment, Exemption, Target
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.history import because


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a pupil is not to count."""

    reason: Exemption.Reason
    evidence: str


@transaction.atomic
def ask_exemption(commitment_id: int, pupil: Pupil, ground: Ground, *, by: User, at: datetime) -> Exemption:
    """Who promised asks; nothing changes until somebody else agrees.

    Raises RuleBroken: `exemption.not_holder`, `exemption.late` once results are drawn up,
    `exemption.stranger` when no target is about the pupil, `exemption.no_evidence`, `exemption.twice`.
    """
    found = (
        Commitment.objects.select_for_update(of=("self",))
        .select_related("unit", "staff")
        .get(pk=commitment_id)
    )
    if not answers_for(by, found.staff, found.unit_id):
        raise RuleBroken("exemption.not_holder", "Chỉ người cam kết được đề nghị không tính học sinh.")
    _before_acceptance(found)
    keys = [row["target"] for row in found.content]
    if not Target.objects.filter(pk__in=keys, pupil_ids__contains=[pupil.pk]).exists():
        raise RuleBroken("exemption.stranger", "Học sinh này không có trong chỉ tiêu của bản cam kết.")
    if not ground.evidence.strip():
        raise RuleBroken("exemption.no_evidence", "Hãy nêu minh chứng: giấy tờ, ngày, nơi cấp.")
    try:
        with transaction.atomic():
            made = Exemption.objects.create(
                commitment=found, pupil=pupil, reason=ground.reason, evidence=ground.evidence.strip(),
                asked_by=by, unit_path=found.unit_path,
            )  # fmt: skip
    except IntegrityError as twice:
        raise RuleBroken("exemption.twice", "Học sinh này đã được đề nghị.") from twice
    record_event("exemption.asked", made, by=by, at=at, unit_path=made.unit_path)
    return made


@transaction.atomic
def agree_exemption(exemption_id: int, *, by: User, at: datetime) -> Exemption:
    """Raises RuleBroken: `exemption.same_person`, `exemption.agreed`, `exemption.late`."""
    rows = Exemption.objects.select_for_update(of=("self",)).select_related("commitment")
    found = rows.get(pk=exemption_id)
    if found.asked_by_id == by.pk:
        raise RuleBroken("exemption.same_person", "Người đề nghị không tự đồng ý.")
    if found.agreed_by_id:
        raise RuleBroken("exemption.agreed", "Đề nghị này đã được đồng ý.")
    _before_acceptance(found.commitment)
    found.agreed_by, found.agreed_at = by, at
    with because("Đồng ý không tính học sinh"):
        found.save(update_fields=["agreed_by", "agreed_at"])
    record_event("exemption.agreed", found, by=by, at=at, unit_path=found.unit_path)
    return found


def _before_acceptance(commitment: Commitment) -> None:
    if Acceptance.objects.filter(commitment=commitment).exists():
        message = "Biên bản nghiệm thu đã lập; hãy nêu trong ý kiến của biên bản."
        raise RuleBroken("exemption.late", message)
