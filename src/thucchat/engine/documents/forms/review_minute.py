"""Minute of a monthly review (biên bản họp rà soát chất lượng) of a team, a school or a district."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from thucchat.engine.documents.forms.common import NOT_MEASURED, opening, parts, proof, sentences, value_text
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
from thucchat.engine.vietnamese import vi_date

NO_ACTIONS = "Không có việc nào đang làm."
NO_CONCLUSIONS = "Chưa kết luận."
NO_POINTS = "Không có chỉ tiêu nào đáng ngại, không còn việc tồn."
OTHER_POINTS = "Ngoài các chỉ tiêu trên, chương trình còn các việc:"
NOT_HELD = "Chưa họp."


class Progress(StrEnum):
    """Where a target stands on its path; whoever measures decides, with the error of measurement in mind."""

    AHEAD = "Vượt lộ trình"
    ON_PATH = "Đúng lộ trình"
    UNCERTAIN = "Chưa rõ, chênh lệch trong sai số"
    BEHIND = "Chậm so với lộ trình"
    NOT_MEASURED = "Chưa đo"


class ActionState(StrEnum):
    OPEN = "Đang làm"
    DONE = "Đã xong"
    DROPPED = "Thôi không làm"


@dataclass(frozen=True, slots=True)
class ReviewedTarget:
    """One target as the meeting sees it; values are in `unit`, None is not measured."""

    name: str
    unit: str
    signed: Decimal | int
    expected: Decimal | int | None  # by the day of the measurement, on the way to what was signed
    measured: Decimal | int | None
    progress: Progress
    cause: str = ""


@dataclass(frozen=True, slots=True)
class AgreedAction:
    """Something somebody does by a day."""

    what: str
    who: str
    until: date
    state: ActionState = ActionState.OPEN
    outcome: str = ""
    cause: str = ""

    def shown_state(self, day: date) -> str:
        """The state as of `day`, with the outcome."""
        late = self.state == ActionState.OPEN and self.until < day
        state = "Quá hạn" if late else self.state.value
        return f"{state}: {self.outcome}" if self.outcome else state


@dataclass(frozen=True, slots=True)
class ReviewMinute:
    """One month's meeting; before it is held, its agenda."""

    unit: str  # such as “Tổ Toán, Trường THCS Mẫu”
    school_year: str
    month: date  # any day of it
    held_on: date | None
    present: int | None
    agenda: tuple[str, ...]  # points besides the targets
    actions: tuple[AgreedAction, ...]
    conclusions: tuple[str, ...]
    targets: tuple[ReviewedTarget, ...] = ()
    source: str = ""  # a sentence: what measured the targets, and when
    chair: str = ""
    secretary: str = ""
    place: str = ""
    invited: int | None = None
    absent: tuple[tuple[str, str], ...] = ()  # name and reason
    root: str = ""
    bases: tuple[str, ...] = ()


def review_document(minute: ReviewMinute, head: Letterhead, recipients: tuple[str, ...] = ()) -> Document:
    """The minute as a document tree; open actions are overdue as of the meeting, or of the head's day.

    Raises:
        InvalidInput: `review.present`, `review.unmeasured`.
    """
    _check(minute)
    day = minute.held_on or head.day
    actions: tuple[Block, ...] = (_actions(minute, day),) if minute.actions else (Paragraph(NO_ACTIONS),)
    body = opening(minute.bases) + parts(
        ("THỜI GIAN, ĐỊA ĐIỂM, THÀNH PHẦN", sentences(_meeting(minute))),
        ("NỘI DUNG RÀ SOÁT", _points(minute)),
        ("VIỆC CẦN LÀM", actions),
        ("KẾT LUẬN", sentences(minute.conclusions) or (Paragraph(NO_CONCLUSIONS),)),
    )
    signatures = Signature(("Thư kí",), minute.secretary), Signature(("Chủ trì",), minute.chair)
    return Document(head, (*body, *proof(minute.root)), recipients, signatures)


