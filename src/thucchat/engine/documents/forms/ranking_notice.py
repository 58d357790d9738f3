"""Notice of a ranking (thông báo xếp hạng): every rank beside the ranks that the data cannot tell from it."""

from dataclasses import dataclass

from thucchat.engine.documents.forms.common import opening, proof
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
from thucchat.engine.errors import InvalidInput
from thucchat.engine.vietnamese import vi_number


@dataclass(frozen=True, slots=True)
class RankedUnit:
    """One line of the ranking."""

    name: str
    score: float  # in the unit the notice names
    rank: int
    best: int  # the confidence set of the rank, both ends included
    worst: int


@dataclass(frozen=True, slots=True)
class RankingNotice:
    """A ranking and what it was made by."""

    title: str  # such as “các trường THCS năm học 2024-2025”
    measure: str  # what the score is, such as “điểm xếp hạng (0-100)”
    rule: str  # the frozen rule and its version
    confidence: int  # percent, of all confidence sets together
    units: tuple[RankedUnit, ...]
    unranked: tuple[tuple[str, str], ...] = ()  # name and reason: missing is not last
    objections: str = ""  # to whom and until when
    root: str = ""
    bases: tuple[str, ...] = ()


def ranking_document(
    notice: RankingNotice, head: Letterhead, signature: Signature, recipients: tuple[str, ...] = ()
) -> Document:
    """The notice as a document tree.

    Raises:
        InvalidInput: `ranking.set` when a rank lies outside its own confidence set.
    """
    for unit in notice.units:
        if not 1 <= unit.best <= unit.rank <= unit.worst <= len(notice.units):
            shown = f"{unit.rank} và khoảng {unit.best}-{unit.worst}"
            raise InvalidInput("ranking.set", f"Hạng của {unit.name} không khớp khoảng hạng: {shown}.")
    body: list[Block] = [
        *opening(notice.bases),
        Heading("1. Kết quả", 1),
        Paragraph(_reading(notice)),
        _ranks(notice),
    ]
    if notice.unranked:
        body += [Heading("2. Đơn vị chưa xếp hạng", 1), _unranked(notice)]
    number = 3 if notice.unranked else 2
    body += [Heading(f"{number}. Cách xếp hạng và khiếu nại", 1), Paragraph(f"Quy tắc: {notice.rule}.")]
    if notice.objections:
        body.append(Paragraph(notice.objections))
    body += proof(notice.root)
    return Document(head, tuple(body), recipients, (signature,))


def _reading(notice: RankingNotice) -> str:
    confidence = vi_number(notice.confidence, 0)
    return (
        f"Xếp hạng {notice.title} theo {notice.measure}. Cột “Khoảng hạng” là các thứ hạng mà số liệu "
        f"chưa loại trừ được, với độ tin cậy {confidence} % cho cả bảng; hai đơn vị có khoảng hạng chồng "
        "nhau thì chưa thể kết luận đơn vị nào hơn."
    )


def _ranks(notice: RankingNotice) -> Table:
    columns = (
        Column("Hạng", 0, 0.7),
        Column("Đơn vị", share=3.5),
        Column("Điểm", 2),
        Column("Khoảng hạng", share=1.4),
    )
    ordered = sorted(notice.units, key=lambda unit: unit.rank)
    rows = tuple((unit.rank, unit.name, unit.score, _set(unit)) for unit in ordered)
    return Table(f"Xếp hạng {notice.title}", "Xếp hạng", columns, rows, f"Điểm: {notice.measure}.")


def _set(unit: RankedUnit) -> str:
    return str(unit.rank) if unit.best == unit.worst else f"{unit.best} đến {unit.worst}"


def _unranked(notice: RankingNotice) -> Table:
    return Table(
        "Đơn vị chưa xếp hạng",
        "Chưa xếp hạng",
        (Column("Đơn vị", share=2), Column("Lý do", share=3)),
        notice.unranked,
        "Thiếu số liệu không có nghĩa là xếp cuối.",
    )
