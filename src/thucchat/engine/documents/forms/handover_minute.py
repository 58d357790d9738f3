"""Minute of a handover of quality (biên bản bàn giao chất lượng): one class in one subject."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from thucchat.engine.documents.forms.common import opening, parts, proof, sentences
from thucchat.engine.documents.tree import (
    Cell,
    Column,
    Document,
    Letterhead,
    Paragraph,
    Signature,
    Table,
)
from thucchat.engine.vietnamese import vi_date, vi_number


@dataclass(frozen=True, slots=True)
class HandedPupil:
    """What was measured of one pupil; a score of None was not measured, which is no zero."""

    name: str
    score: Decimal | None  # 0-10
    error: Decimal | None  # standard error, in points
    group: str  # such as “Nguy cơ”; empty when not measured
    weak: str = ""  # outcomes not reached


@dataclass(frozen=True, slots=True)
class HandoverMinute:
    """One act of handing over."""

    class_name: str
    subject: str
    exam: str  # what measured the state
    giver: str  # with the office, as people would introduce them
    receiver: str
    witness: str
    witness_office: str  # such as “Hiệu trưởng”
    pupils: tuple[HandedPupil, ...]
    answer_by: date
    root: str = ""  # of the ledger, as printed; empty before the first
    bases: tuple[str, ...] = ()

    @property
    def measured(self) -> tuple[Decimal, ...]:
        """The scores there are."""
        return tuple(one.score for one in self.pupils if one.score is not None)


def handover_document(minute: HandoverMinute, head: Letterhead, recipients: tuple[str, ...] = ()) -> Document:
    """The minute as a document tree; the means are of the pupils measured."""
    body = opening(minute.bases) + parts(
        ("CÁC BÊN", sentences(_parties(minute))),
        ("CHẤT LƯỢNG BÀN GIAO", (Paragraph(_state(minute)), _groups(minute), _pupils(minute))),
        ("CAM KẾT CỦA HAI BÊN", sentences(_promises(minute))),
    )
    body += proof(minute.root)
    signatures = (
        Signature(("Bên giao",), _name(minute.giver)),
        Signature(("Bên nhận",), _name(minute.receiver)),
        Signature((minute.witness_office,), minute.witness),
    )
    return Document(head, tuple(body), recipients, signatures)


def _parties(minute: HandoverMinute) -> tuple[str, ...]:
    return (
        f"Bên giao: {minute.giver}.",
        f"Bên nhận: {minute.receiver}.",
        f"Người chứng kiến: {minute.witness_office} {minute.witness}".rstrip() + ".",
    )


def _state(minute: HandoverMinute) -> str:
    whole, measured = len(minute.pupils), minute.measured
    text = (
        f"Lớp {minute.class_name}, môn {minute.subject}, có {whole} học sinh; {len(measured)} em có kết quả "
    )
    text += f"{minute.exam}"
    if measured:
        mean = sum(measured, Decimal(0)) / len(measured)
        text += f", điểm trung bình {vi_number(mean, 2)}"
    if absent := whole - len(measured):
        text += f"; {absent} em chưa có kết quả, không tính là điểm 0"
    return f"{text}."


def _name(introduced: str) -> str:
    """The name alone, of “name, office”."""
    return introduced.partition(",")[0]


def _groups(minute: HandoverMinute) -> Table:
    """The highest group first, those not measured last."""
    best = sorted(minute.pupils, key=lambda one: -one.score if one.score is not None else Decimal(1))
    names = dict.fromkeys(one.group or "Chưa đo" for one in best)
    counts = {name: sum((one.group or "Chưa đo") == name for one in minute.pupils) for name in names}
    columns = (Column("Nhóm", share=2), Column("Số học sinh", 0), Column("Tỉ lệ (%)", 1))
    rows = tuple((name, count, 100 * count / len(minute.pupils)) for name, count in counts.items())
    return Table("Số học sinh theo nhóm", "Nhóm", columns, rows)


def _pupils(minute: HandoverMinute) -> Table:
    """The outcomes not reached have a column where any survey told them."""
    told = any(one.weak for one in minute.pupils)
    columns = (
        Column("TT", 0, 0.6),
        Column("Họ và tên", share=3),
        Column("Điểm", 2, 0.9),
        Column("Sai số", 2, 0.9),
        Column("Nhóm", share=1.6),
        *((Column("Nội dung chưa đạt", share=3),) if told else ()),
    )
    rows = tuple(_row(number, pupil)[: len(columns)] for number, pupil in enumerate(minute.pupils, 1))
    note = "Dấu gạch: chưa có kết quả. Sai số: sai số chuẩn của phép đo, tính bằng điểm."
    return Table("Danh sách học sinh bàn giao", "Học sinh", columns, rows, note)


def _row(number: int, pupil: HandedPupil) -> tuple[Cell, ...]:
    score, error = (None if value is None else float(value) for value in (pupil.score, pupil.error))
    return number, pupil.name, score, error, pupil.group or "Chưa đo", pupil.weak


def _promises(minute: HandoverMinute) -> tuple[str, ...]:
    return (
        "Bên giao chịu trách nhiệm về tính trung thực của số liệu đã bàn giao.",
        "Bên nhận đã xem số liệu của từng học sinh và nhận chất lượng đầu vào nêu trên.",
        f"Ý kiến chưa đồng ý kèm minh chứng được gửi chậm nhất ngày {vi_date(minute.answer_by)}.",
    )
