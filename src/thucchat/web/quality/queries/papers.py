"""Commitments and acceptances as their pages and papers show them."""

from datetime import date

from thucchat.engine.documents.forms.acceptance_minute import (
    AcceptanceMinute,
    AcceptedTarget,
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
from thucchat.web.org.queries.letterheads import letterhead
from thucchat.web.people.queries.signers import head_name, signature_of
from thucchat.web.quality.models import Acceptance, Commitment, Evidence
from thucchat.web.quality.queries.names import target_names

PROVINCE_OFFICE = "Sở Giáo dục và Đào tạo"


def holder_of(commitment: Commitment) -> str:
    """Who promises, with his office."""
    if commitment.staff:
        return f"{commitment.staff.full_name}, giáo viên {commitment.unit.name}"
    return f"người đứng đầu {commitment.unit.name}"


def receiver_of(commitment: Commitment) -> str:
    """To whom is promised."""
    if commitment.staff:
        return f"Hiệu trưởng {commitment.unit.name}"
    above = commitment.unit.parent
    return above.name if above else PROVINCE_OFFICE


def promised(commitment: Commitment) -> tuple[PromisedTarget, ...]:
    """The targets as they stand in the paper."""
    names = target_names(commitment.content)
    return tuple(
        PromisedTarget(
            names[row["target"]], row["pupils"], row["expected"] / 10, row["amount"], row["chance"]
        )
        for row in commitment.content
    )


def commitment_paper(commitment: Commitment) -> CommitmentPaper:
    """What is printed and signed."""
    root = latest_root()
    return CommitmentPaper(
        holder_of(commitment),
        receiver_of(commitment),
        commitment.school_year_id,
        promised(commitment),
        commitment.measures,
        commitment.content_hash,
        root.printed if root else "",
        level=Level(commitment.level),
    )


def accepted(acceptance: Acceptance) -> tuple[AcceptedTarget, ...]:
    """Each target with what was reached."""
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
            str(Evidence(row["evidence"]).label),
        )
        for row in acceptance.results
    )


def acceptance_minute(acceptance: Acceptance) -> AcceptanceMinute:
    """What both sides sign."""
    root, commitment = latest_root(), acceptance.commitment
    holder, objection = holder_of(commitment), acceptance.objection
    return AcceptanceMinute(
        holder,
        receiver_of(commitment),
        commitment.school_year_id,
        "kết quả khảo sát cuối năm",
        accepted(acceptance),
        acceptance.conclusion,
        (Dispute(holder[0].upper() + holder[1:], objection),) if objection else (),
        acceptance.content_hash,
        root.printed if root else "",
    )


def commitment_document_of(commitment: Commitment, day: date) -> Document:
    """The paper that both sign."""
    subject = f"Chất lượng giáo dục năm học {commitment.school_year_id}"
    head = letterhead(commitment.unit, "BẢN CAM KẾT", subject, day)
    return commitment_document(commitment_paper(commitment), head, signatures_of(commitment))


def acceptance_document_of(acceptance: Acceptance, day: date) -> Document:
    """The minute that both sign."""
    commitment = acceptance.commitment
    subject = f"Nghiệm thu chất lượng giáo dục năm học {commitment.school_year_id}"
    head = letterhead(commitment.unit, "BIÊN BẢN", subject, day)
    return acceptance_document(acceptance_minute(acceptance), head, signatures_of(commitment))


def signatures_of(commitment: Commitment) -> tuple[Signature, Signature]:
    """Who promises and who receives, each by name where the staff list tells it."""
    unit, above = commitment.unit, commitment.unit.parent
    if commitment.staff:
        return Signature(("Người cam kết",), commitment.staff.full_name), signature_of(unit)
    return signature_of(unit), Signature(("Đại diện cấp trên",), head_name(above) if above else "")
