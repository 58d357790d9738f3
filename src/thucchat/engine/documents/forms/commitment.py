"""Commitment to quality (bản cam kết chất lượng) of a teacher, a school or a district."""

from dataclasses import dataclass

from thucchat.engine.documents.root_mark import root_mark
from thucchat.engine.documents.tree import (
    Block,
    Column,
    Document,
    Heading,
    LegalBases,
    Letterhead,
    Paragraph,
    Signature,
    Table,
)


@dataclass(frozen=True, slots=True)
class PromisedTarget:
    """One line of what is promised, in whole pupils."""

    name: str  # Vietnamese: subject, class, what is to be reached
    pupils: int
    expected: float  # pupils, without the promise
    amount: int  # pupils
    chance: int | None  # percent, as told before signing; none where it is not known


@dataclass(frozen=True, slots=True)
class CommitmentPaper:
    """What is signed."""

    holder: str  # name and office
    to: str  # who receives it
    school_year: str
    targets: tuple[PromisedTarget, ...]
    measures: str = ""  # what the holder will do
    content: str = ""  # fingerprint of the targets as signed; empty before
    root: str = ""  # of the ledger, as printed
    bases: tuple[str, ...] = ()


def commitment_document(
    paper: CommitmentPaper, head: Letterhead, signatures: tuple[Signature, ...]
) -> Document:
    """The commitment as a document tree."""
    body: list[Block] = [LegalBases(paper.bases)] if paper.bases else []
    body.append(
        Paragraph(f"Tôi là {paper.holder}, cam kết với {paper.to} về chất lượng năm học {paper.school_year}:")
    )
    body += [Heading("1. Chỉ tiêu cam kết", 1), _targets(paper)]
    body += [Heading("2. Biện pháp thực hiện", 1), Paragraph(paper.measures or "Theo kế hoạch của đơn vị.")]
    body += [Heading("3. Trách nhiệm", 1)]
    body.append(
        Paragraph(
            "Tôi chịu trách nhiệm về kết quả thực hiện cam kết. Học sinh ốm dài ngày, chuyển đi, thôi học có "
            "minh chứng không tính vào kết quả. Chỉ tiêu đã kí không bị sửa; mức tính lại được ghi bên cạnh."
        )
    )
    if paper.content:
        body.append(Paragraph(f"Mã nội dung đã kí: {paper.content}", small=True))
    if paper.root:
        body.append(root_mark(paper.root))
    return Document(head, tuple(body), (), signatures)


def _targets(paper: CommitmentPaper) -> Table:
    columns = (
        Column("TT", 0, 0.5),
        Column("Chỉ tiêu", share=4),
        Column("Số học sinh", 0, 1),
        Column("Dự kiến nếu không thêm biện pháp", 1, 1.4),
        Column("Cam kết (học sinh)", 0, 1.2),
        Column("Khả năng đạt (%)", 0, 1),
    )
    rows = tuple(
        (number, one.name, one.pupils, one.expected, one.amount, one.chance)
        for number, one in enumerate(paper.targets, 1)
    )
    note = "Khả năng đạt: tính từ kết quả khảo sát đầu năm, nếu học sinh giữ nguyên vị thế của mình."
    return Table("Các chỉ tiêu", "Chỉ tiêu", columns, rows, note)
