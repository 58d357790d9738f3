"""What the statistics of items mean to a teacher and to the item's writer, in plain Vietnamese sentences.

The limits are the customary ones of classroom test analysis (Ebel and Frisbie, 1991, Essentials of
Educational Measurement, chapter 13): below 0.2 an item tells little of the pupils, below 0 something is
wrong with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from thucchat.engine.measurement.classical import ItemStatistics, OptionStatistics
from thucchat.engine.tables import ItemAnswer, ItemCard, ItemReport, OutcomeCard
from thucchat.engine.vietnamese import vi_number

WEAK, EASY, HARD = 0.2, 0.9, 0.25  # correlation; shares of the highest score
UNUSED = 0.02  # share of pupils below which a wrong option does no work
DRAWING = 0.05  # share from which an option that stronger pupils choose is worth a word
SECURE, PARTLY = 0.8, 0.5  # shares of the points of an outcome
FEW = 100  # pupils, below which correlations are rough
LETTERS = ("A", "B", "C", "D")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A learning outcome (yêu cầu cần đạt)."""

    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class ReportOrigin:
    """Where a report comes from, and what is known of the whole paper."""

    title: str
    source: str
    version: str  # of the program
    pupils: int
    alpha: float | None
    error: float | None  # points
    mean: float | None  # points
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Judgement:
    verdict: str
    urgency: int
    finding: str
    advice: tuple[str, ...]


def item_report(
    statistics: Sequence[ItemStatistics],
    highest: Sequence[float],
    *,
    outcomes: Mapping[str, Outcome],
    origin: ReportOrigin,
) -> ItemReport:
    """Explain every item, and the learning outcomes that `outcomes` gives for items.

    `highest` holds the points of a perfect answer to each item.
    """
    cards = tuple(
        _card(one, top, outcomes.get(one.item)) for one, top in zip(statistics, highest, strict=True)
    )
    caveats = origin.caveats
    if origin.pupils < FEW:
        caveats += (f"Mới có {origin.pupils} bài: nhận xét về độ phân biệt chỉ là gợi ý ban đầu.",)
    return ItemReport(
        title=origin.title,
        source=origin.source,
        version=origin.version,
        pupils=origin.pupils,
        alpha=origin.alpha,
        error=origin.error,
        mean=origin.mean,
        highest=float(sum(highest)),
        summary=_summary(cards, origin),
        items=cards,
        outcomes=_outcomes(cards, statistics, highest, outcomes=outcomes),
        caveats=caveats,
    )


def _card(one: ItemStatistics, highest: float, outcome: Outcome | None) -> ItemCard:
    answers = tuple(_answer(option, one, highest) for option in one.options)
    judgement = _judge(one, answers)
    return ItemCard(
        item=one.item,
        outcome=outcome.code if outcome else "",
        count=one.count,
        difficulty=one.difficulty,
        item_rest=one.item_rest,
        answers=answers,
        verdict=judgement.verdict,
        urgency=judgement.urgency,
        finding=judgement.finding,
        advice=judgement.advice,
    )


def _answer(option: OptionStatistics, one: ItemStatistics, highest: float) -> ItemAnswer:
    keyed = any(other.key for other in one.options)
    right = option.key if keyed else _points(option.option) >= highest
    low, middle, high = option.by_third
    return ItemAnswer(option.option, option.count, option.share, (low, middle, high), right)


