"""Commitment to quality (bản cam kết chất lượng) of a teacher, a team, a school or a district."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from thucchat.engine.documents.forms.common import (
    NOT_MEASURED,
    PUPILS,
    opening,
    parts,
    proof,
    sentences,
    value_text,
)
from thucchat.engine.documents.tree import (
    Cell,
    Column,
    Document,
    Letterhead,
    Paragraph,
    Signature,
    Table,
)
from thucchat.engine.errors import InvalidInput
from thucchat.engine.vietnamese import vi_number


class Level(StrEnum):
    TEACHER = "teacher"
    TEAM = "team"
    SCHOOL = "school"
    DISTRICT = "district"


DUTIES = {
    Level.TEACHER: "Tôi dạy học phù hợp với từng đối tượng học sinh, phụ đạo học sinh chưa đạt cho đến khi "
    "đạt yêu cầu.",
    Level.TEAM: "Tôi đưa việc rà soát chỉ tiêu của từng giáo viên vào sinh hoạt tổ chuyên môn hằng tháng và "
    "cùng tổ bàn biện pháp đạt chỉ tiêu.",
    Level.SCHOOL: "Tôi trực tiếp chịu trách nhiệm về chất lượng của từng học sinh trong trường, tổ chức dạy "
    "bù đắp kiến thức cho đến khi học sinh đạt yêu cầu, không đổ lỗi cho hoàn cảnh.",
    Level.DISTRICT: "Tôi chỉ đạo, kiểm tra các trường trên địa bàn thực hiện cam kết, bố trí giáo viên và "
    "nguồn lực hỗ trợ trường khó khăn.",
}
SHARED_DUTIES = (
    "Tôi chịu trách nhiệm về kết quả thực hiện cam kết và về tính trung thực của số liệu.",
    "Học sinh ốm dài ngày, chuyển đi, thôi học có minh chứng không tính vào kết quả.",
    "Chỉ tiêu đã kí không bị sửa; mức tính lại được ghi bên cạnh.",
)


@dataclass(frozen=True, slots=True)
class PromisedTarget:
    """One line of what is promised; values are in `unit`."""

    name: str  # Vietnamese: subject, class, what is to be reached
    pupils: int  # whom the target is about
    expected: Decimal | float | None  # on the path of today, without the promise
    amount: Decimal | int
    chance: int | None  # percent, as told before signing; none where it is not known
    measured: Decimal | int | None = None  # by now; none is not measured, which is no zero
    unit: str = PUPILS


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
    level: Level | None = None  # none: only the duties that everybody has


def commitment_document(
    paper: CommitmentPaper, head: Letterhead, signatures: tuple[Signature, ...]
) -> Document:
    """The commitment as a document tree.

    Raises:
        InvalidInput: `commitment.parties` unless two sign; `commitment.pupils`, `commitment.chance` for a
            target out of range.
    """
    if len(signatures) != 2:
        raise InvalidInput("commitment.parties", f"Bản cam kết có hai bên kí, đang có {len(signatures)}.")
    for one in paper.targets:
        _check(one)
    promise = f"Tôi là {paper.holder}, cam kết với {paper.to} về chất lượng năm học {paper.school_year}:"
    duties = (DUTIES[paper.level], *SHARED_DUTIES) if paper.level else SHARED_DUTIES
    body = [*opening(paper.bases), Paragraph(promise)]
    body += parts(
        ("CHỈ TIÊU CAM KẾT", (_targets(paper),)),
        ("BIỆN PHÁP THỰC HIỆN", (Paragraph(paper.measures or "Theo kế hoạch của đơn vị."),)),
        ("TRÁCH NHIỆM", sentences(duties)),
    )
    return Document(head, (*body, *proof(paper.root, paper.content)), (), signatures)


def _check(one: PromisedTarget) -> None:
    most = max(one.amount, one.measured or 0)
    if one.unit == PUPILS and most > one.pupils:
        message = (
            f"“{one.name}” ghi {vi_number(most)} học sinh, nhiều hơn {vi_number(one.pupils)} em đang có."
        )
        raise InvalidInput("commitment.pupils", message)
    if one.chance is not None and not 0 <= one.chance <= 100:
        message = f"Khả năng đạt của “{one.name}” là {one.chance} %; hãy ghi từ 0 đến 100."
        raise InvalidInput("commitment.chance", message)


def _targets(paper: CommitmentPaper) -> Table:
    columns = (
        Column("TT", 0, 0.45),
        Column("Chỉ tiêu", share=4.1),
        Column("Đơn vị tính", share=1.1),
        Column("Số học sinh", 0, 0.9),
        Column("Đo được hiện nay", 0),
        Column("Dự kiến nếu không thêm biện pháp", 0, 1.4),
        Column("Cam kết", 0),
        Column("Khả năng đạt (%)", 0),
    )
    rows = tuple(_row(place, one) for place, one in enumerate(paper.targets, 1))
    note = (
        "Khả năng đạt: tính từ kết quả khảo sát đầu năm, nếu học sinh giữ nguyên vị thế của mình. "
        f"{NOT_MEASURED}"
    )
    return Table("Các chỉ tiêu", "Chỉ tiêu", columns, rows, note)


def _row(place: int, one: PromisedTarget) -> tuple[Cell, ...]:
    measured, expected, amount = map(value_text, (one.measured, one.expected, one.amount))
    return place, one.name, one.unit, one.pupils, measured, expected, amount, one.chance