def _check(minute: ReviewMinute) -> None:
    there, away, invited = minute.present or 0, len(minute.absent), minute.invited
    if invited is not None and there + away > invited:
        message = f"Có {there} người dự và {away} người vắng có tên, nhiều hơn {invited} người được mời."
        raise InvalidInput("review.present", message)
    for one in minute.targets:
        if (one.measured is None) != (one.progress == Progress.NOT_MEASURED):
            message = (
                f"“{one.name}” ghi “{one.progress}” nhưng số đo là {value_text(one.measured) or 'chưa có'}."
            )
            raise InvalidInput("review.unmeasured", message)


def _meeting(minute: ReviewMinute) -> list[str]:
    place = f" Địa điểm: {minute.place}." if minute.place else ""
    texts = [f"Thời gian: ngày {vi_date(minute.held_on)}.{place}" if minute.held_on else NOT_HELD]
    named = (("Chủ trì", minute.chair), ("Thư kí", minute.secretary))
    if people := " ".join(f"{office}: {name}." for office, name in named if name):
        texts.append(people)
    if minute.present is not None:
        of = "" if minute.invited is None else f"/{minute.invited}"
        texts.append(f"Có mặt {minute.present}{of} người của {minute.unit}.")
    absent = "; ".join(f"{name} ({reason})" for name, reason in minute.absent)
    return [*texts, f"Vắng mặt: {absent}."] if absent else texts


def _points(minute: ReviewMinute) -> list[Block]:
    body: list[Block] = [Paragraph(_state(minute))]
    if minute.targets:
        told = [Paragraph(minute.source)] if minute.source else []
        body += [*told, _targets(minute), *_causes(minute)]
    if not minute.targets and not minute.agenda:
        body.append(Paragraph(NO_POINTS))
    lead = [Paragraph(OTHER_POINTS)] if minute.targets and minute.agenda else []
    return [*body, *lead, *sentences(minute.agenda)]


def _state(minute: ReviewMinute) -> str:
    counts = {state: sum(one.progress == state for one in minute.targets) for state in Progress}
    told = "; ".join(f"{count} {state[0].lower()}{state[1:]}" for state, count in counts.items() if count)
    when = f"tháng {minute.month.month}/{minute.month.year}, năm học {minute.school_year}"
    return f"Rà soát {when}: {len(minute.targets)} chỉ tiêu ({told})." if told else f"Rà soát {when}."


def _targets(minute: ReviewMinute) -> Table:
    columns = (
        Column("TT", 0, 0.45),
        Column("Chỉ tiêu", share=4.4),
        Column("Đơn vị tính"),
        Column("Đã kí", 0, 0.75),
        Column("Lộ trình đến khi đo", 0),
        Column("Đo được", 0, 0.75),
        Column("Tình trạng", share=1.9),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            place,
            one.name,
            one.unit,
            *map(value_text, (one.signed, one.expected, one.measured)),
            one.progress.value,
        )
        for place, one in enumerate(minute.targets, 1)
    )
    return Table("Tình trạng từng chỉ tiêu", "Chỉ tiêu", columns, rows, NOT_MEASURED)


def _causes(minute: ReviewMinute) -> list[Block]:
    return [Paragraph(f"{one.name}: {one.cause}") for one in minute.targets if one.cause]


def _actions(minute: ReviewMinute, day: date) -> Table:
    columns = (
        Column("TT", 0, 0.45),
        Column("Nguyên nhân", share=2.2),
        Column("Việc", share=2.6),
        Column("Người làm", share=1.5),
        Column("Hạn", share=1.2),
        Column("Tình trạng", share=1.8),
    )
    ordered = sorted(minute.actions, key=lambda action: action.until)
    rows = tuple(
        (place, one.cause or None, one.what, one.who, vi_date(one.until), one.shown_state(day))
        for place, one in enumerate(ordered, 1)
    )
    return Table("Việc, người làm và thời hạn", "Việc cần làm", columns, rows)
