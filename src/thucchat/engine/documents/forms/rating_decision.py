"""Decision that recognises ratings (quyết định công nhận kết quả xếp loại), with the list as its appendix."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from thucchat.engine.documents.forms.common import number, opening, proof, sentences
from thucchat.engine.documents.tree import (
    Appendix,
    Block,
    Cell,
    Centred,
    Column,
    Document,
    Heading,
    Letterhead,
    Paragraph,
    Signature,
    Table,
)
from thucchat.engine.errors import InvalidInput
from thucchat.engine.vietnamese import name_key, text_key, vi_date, vi_long_date, vi_number

HIGHEST = 100  # points
UNRATED = "Thiếu số liệu thì chưa xếp loại, không phải là xếp loại thấp nhất."
NEAR = "Sát ranh giới"
NEAR_NOTE = f"{NEAR}: sai số của điểm chưa loại trừ mức xếp loại liền kề."


@dataclass(frozen=True, slots=True)
class RatedHolder:
    """A unit or a teacher; without points there is a reason and no class."""

    name: str
    unit: str  # where a teacher works; empty for a unit
    points: Decimal | None  # 0-100
    error: Decimal | None  # standard error, in points
    label: str  # class
    certain: bool = True  # whether no border of the class lies within the error
    reason: str = ""  # why not rated

    @property
    def sort_key(self) -> tuple[str, str]:
        """Teachers by school and given name, units by name."""
        return (text_key(self.unit), name_key(self.name)) if self.unit else (text_key(self.name), "")


@dataclass(frozen=True, slots=True)
class RatingDecision:
    """What is recognised, by which rules, and how to object."""

    authority: str  # such as “Giám đốc Sở Giáo dục và Đào tạo tỉnh Điện Biên”
    proposer: str  # such as “Trưởng phòng Tổ chức cán bộ”
    kind: str  # who is rated, such as “trường trung học cơ sở”
    school_year: str
    rule: str  # name of the rule set
    version: str
    fingerprint: str  # SHA-256 of the rule set
    classes: tuple[str, ...]  # from the highest
    holders: tuple[RatedHolder, ...]
    object_to: str
    object_by: date
    executors: str  # who carries it out
    bases: tuple[str, ...]  # without the proposal, which is added as the last
    root: str = ""

    @property
    def rated(self) -> tuple[RatedHolder, ...]:
        """Those with a class: by class, then unit and name, since an order of points would be a ranking."""
        order = {label: place for place, label in enumerate(self.classes)}
        known = (one for one in self.holders if one.points is not None)
        return tuple(sorted(known, key=lambda one: (order[one.label], *one.sort_key)))

    @property
    def unrated(self) -> tuple[RatedHolder, ...]:
        """Those of whom too little is known."""
        return tuple(one for one in self.holders if one.points is None)


def decision_document(
    decision: RatingDecision, head: Letterhead, signature: Signature, *, recipients: tuple[str, ...] = ()
) -> Document:
    """The decision as a document tree.

    Raises:
        InvalidInput: `decision.bases`, `decision.empty`, `decision.deadline`, `decision.twice`,
            `decision.class`, `decision.points`, `decision.unrated`.
    """
    _check(decision, head.day)
    for one in decision.holders:
        _check_holder(decision, one)
    body: list[Block] = [Centred(decision.authority.upper())]
    body += opening((*decision.bases, f"Theo đề nghị của {decision.proposer}"))
    body += [
        Centred("QUYẾT ĐỊNH:"),
        Heading("Điều 1. Công nhận kết quả xếp loại", 2),
        Paragraph(_outcome(decision)),
    ]
    body += [Heading("Điều 2. Quy tắc xếp loại và khiếu nại", 2), *sentences(_rules(decision))]
    body.append(Paragraph(f"Mã SHA-256 của quy tắc: {decision.fingerprint}", small=True))
    body += [Heading("Điều 3. Hiệu lực và trách nhiệm thi hành", 2), Paragraph(_force(decision))]
    return Document(head, tuple(body), recipients, (signature,), (_appendix(decision, head),))


def _check(decision: RatingDecision, signed_on: date) -> None:
    if not decision.bases:
        raise InvalidInput("decision.bases", "Quyết định chưa có căn cứ pháp lí; hãy ghi ít nhất một căn cứ.")
    if not decision.holders:
        raise InvalidInput(
            "decision.empty", "Danh sách xếp loại đang trống; hãy chọn lần xếp loại có kết quả."
        )
    if decision.object_by <= signed_on:
        limit, day = vi_date(decision.object_by), vi_date(signed_on)
        raise InvalidInput(
            "decision.deadline", f"Hạn khiếu nại {limit} không sau ngày kí {day}; hãy lùi hạn."
        )
    (holder, count), *_ = Counter((one.name, one.unit) for one in decision.holders).most_common(1)
    if count > 1:
        where = f", {holder[1]}," if holder[1] else ""
        raise InvalidInput("decision.twice", f"{holder[0]}{where} có {count} dòng; mỗi đối tượng chỉ có một.")


def _check_holder(decision: RatingDecision, one: RatedHolder) -> None:
    if one.points is None:
        if one.label or not one.reason:
            message = f"{one.name} chưa có điểm: cần lí do và không ghi mức xếp loại “{one.label}”."
            raise InvalidInput("decision.unrated", message)
        return
    if not 0 <= one.points <= HIGHEST:
        raise InvalidInput(
            "decision.points", f"{one.name} có {vi_number(one.points)} điểm, ngoài thang 0-100."
        )
    if one.label not in decision.classes:
        known = ", ".join(decision.classes)
        raise InvalidInput(
            "decision.class", f"Mức “{one.label}” của {one.name} không có trong quy tắc ({known})."
        )


def _outcome(decision: RatingDecision) -> str:
    counts = Counter(one.label for one in decision.rated)
    told = [f"{counts[label]} {label}" for label in decision.classes if counts[label]]
    if decision.unrated:
        told.append(f"{len(decision.unrated)} chưa xếp loại vì thiếu số liệu")
    return (
        f"Công nhận kết quả xếp loại {vi_number(len(decision.holders))} {decision.kind} năm học "
        f"{decision.school_year}, gồm: {'; '.join(told)} (danh sách tại Phụ lục kèm theo)."
    )


def _rules(decision: RatingDecision) -> tuple[str, ...]:
    rule = f"{decision.rule}, phiên bản {decision.version}, đã chốt trước khi có kết quả"
    to = f"tới {decision.object_to} chậm nhất ngày {vi_date(decision.object_by)}"
    return (
        f"Kết quả được tính theo {rule}.",
        "Người, đơn vị được xếp loại xem cách tính và tự tính lại theo trang giải thích kết quả của mình.",
        f"Khiếu nại kèm minh chứng được gửi {to}; người trả lời không phải là người đã tính kết quả.",
        UNRATED,
    )


def _force(decision: RatingDecision) -> str:
    return (
        "Quyết định này có hiệu lực kể từ ngày kí. "
        f"{decision.executors} chịu trách nhiệm thi hành Quyết định này./."
    )


def _appendix(decision: RatingDecision, head: Letterhead) -> Appendix:
    title = f"Kết quả xếp loại {decision.kind} năm học {decision.school_year}"
    called = " ".join(filter(None, ("số", head.number.removeprefix("Số:").strip()))) if head.number else ""
    attached = " ".join(
        filter(None, ("Kèm theo Quyết định", called, vi_long_date(head.day), "của", head.agency))
    )
    body: list[Block] = [_rated(decision)] if decision.rated else []
    if decision.unrated:
        body.append(_unrated(decision))
    return Appendix("Phụ lục", title, attached, (*body, *proof(decision.root)))


def _rated(decision: RatingDecision) -> Table:
    near = any(not one.certain for one in decision.rated)
    columns = (
        Column("TT", 0, 0.5),
        *_named(decision),
        Column("Điểm", 2, 0.9),
        Column("Sai số", 2, 0.9),
        Column("Xếp loại", share=1.6),
        *((Column("Ghi chú", share=1.5),) if near else ()),
    )
    rows: list[tuple[Cell, ...]] = []
    for place, one in enumerate(decision.rated, 1):
        note = ("" if one.certain else NEAR,) if near else ()
        values = (number(one.points), number(one.error), one.label)
        rows.append((place, *_name(decision, one), *values, *note))
    return Table("Danh sách được xếp loại", "Xếp loại", columns, tuple(rows), NEAR_NOTE if near else "")


def _unrated(decision: RatingDecision) -> Table:
    columns = (Column("TT", 0, 0.5), *_named(decision), Column("Lí do chưa xếp loại", share=3))
    rows: list[tuple[Cell, ...]] = []
    for place, one in enumerate(decision.unrated, 1):
        rows.append((place, *_name(decision, one), one.reason))
    return Table("Danh sách chưa xếp loại", "Chưa xếp loại", columns, tuple(rows), UNRATED)


def _named(decision: RatingDecision) -> tuple[Column, ...]:
    if any(one.unit for one in decision.holders):
        return Column("Họ và tên", share=2.4), Column("Đơn vị", share=2.8)
    return (Column("Đơn vị", share=4),)


def _name(decision: RatingDecision, one: RatedHolder) -> tuple[str, ...]:
    return (one.name, one.unit) if len(_named(decision)) > 1 else (one.name,)
