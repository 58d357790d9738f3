"""Explanation of a rating for who was rated (trang giải thích kết quả xếp loại), with its arithmetic.

A component's points are (value - zero) / (full - zero) * 100, kept between 0 and 100; points are the sum of
points * weight. Weights are those in force: what is missing has none, and the others share its weight.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from thucchat.engine.documents.forms.common import NOT_MEASURED, number, opening, parts, value_text
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
from thucchat.engine.vietnamese import vi_date, vi_number

HIGHEST = Decimal(100)  # points, and percent of all weights
ROUNDING = Decimal("0.05")  # points by which rounded numbers may differ from the unrounded
FORMULA = (
    "Điểm của một thành phần = (giá trị - mốc 0 điểm) ÷ (mốc 100 điểm - mốc 0 điểm) × 100, giữ trong khoảng "
    "0 đến 100. Nhân với trọng số rồi cộng lại."
)
MISSING = "chưa có số liệu nên không tính; trọng số chia cho các thành phần còn lại."


@dataclass(frozen=True, slots=True)
class ExplainedPart:
    """One component: a value in its own unit, what it is worth, and where it comes from."""

    name: str
    unit: str
    weight: Decimal  # percent in force; 0 where the value is missing
    value: Decimal | None
    zero: Decimal  # value worth 0 points
    full: Decimal  # value worth 100 points
    points: Decimal | None  # 0-100
    source: str

    @property
    def unbounded(self) -> Decimal | None:
        """Points before they are kept between 0 and 100."""
        return None if self.value is None else (self.value - self.zero) / (self.full - self.zero) * HIGHEST

    @property
    def brought(self) -> Decimal | None:
        """Points of the sum."""
        return None if self.points is None else self.points * self.weight / HIGHEST


@dataclass(frozen=True, slots=True)
class RatingExplanation:
    """One rating; without points there is a reason."""

    holder: str  # name and unit
    school_year: str
    rule: str  # name and version of the rule set
    parts: tuple[ExplainedPart, ...]
    points: Decimal | None
    error: Decimal | None  # standard error, in points
    label: str  # class
    classes: tuple[tuple[str, Decimal], ...]  # from the highest: name, and points from which it counts
    pupils: int  # whose results count
    excluded: tuple[tuple[str, int], ...]  # reason and pupils
    object_to: str
    object_by: date
    certain: bool = True  # whether no border of the class lies within the error
    reason: str = ""  # why not rated
    inputs: str = ""  # fingerprint of every number that went in
    bases: tuple[str, ...] = ()

    @property
    def sum(self) -> Decimal:
        """What the parts bring together."""
        return sum((one.brought for one in self.parts if one.brought is not None), Decimal(0))


def explanation_document(
    explained: RatingExplanation, head: Letterhead, signatures: tuple[Signature, ...] = ()
) -> Document:
    """The explanation as a document tree.

    Raises:
        InvalidInput: `explanation.scale`, `explanation.part`, `explanation.weights`, `explanation.sum`,
            `explanation.unrated`, `explanation.class`: the arithmetic shown would not give what is printed.
    """
    for one in explained.parts:
        _check_part(one)
    _check(explained)
    body = opening(explained.bases) + parts(
        ("KẾT QUẢ", [Paragraph(text) for text in _result(explained)]),
        ("ĐÃ TÍNH NHỮNG GÌ", (_counted(explained),)),
        ("HỌC SINH ĐƯỢC TÍNH", (Paragraph(_pupils(explained)),)),
        ("TỰ TÍNH LẠI", [Paragraph(text) for text in _arithmetic(explained)]),
        ("KHIẾU NẠI", _objection(explained)),
    )
    return Document(head, tuple(body), (), signatures)


def _check_part(one: ExplainedPart) -> None:
    if one.zero == one.full:
        raise InvalidInput(
            "explanation.scale", f"“{one.name}” có mốc 0 và mốc 100 cùng là {vi_number(one.zero)}."
        )
    if (one.value is None) != (one.points is None) or (one.value is None and one.weight):
        value, points = value_text(one.value) or "chưa có", value_text(one.points) or "chưa có"
        message = f"“{one.name}” có giá trị {value}, điểm {points}, trọng số {vi_number(one.weight)} %."
        raise InvalidInput("explanation.part", message)
    if one.points is not None and abs(one.points - _kept(one)) > ROUNDING:
        message = (
            f"“{one.name}” tính ra {vi_number(_kept(one), 2)} điểm nhưng ghi {vi_number(one.points, 2)}."
        )
        raise InvalidInput("explanation.part", message)


def _kept(one: ExplainedPart) -> Decimal:
    return min(max(one.unbounded or Decimal(0), Decimal(0)), HIGHEST)


def _check(explained: RatingExplanation) -> None:
    if explained.points is None:
        if explained.label or not explained.reason:
            message = f"{explained.holder} chưa có điểm: cần lí do và không ghi mức “{explained.label}”."
            raise InvalidInput("explanation.unrated", message)
        return
    weight = sum((one.weight for one in explained.parts), Decimal(0))
    if abs(weight - HIGHEST) > ROUNDING:
        raise InvalidInput(
            "explanation.weights", f"Các trọng số cộng lại là {vi_number(weight)} %, phải là 100 %."
        )
    if abs(explained.sum - explained.points) > ROUNDING:
        shown = f"{vi_number(explained.sum, 2)} điểm nhưng ghi {vi_number(explained.points, 2)}"
        raise InvalidInput("explanation.sum", f"Các thành phần cộng lại là {shown}.")
    fitting = next((name for name, least in explained.classes if explained.points >= least), "")
    if explained.label != fitting:
        message = (
            f"{vi_number(explained.points, 2)} điểm thuộc mức “{fitting}”, không phải “{explained.label}”."
        )
        raise InvalidInput("explanation.class", message)


def _result(explained: RatingExplanation) -> list[str]:
    texts = [f"Quy tắc: {explained.rule}, năm học {explained.school_year}."]
    if explained.points is None:
        return [f"{explained.holder}: chưa xếp loại, vì {explained.reason}.", *texts]
    error = f", sai số {vi_number(explained.error, 2)}" if explained.error is not None else ""
    result = f"{explained.holder}: {vi_number(explained.points, 2)} điểm{error}; xếp loại {explained.label}."
    if not explained.certain:
        result += " Điểm sát ranh giới: sai số chưa loại trừ mức xếp loại liền kề."
    classes = "; ".join(f"{name} từ {vi_number(least)} điểm" for name, least in explained.classes)
    return [result, f"Các mức: {classes}.", *texts]


def _counted(explained: RatingExplanation) -> Table:
    columns = (
        Column("Thành phần", share=2.6),
        Column("Trọng số (%)", 2, 0.9),
        Column("Giá trị", 0, 0.9),
        Column("Đơn vị tính", share=1.3),
        Column("Điểm (0-100)", 2),
        Column("Góp vào", 2, 0.9),
        Column("Nguồn số liệu", share=2.4),
    )
    rows = [_row(one) for one in explained.parts]
    if explained.points is not None:
        rows.append(("Cộng", float(HIGHEST), "", "", "", float(explained.sum), ""))
    return Table("Các thành phần", "Thành phần", columns, tuple(rows), NOT_MEASURED)


def _row(one: ExplainedPart) -> tuple[Cell, ...]:
    weight = None if one.value is None else one.weight  # what is missing has no weight, not a weight of 0
    values = number(weight), value_text(one.value), one.unit, number(one.points), number(one.brought)
    return one.name, *values, one.source


def _pupils(explained: RatingExplanation) -> str:
    left_out = sum(count for _, count in explained.excluded)
    text = f"Tính {vi_number(explained.pupils)} lượt học sinh; không tính {vi_number(left_out)} lượt"
    reasons = "; ".join(f"{reason} {vi_number(count)}" for reason, count in explained.excluded if count)
    return f"{text}: {reasons}." if reasons else f"{text}."


def _arithmetic(explained: RatingExplanation) -> list[str]:
    lines = [FORMULA, *(f"{one.name}: {_line(one)}" for one in explained.parts)]
    if explained.points is None:
        return lines
    brought = " + ".join(vi_number(one.brought, 2) for one in explained.parts if one.brought is not None)
    total = vi_number(explained.points, 2)
    return [*lines, f"Cộng: {brought} = {total} điểm. Chênh lệch dưới 0,05 điểm là do làm tròn khi in."]


def _line(one: ExplainedPart) -> str:
    if one.points is None or one.unbounded is None or one.brought is None:
        return MISSING
    value, zero, full = (_term(term) for term in (one.value, one.zero, one.full))
    text = f"({value} - {zero}) ÷ ({full} - {zero}) × 100 = {vi_number(one.unbounded, 2)}"
    if one.unbounded != _kept(one):
        text += f", giữ ở {vi_number(_kept(one))}"
    share = f"{vi_number(one.points, 2)} × {vi_number(one.weight, 2)}\u00a0%"
    return f"{text}; {share} = {vi_number(one.brought, 2)}."


def _term(value: Decimal | None) -> str:
    text = value_text(value) or ""
    return f"({text})" if text.startswith("-") else text


def _objection(explained: RatingExplanation) -> list[Block]:
    text = (
        f"Nếu thấy số liệu hoặc cách tính chưa đúng, gửi khiếu nại kèm minh chứng tới {explained.object_to} "
        f"chậm nhất ngày {vi_date(explained.object_by)}."
    )
    if not explained.inputs:
        return [Paragraph(text)]
    return [Paragraph(text), Paragraph(f"Mã số liệu đầu vào: {explained.inputs}", small=True)]
