"""Minute of acceptance (biên bản nghiệm thu chất lượng) of one commitment at the end of the year."""

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
class AcceptedTarget:
    """One target with what was reached of it; numbers are pupils."""

    name: str  # Vietnamese
    promised: int  # as signed
    counted: int  # who count at the end
    excepted: int
    missing: int  # without a result, among those who count
    amount: int  # asked of those who count
    reached: int
    error: float  # standard error of `reached`, from errors of measurement
    evidence: str  # Vietnamese


@dataclass(frozen=True, slots=True)
class AcceptanceMinute:
    """What both sides sign."""

    holder: str
    by: str  # who accepts
    school_year: str
    exam: str  # what measured the result
    targets: tuple[AcceptedTarget, ...]
    conclusion: str = ""
    objection: str = ""
    content: str = ""  # fingerprint of the results
    root: str = ""
    bases: tuple[str, ...] = ()


def acceptance_document(
    minute: AcceptanceMinute, head: Letterhead, signatures: tuple[Signature, ...]
) -> Document:
    """The minute as a document tree."""
    body: list[Block] = [LegalBases(minute.bases)] if minute.bases else []
    body += [Heading("1. Các bên", 1), Paragraph(f"Bên cam kết: {minute.holder}.")]
    body += [Paragraph(f"Bên nghiệm thu: {minute.by}.")]
    body += [Heading("2. Kết quả so với cam kết", 1)]
    body.append(Paragraph(f"Căn cứ {minute.exam} năm học {minute.school_year}.".replace("  ", " ")))
    body += [_results(minute), Paragraph(READING, small=True)]
    body += [Heading("3. Kết luận", 1), Paragraph(minute.conclusion or "Chưa kết luận.")]
    if minute.objection:
        body.append(Paragraph(f"Ý kiến của bên cam kết: {minute.objection}"))
    if minute.content:
        body.append(Paragraph(f"Mã nội dung: {minute.content}", small=True))
    if minute.root:
        body.append(root_mark(minute.root))
    return Document(head, tuple(body), ("Hai bên", "Lưu: VT"), signatures)


READING = (
    "Kết luận “nằm trong sai số” khi sai số của phép đo giải thích được số học sinh còn thiếu. "
    "“Chưa đủ căn cứ” khi quá nhiều học sinh chưa có kết quả; thiếu số liệu không phải là không đạt."
)


def _results(minute: AcceptanceMinute) -> Table:
    columns = (
        Column("Chỉ tiêu", share=3.2),
        Column("Đã kí", 0),
        Column("Số học sinh tính", 0),
        Column("Được trừ", 0, 0.9),
        Column("Chưa có kết quả", 0, 1.1),
        Column("Phải đạt", 0),
        Column("Đạt", 0, 0.8),
        Column("Sai số", 1, 0.8),
        Column("Kết luận", share=1.8),
    )
    rows = tuple(
        (
            one.name, one.promised, one.counted, one.excepted, one.missing, one.amount,
            one.reached if one.counted > one.missing else None, one.error, one.evidence,
        )
        for one in minute.targets
    )  # fmt: skip
    note = "Được trừ: học sinh chuyển đi, thôi học, ốm dài ngày… có minh chứng, hai bên đã đồng ý."
    return Table("Kết quả từng chỉ tiêu", "Nghiệm thu", columns, rows, note)
