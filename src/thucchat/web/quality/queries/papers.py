"""Commitments and acceptances as their pages and papers show them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from thucchat.engine.documents.forms.acceptance_minute import AcceptanceMinute, AcceptedTarget, Dispute
from thucchat.engine.documents.forms.commitment import CommitmentPaper, Level, PromisedTarget
from thucchat.engine.documents.tree import Letterhead, Signature
from thucchat.engine.vietnamese import vi_number
from thucchat.web.ledger.queries.roots import latest_root
from thucchat.web.org.models import Unit
from thucchat.web.people.models import SchoolClass, Subject
from thucchat.web.quality.models import Acceptance, Commitment, Evidence

PROVINCE_OFFICE = "Sở Giáo dục và Đào tạo"


def target_names(rows: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """What each target is called: subject, class, threshold; by key of the target."""
    kept = list(rows)
    fields = dict(Subject.objects.filter(level="THCS").values_list("field", "name"))
    classes = SchoolClass.objects.in_bulk([row["class"] for row in kept if row["class"]])
    found = {}
    for row in kept:
        where = classes.get(row["class"])
        place = f", lớp {where.name}" if where else ""
        points = vi_number(row["threshold"] / 100, 1)
        found[row["target"]] = f"{fields.get(row['field'], row['field'])}{place}: từ {points} điểm trở lên"
    return found


def holder_of(commitment: Commitment) -> str:
    """Who promises, with his office."""
    if commitment.staff:
        return f"{commitment.staff.full_name}, giáo viên {commitment.unit.name}"
    unit = commitment.unit
    if unit.kind == Unit.Kind.TEAM and unit.parent:
        return f"người đứng đầu {unit.name}, {unit.parent.name}"
    return f"người đứng đầu {unit.name}"


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


def head_of(commitment: Commitment, kind: str, number: str, day: date) -> Letterhead:
    """First lines of a paper about a commitment, of the unit it belongs to."""
    unit = commitment.unit
    parent = unit.parent.name if unit.parent else ""
    subject = f"Chất lượng giáo dục năm học {commitment.school_year_id}"
    return Letterhead(parent, unit.name, number, "", day, kind, subject)


def signatures_of(commitment: Commitment) -> tuple[Signature, ...]:
    """Who promises and who receives."""
    name = commitment.staff.full_name if commitment.staff else ""
    office = "Người cam kết" if commitment.staff else "Người đứng đầu đơn vị"
    is_school = commitment.unit.kind == Unit.Kind.SCHOOL
    above = "Hiệu trưởng" if commitment.staff and is_school else "Đại diện cấp trên"
    return Signature((office,), name), Signature((above,))