def _points(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("-inf")


def _judge(one: ItemStatistics, answers: tuple[ItemAnswer, ...]) -> _Judgement:
    """The first of these that applies, from the gravest."""
    if not one.count:
        return _Judgement("Không có bài làm", 1, "Không em nào được hỏi câu này.", ())
    if not one.sd > 0:
        return _still(one)
    rival = _rival(one)
    if one.item_rest < -(one.count**-0.5) or rival:
        return _suspect(one, answers, rival)
    if drawing := _drawing(one):
        return _drawn(one, answers, drawing)
    if one.item_rest < WEAK - one.count**-0.5:
        return _weak(one, answers)
    if one.difficulty >= EASY:
        return _Judgement("Rất dễ", 0, _share_right(one, answers), _easy_advice())
    if one.difficulty <= HARD:
        return _Judgement("Rất khó", 1, _share_right(one, answers), _hard_advice(answers))
    return _Judgement("Dùng tốt", 0, _share_right(one, answers), _good_advice(answers))


def _still(one: ItemStatistics) -> _Judgement:
    whole = f"Tất cả {one.count} em đều"
    if one.difficulty > 0:
        advice = ("Thầy cô: yên tâm chuyển sang phần sau.", "Người ra đề: chỉ giữ nếu cần câu khởi động.")
        return _Judgement("Ai cũng đúng", 0, f"{whole} làm đúng; câu này không cho biết ai hơn ai.", advice)
    advice = (
        "Thầy cô: xem nội dung này đã dạy chưa; nếu rồi thì dạy lại từ đầu.",
        "Người ra đề: kiểm tra đáp án và câu chữ trước khi dùng lại.",
    )
    return _Judgement("Không ai đúng", 2, f"{whole} không được điểm ở câu này.", advice)


def _rival(one: ItemStatistics) -> str:
    """A wrong letter that better pupils choose beyond chance, the strongest third more often than the key."""
    right = sum(option.by_third[2] for option in one.options if option.key)
    limit = 2 * one.count**-0.5
    found = [
        option
        for option in one.options
        if not option.key
        and option.option in LETTERS
        and option.item_rest > limit
        and option.by_third[2] > right
    ]
    return max(found, key=lambda option: option.by_third[2]).option if found else ""


def _suspect(one: ItemStatistics, answers: tuple[ItemAnswer, ...], rival: str) -> _Judgement:
    if rival:
        finding = f"Ngay cả nhóm điểm cao cũng chọn {rival} nhiều hơn đáp án đang dùng."
    else:
        finding = "Học sinh điểm cao làm đúng câu này không nhiều hơn học sinh điểm thấp, thậm chí ít hơn."
    asked = f" (có phải {rival}?)" if rival else ""
    writer = (
        f"Người ra đề: soát đáp án{asked}; tìm xem có hai phương án cùng đúng hoặc câu chữ gây hiểu lầm. "
        "Nếu đáp án sai, chấm lại cả đề."
    )
    advice = (
        "Thầy cô: chưa dùng câu này để nhận xét học sinh; hỏi vài em học tốt vì sao chọn như vậy.",
        writer,
    )
    return _Judgement("Cần soát đáp án", 2, f"{finding} {_share_right(one, answers)}", advice)


def _drawing(one: ItemStatistics) -> str:
    """A wrong option chosen more by those who do well elsewhere, beyond chance."""
    limit = 2 * one.count**-0.5
    keyed = any(option.key for option in one.options)
    found = [
        option
        for option in one.options
        if keyed and not option.key and option.option and option.share >= DRAWING and option.item_rest > limit
    ]
    return max(found, key=lambda option: option.item_rest).option if found else ""


def _drawn(one: ItemStatistics, answers: tuple[ItemAnswer, ...], option: str) -> _Judgement:
    finding = f"{_share_right(one, answers)} Phương án {option} lại hút các em làm tốt phần còn lại."
    advice = (
        f"Thầy cô: hỏi các em chọn {option} đã nghĩ thế nào; có thể em giỏi cũng mắc một chỗ hiểu chưa tới.",
        f"Người ra đề: xem {option} có đúng trong một cách hiểu nào đó không; nếu có, viết lại.",
    )
    return _Judgement(f"Xem lại phương án {option}", 2, finding, advice)


def _weak(one: ItemStatistics, answers: tuple[ItemAnswer, ...]) -> _Judgement:
    finding = (
        f"{_share_right(one, answers)} Em làm tốt phần còn lại và em làm chưa tốt đúng câu này gần như nhau."
    )
    advice = (
        "Thầy cô: đừng dựa riêng vào câu này để đánh giá một em.",
        f"Người ra đề: câu hỏi có thể dài, lạ hoặc đoán được; viết lại rồi thử lại.{_unused(answers)}",
    )
    return _Judgement("Phân biệt yếu", 1, finding, advice)


def _easy_advice() -> tuple[str, ...]:
    return (
        "Thầy cô: nội dung này các em đã vững; dành thời gian cho phần khác.",
        "Người ra đề: hợp làm câu mở đầu; đừng dùng nhiều câu như thế trong một đề.",
    )


def _hard_advice(answers: tuple[ItemAnswer, ...]) -> tuple[str, ...]:
    return (
        f"Thầy cô: chữa câu này trên lớp.{_ask(answers)}",
        "Người ra đề: câu vẫn phân loại được nhóm giỏi; cân nhắc số câu khó như thế trong đề.",
    )


def _good_advice(answers: tuple[ItemAnswer, ...]) -> tuple[str, ...]:
    writer = f"Người ra đề: giữ câu này.{_unused(answers)}"
    asked = _ask(answers)
    return (f"Thầy cô:{asked}", writer) if asked else (writer,)


def _share_right(one: ItemStatistics, answers: tuple[ItemAnswer, ...]) -> str:
    low, high = (sum(answer.by_third[third] for answer in answers if answer.right) for third in (0, 2))
    graded = len([answer for answer in answers if _points(answer.answer) > 0]) > 1 and not _lettered(answers)
    whole = (
        f"Đạt {_percent(one.difficulty)} số điểm của câu"
        if graded
        else f"{_percent(one.difficulty)} số em làm đúng"
    )
    done = "được điểm tối đa: " if graded else ""
    return f"{whole} ({done}nhóm điểm thấp {_percent(low)}, nhóm điểm cao {_percent(high)})."


def _ask(answers: tuple[ItemAnswer, ...]) -> str:
    wrong = [
        answer for answer in answers if not answer.right and answer.answer and _points(answer.answer) < 0
    ]
    top = max(wrong, key=lambda answer: answer.share, default=None)
    if top is None or top.share < 0.1:
        return ""
    return f" hỏi lại {_percent(top.share)} số em chọn {top.answer}: các em đã hiểu thế nào?"


def _unused(answers: tuple[ItemAnswer, ...]) -> str:
    if not _lettered(answers):
        return ""
    used = {answer.answer for answer in answers if answer.right or answer.share >= UNUSED}
    idle = [letter for letter in LETTERS if letter not in used]
    return f" Phương án {', '.join(idle)} hầu như không ai chọn: nên thay." if idle else ""


def _lettered(answers: tuple[ItemAnswer, ...]) -> bool:
    return all(answer.answer in (*LETTERS, "") for answer in answers)


def _percent(share: float) -> str:
    return f"{vi_number(100 * share, 0)} %"


def _summary(cards: tuple[ItemCard, ...], origin: ReportOrigin) -> str:
    grave = [card.item for card in cards if card.urgency == 2]
    look = [card.item for card in cards if card.urgency == 1]
    parts = [f"{len(cards) - len(grave) - len(look)} trong {len(cards)} câu dùng tốt"]
    if look:
        parts.append(f"{len(look)} câu nên xem lại ({', '.join(look)})")
    if grave:
        parts.append(f"{len(grave)} câu cần soát trước khi công bố điểm ({', '.join(grave)})")
    text = f"{'; '.join(parts)}."
    if origin.alpha is None or origin.error is None:
        return text
    error = vi_number(origin.error, 1)
    return (
        f"{text} Độ tin cậy của cả đề là {vi_number(origin.alpha, 2)}: điểm một em có thể lệch khoảng "
        f"{error} điểm "
        "nếu làm một đề tương đương khác."
    )


def _outcomes(
    cards: tuple[ItemCard, ...],
    statistics: Sequence[ItemStatistics],
    highest: Sequence[float],
    *,
    outcomes: Mapping[str, Outcome],
) -> tuple[OutcomeCard, ...]:
    named = {outcomes[card.item].code: outcomes[card.item] for card in cards if card.item in outcomes}
    found = []
    for code in sorted(named):
        own = [place for place, card in enumerate(cards) if card.outcome == code]
        worth = sum(highest[place] for place in own if statistics[place].count)
        points = sum(statistics[place].mean for place in own if statistics[place].count)
        share = points / worth if worth else float("nan")
        finding = _outcome_finding(share, [cards[place] for place in own])
        items = tuple(cards[place].item for place in own)
        found.append(OutcomeCard(code, named[code].text, items, share, finding))
    return tuple(found)


def _outcome_finding(share: float, cards: Sequence[ItemCard]) -> str:
    if not any(card.count for card in cards):
        return "Không có bài làm."
    state = "Chưa đạt, nên dạy lại"
    if share >= PARTLY:
        state = "Đã vững" if share >= SECURE else "Đạt một phần, cần củng cố"
    notes = [state]
    if len(cards) == 1:
        notes.append("mới dựa trên một câu")
    if grave := [card.item for card in cards if card.urgency == 2]:
        notes.append(f"còn phải soát {', '.join(grave)}")
    return f"{'; '.join(notes)}."
