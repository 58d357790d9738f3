"""Minute of acceptance (biên bản nghiệm thu chất lượng) of one commitment at the end of the year."""

from collections import Counter
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
    Block,
    Cell,
    Column,
    Document,
    Letterhead,
    Paragraph,
    Signature,
    Table,
)
from thucchat.engine.errors import InvalidInput


class Band(StrEnum):
    """What the result can carry."""

    CLEAR = "Đạt rõ"  # above what was asked by more than the error of measurement
    MET = "Đạt"
    UNCERTAIN = "Chưa đủ chứng cứ"
    MISSED = "Chưa đạt"


READING = (
    "“Đạt rõ” khi kết quả vượt mức phải đạt nhiều hơn sai số của phép đo; “Chưa đạt” khi thiếu nhiều hơn sai "
    "số. Phần thiếu nằm trong sai số, hoặc quá nhiều học sinh chưa có kết quả, thì chưa đủ chứng cứ: thiếu "
    "số liệu không phải là không đạt."
)
EXCEPTED = "Được trừ: học sinh chuyển đi, thôi học, ốm dài ngày… có minh chứng, hai bên đã đồng ý."


@dataclass(frozen=True, slots=True)
class AcceptedTarget:
    """One target with what was reached of it; values are in `unit`, counts of pupils are pupils."""

    name: str  # Vietnamese
    promised: Decimal | int  # as signed
    counted: int  # pupils who count at the end
    excepted: int
    missing: int  # without a result, among those who count
    amount: Decimal | int  # asked of those who count
    reached: Decimal | int | None  # None is not measured
    error: Decimal | float | None  # standard error of `reached`, from errors of measurement
    evidence: str  # a Band, or the words of whoever judged
    baseline: Decimal | int | None = None  # measured at the start
    unit: str = PUPILS
    at_most: bool = False  # whether less is better, as of a gap between districts

    @property
    def measured(self) -> Decimal | int | None:
        """What was reached, unless nobody who counts has a result."""
        return self.reached if self.counted > self.missing else None

    @property
    def met(self) -> bool:
        """Whether the measured value is on the right side of what was asked."""
        if self.measured is None:
            return False
        return self.measured <= self.amount if self.at_most else self.measured >= self.amount


@dataclass(frozen=True, slots=True)
class ExceptedPupil:
    """A pupil whose result does not count, as both sides agreed."""

    name: str
    reason: str  # such as “Ốm dài ngày”
    evidence: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """What one side does not agree with, and what became of it."""

    by: str
    text: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class AcceptanceMinute:
    """What both sides sign."""

    holder: str
    by: str  # who accepts
    school_year: str
    exam: str  # what measured the result
    targets: tuple[AcceptedTarget, ...]
    conclusion: str = ""
    disputes: tuple[Dispute, ...] = ()
    content: str = ""  # fingerprint of the results
    root: str = ""
    bases: tuple[str, ...] = ()
    exceptions: tuple[ExceptedPupil, ...] = ()


def acceptance_document(
    minute: AcceptanceMinute, head: Letterhead, signatures: tuple[Signature, ...]
) -> Document:
    """The minute as a document tree.

    Raises:
        InvalidInput: `acceptance.parties`, `acceptance.count`, `acceptance.unmeasured`, `acceptance.band`.
    """
    if len(signatures) < 2:
        raise InvalidInput("acceptance.parties", f"Biên bản cần hai bên kí, đang có {len(signatures)}.")
    for one in minute.targets:
        _check(one)
    sides = (f"Bên cam kết: {minute.holder}.", f"Bên nghiệm thu: {minute.by}.")
    measured_by = Paragraph(f"Căn cứ {minute.exam}, năm học {minute.school_year}.")
    body = opening(minute.bases) + parts(
        ("CÁC BÊN", sentences(sides)),
        ("KẾT QUẢ SO VỚI CAM KẾT", (measured_by, _results(minute), Paragraph(READING, small=True))),
        ("HỌC SINH ĐƯỢC TÍNH VÀ ĐƯỢC TRỪ", (_counted(minute), *_exceptions(minute))),
        ("Ý KIẾN CHƯA THỐNG NHẤT", [Paragraph(_dispute(one)) for one in minute.disputes]),
        ("KẾT LUẬN", (Paragraph(minute.conclusion or "Chưa kết luận."),)),
    )
    return Document(head, (*body, *proof(minute.root, minute.content)), ("Hai bên", "Lưu: VT"), signatures)


def _check(one: AcceptedTarget) -> None:
    if one.missing > one.counted:
        message = f"“{one.name}” có {one.missing} em chưa có kết quả trong {one.counted} em được tính."
        raise InvalidInput("acceptance.count", message)
    judged = one.evidence in {Band.CLEAR, Band.MET, Band.MISSED}
    if one.measured is None and judged:
        message = f"“{one.name}” chưa có số đo nên không thể kết luận “{one.evidence}”."
        raise InvalidInput("acceptance.unmeasured", message)
    if judged and one.met == (one.evidence == Band.MISSED):
        found = f"đo được {value_text(one.measured)}, phải đạt {value_text(one.amount)}"
        raise InvalidInput("acceptance.band", f"“{one.name}” {found}, không khớp kết luận “{one.evidence}”.")


def _results(minute: AcceptanceMinute) -> Table:
    columns = (
        Column("Chỉ tiêu", share=4.3),
        Column("Đơn vị tính", share=1.1),
        Column("Đầu năm", 0, 0.9),
        Column("Đã kí", 0, 0.9),
        Column("Phải đạt", 0, 0.9),
        Column("Cuối năm", 0, 0.9),
        Column("Sai số", 0, 0.8),
        Column("Kết luận", share=2.2),
    )
    rows = tuple(map(_row, minute.targets))
    note = f"Phải đạt: mức đã kí tính cho các học sinh còn được tính. {NOT_MEASURED}"
    return Table("Kết quả từng chỉ tiêu", "Nghiệm thu", columns, rows, note)


def _row(one: AcceptedTarget) -> tuple[Cell, ...]:
    error = one.error if one.measured is not None else None
    values = (one.baseline, one.promised, one.amount, one.measured, error)
    return one.name, one.unit, *map(value_text, values), str(one.evidence)


def _counted(minute: AcceptanceMinute) -> Table:
    columns = (
        Column("Chỉ tiêu", share=3.5),
        Column("Được tính", 0),
        Column("Được trừ", 0),
        Column("Được tính mà chưa có kết quả", 0, 1.6),
    )
    rows = tuple((one.name, one.counted, one.excepted, one.missing) for one in minute.targets)
    return Table("Số học sinh của từng chỉ tiêu", "Học sinh", columns, rows, EXCEPTED)


def _exceptions(minute: AcceptanceMinute) -> list[Block]:
    if not minute.exceptions:
        return []
    reasons = Counter(one.reason for one in minute.exceptions)
    told = "; ".join(f"{reason.lower()} {count} em" for reason, count in reasons.items())
    columns = (
        Column("TT", 0, 0.4),
        Column("Họ và tên", share=2),
        Column("Lí do", share=2),
        Column("Minh chứng", share=3),
    )
    rows = tuple(
        (place, one.name, one.reason, one.evidence) for place, one in enumerate(minute.exceptions, 1)
    )
    return [Paragraph(f"Lí do được trừ: {told}."), Table("Học sinh được trừ", "Được trừ", columns, rows)]


def _dispute(one: Dispute) -> str:
    return f"{one.by}: {one.text.rstrip('.')}. Trả lời: {(one.answer or 'chưa có').rstrip('.')}."
