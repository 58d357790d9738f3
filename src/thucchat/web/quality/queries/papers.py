"""Commitments and acceptances as their pages and papers show them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from thucchat.engine.documents.forms.acceptance_minute import (
    AcceptanceMinute,
    AcceptedTarget,
    Band,
    Dispute,
    acceptance_document,
)
from thucchat.engine.documents.forms.commitment import (
    CommitmentPaper,
    Level,
    PromisedTarget,
    commitment_document,
)
from thucchat.engine.documents.tree import Document, Signature
from thucchat.web.ledger.queries.roots import latest_root
from thucchat.web.org.queries.letterheads import letterhead, with_school
from thucchat.web.people.queries.signers import head_name, office_of, signature_of
from thucchat.web.quality.models import Acceptance, Commitment, Evidence
from thucchat.web.quality.models.acceptances import NORMAL_95
from thucchat.web.quality.queries.counts import Counts, counts_of, surveys_by
from thucchat.web.quality.queries.excepted import excepted_pupils
from thucchat.web.quality.queries.names import target_names

NOTHING: Mapping[int, Counts] = {}
PROVINCE_OFFICE = "Sở Giáo dục và Đào tạo"


def holder_of(commitment: Commitment) -> str:
    """Who promises, with his office."""
    if commitment.staff:
        return f"{commitment.staff.full_name}, giáo viên {commitment.unit.name}"
    return f"người đứng đầu {with_school(commitment.unit)}"


def receiver_of(commitment: Commitment) -> str:
    """To whom is promised."""
    if commitment.staff:
        return f"Hiệu trưởng {commitment.unit.name}"
    above = commitment.unit.parent
    return above.name if above else PROVINCE_OFFICE


def introduced(commitment: Commitment) -> str:
    """The same by name where a staff list tells it: for a paper, since a list would ask once a row."""
    unit = commitment.unit
    name = "" if commitment.staff else head_name(unit)
    return f"{name}, {office_of(unit).lower()} {with_school(unit)}" if name else holder_of(commitment)


def promised(commitment: Commitment, found: Mapping[int, Counts] = NOTHING) -> tuple[PromisedTarget, ...]:
    """The targets as they stand in the paper, with what was measured where `found` tells it."""
    names = target_names(commitment.content)
    return tuple(
        PromisedTarget(
            names[row["target"]],
            row["pupils"],
            row["expected"] / 10,
            row["amount"],
            row["chance"],
            found.get(row["target"], Counts()).shown_reached,
        )
        for row in commitment.content
    )


def commitment_paper(commitment: Commitment, day: date) -> CommitmentPaper:
    """What is printed and signed on `day`."""
    root, surveys = latest_root(), surveys_by(commitment.school_year, day)
    keys = [row["target"] for row in commitment.content]
    return CommitmentPaper(
        introduced(commitment),
        receiver_of(commitment),
        commitment.school_year_id,
        promised(commitment, counts_of(keys, surveys) if surveys else NOTHING),
        commitment.measures,
        commitment.content_hash,
        root.printed if root else "",
        level=Level(commitment.level),
    )


def accepted(acceptance: Acceptance, found: Mapping[int, Counts] = NOTHING) -> tuple[AcceptedTarget, ...]:
    """Each target with what was reached, and what it started from where `found` tells it."""
    names = target_names(acceptance.results)
    return tuple(
        AcceptedTarget(
            names[row["target"]],
            row["promised"],
            row["counted"],
            row["excepted"],
            row["missing"],
            row["amount"],
            row["reached"],
            row["error"] / 10,
            _shown(row),
            found.get(row["target"], Counts()).shown_began,
        )
        for row in acceptance.results
    )


def _shown(row: Mapping[str, Any]) -> str:
    """The conclusion in words; clearly met when by more than the error of measurement."""
    evidence = Evidence(row["evidence"])
    is_clear = row["reached"] - row["amount"] > NORMAL_95 * row["error"] / 10
    return Band.CLEAR if evidence == Evidence.MET and is_clear else str(evidence.label)


def acceptance_minute(acceptance: Acceptance) -> AcceptanceMinute:
    """What both sides sign."""
    root, commitment = latest_root(), acceptance.commitment
    holder, objection = introduced(commitment), acceptance.objection
    surveys = surveys_by(commitment.school_year, date.max)
    keys = [row["target"] for row in acceptance.results]
    return AcceptanceMinute(
        holder,
        receiver_of(commitment),
        commitment.school_year_id,
        "kết quả khảo sát cuối năm",
        accepted(acceptance, counts_of(keys, surveys) if surveys else NOTHING),
        acceptance.conclusion,
        (Dispute(holder[0].upper() + holder[1:], objection),) if objection else (),
        acceptance.content_hash,
        root.printed if root else "",
        exceptions=excepted_pupils(acceptance, surveys.now.opens_on) if surveys else (),
    )


def commitment_document_of(commitment: Commitment, day: date) -> Document:
    """The paper that both sign."""
    subject = f"Chất lượng giáo dục năm học {commitment.school_year_id}"
    signed_on = timezone.localdate(commitment.signed_at) if commitment.signed_at else day
    head = letterhead(commitment.unit, "BẢN CAM KẾT", subject, signed_on)
    return commitment_document(commitment_paper(commitment, signed_on), head, signatures_of(commitment))


def acceptance_document_of(acceptance: Acceptance, day: date) -> Document:
    """The minute that both sign."""
    commitment = acceptance.commitment
    subject = f"Nghiệm thu chất lượng giáo dục năm học {commitment.school_year_id}"
    signed_on = timezone.localdate(acceptance.closed_at) if acceptance.closed_at else day
    head = letterhead(commitment.unit, "BIÊN BẢN", subject, signed_on)
    return acceptance_document(acceptance_minute(acceptance), head, signatures_of(commitment))


def signatures_of(commitment: Commitment) -> tuple[Signature, Signature]:
    """Who promises and who receives, each by name where the staff list tells it."""
    unit, above = commitment.unit, commitment.unit.parent
    if commitment.staff:
        return Signature(("Người cam kết",), commitment.staff.full_name), signature_of(unit)
    return signature_of(unit), Signature(("Đại diện cấp trên",), head_name(above) if above else "")
