"""Minute of a monthly quality review (biên bản rà soát chất lượng tháng)."""

from dataclasses import dataclass

from thucchat.engine.documents.root_mark import root_mark
from thucchat.engine.documents.tree import (
    Block,
    Column,
    Document,
    Heading,
    Letterhead,
    Paragraph,
    Signature,
    Table,
)


@dataclass(frozen=True, slots=True)
class AgreedAction:
    """What somebody will do."""

    cause: str
    what: str
    owner: str
    due: str
    state: str


@dataclass(frozen=True, slots=True)
class ReviewMinute:
    """One meeting."""

    unit: str
    month: str  # 10/2024
    held: str  # day, or empty before the meeting
    present: int | None
    agenda: tuple[str, ...]
    conclusion: str
    actions: tuple[AgreedAction, ...]
    root: str = ""


def review_document(minute: ReviewMinute, head: Letterhead, signatures: tuple[Signature, ...]) -> Document:
    """The minute as a document tree."""
    when = f"Họp ngày {minute.held}, có {minute.present} người dự." if minute.held else "Chưa họp."
    body: list[Block] = [Paragraph(f"{minute.unit} rà soát chất lượng tháng {minute.month}. {when}")]
    body.append(Heading("1. Nội dung rà soát", 1))
    body += [Paragraph(f"{number}. {text}") for number, text in enumerate(minute.agenda, 1)]
    if not minute.agenda:
        body.append(Paragraph("Không có chỉ tiêu nào đáng ngại, không còn việc tồn."))
    body += [Heading("2. Kết luận", 1), Paragraph(minute.conclusion or "Chưa kết luận.")]
    body += [Heading("3. Việc cần làm", 1), _actions(minute)]
    if minute.root:
        body.append(root_mark(minute.root))
    return Document(head, tuple(body), ("Các tổ chuyên môn", "Lưu: VT"), signatures)


def _actions(minute: ReviewMinute) -> Table:
    columns = (
        Column("TT", 0, 0.5),
        Column("Nguyên nhân", share=2.5),
        Column("Việc cần làm", share=2.5),
        Column("Người làm", share=1.6),
        Column("Hạn", share=1.1),
        Column("Kết quả", share=1.6),
    )
    rows = tuple(
        (number, one.cause, one.what, one.owner, one.due, one.state)
        for number, one in enumerate(minute.actions, 1)
    )
    return Table("Việc cần làm", "Việc cần làm", columns, rows)
