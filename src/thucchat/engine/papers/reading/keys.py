"""One key a question, out of all the places where a paper or its author may have put it.

Order of trust: a separate key file, the key column of a bank table, an answer table at the end, a line under
the question, the print of the options. Where two of them differ, the first is taken and the question flagged.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from thucchat.engine.papers.reading.answers import AnswerList, inline_answer, inline_letter, truth_letters
from thucchat.engine.papers.reading.flow import Flow
from thucchat.engine.papers.reading.key_marks import MarkedKey, marked_keys
from thucchat.engine.papers.reading.laid import Laid, LaidPaper, flag
from thucchat.engine.papers.reading.render import rendered
from thucchat.engine.papers.reading.statements import truth_of_statements

FILE, COLUMN, TABLE, LINE, PRINT = "tệp đáp án", "cột đáp án", "bảng đáp án", "dòng lời giải", "cách in"
EXPECTED = {
    "choice": "một chữ cái trong các phương án", "true_false": "một chữ Đ hoặc S cho mỗi ý",
    "short_answer": "một đáp số", "essay": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """An answer and where it was."""

    answer: str
    place: str


def keys_of(flow: Flow, laid: LaidPaper, written: AnswerList, file: AnswerList | None) -> list[str | None]:
    """The key of each question, in order; flags are added to the questions."""
    marked = marked_keys(flow, laid.questions)
    sections = [section.start for section in laid.outline.sections]
    keys = []
    positions = _positions(laid.questions)
    for place, question in enumerate(laid.questions):
        part = sections.index(question.section.start) if question.section else 0
        found = list(_found(flow, question, (written, file), (part, positions[place])))
        shown = marked.get(place)
        found += _from_print(flow, question, shown)
        keys.append(_settle(flow, question, found, shown))
    return keys


def _found(
    flow: Flow, question: Laid, lists: tuple[AnswerList, AnswerList | None], place: tuple[int, int | None]
) -> Iterator[Found]:
    written, file = lists
    name = question.section.name if question.section else None
    for source, kind in ((file, FILE), (written, TABLE)):
        answer = source.of(name, question.number, *place) if source is not None else None
        if answer and _may_answer(question, answer):
            yield Found(_shaped(question, answer), kind)
        elif source is file and question.bank_row is not None and question.bank_row.key_text:
            yield Found(_shaped(question, question.bank_row.key or question.bank_row.key_text), COLUMN)
    yield from _from_solution(flow, question)


def _positions(questions: list[Laid]) -> list[int | None]:
    """Numbers in key files that count on over the parts; none where the paper does so too."""
    numbers = [question.number for question in questions if question.kind != "essay"]
    if len(set(numbers)) == len(numbers):
        return [None] * len(questions)
    counted = 0
    positions: list[int | None] = []
    for question in questions:
        counted += question.kind != "essay"
        positions.append(counted if question.kind != "essay" else None)
    return positions


def _may_answer(question: Laid, answer: str) -> bool:
    """Numbers start again in each part: a letter is no short answer, and a number no choice."""
    letter = len(answer.strip(" .")) == 1 and answer.strip(" .").isalpha()
    if question.kind == "choice":
        return letter
    return question.kind != "essay" and not (letter and question.kind in {"short_answer", "true_false"})


def _from_solution(flow: Flow, question: Laid) -> Iterator[Found]:
    if question.kind == "true_false":
        truths = truth_of_statements(flow, question)
        if truths:
            yield Found(truths, LINE)
            return
    if question.solution is None or question.bank_row is not None:
        return
    text = rendered(flow, *question.solution)
    if question.kind == "choice":
        letters = inline_letter(text)
        if len(letters) > 1:
            message = (
                f"Câu {question.number}: lời giải nhắc nhiều đáp án ({', '.join(letters)}); hãy chọn một."
            )
            question.flags.append(flag(flow, "key.several", message, question.solution))
        elif letters:
            yield Found(letters[0], LINE)
        return
    answer = inline_answer(text)
    if answer and question.kind != "essay":
        yield Found(_shaped(question, answer), LINE)


def _shaped(question: Laid, answer: str) -> str:
    """The answer in the form of the question's kind, or as it was typed where it does not fit."""
    answer = answer.strip().strip(".;").strip()
    if question.kind == "true_false":
        return truth_letters(answer) or answer
    return answer.upper() if question.kind == "choice" and len(answer) == 1 else answer


def _from_print(flow: Flow, question: Laid, shown: MarkedKey | None) -> list[Found]:
    if shown is None:
        return []
    if question.kind == "true_false":
        truths = "".join("Đ" if option.letter in shown.letters else "S" for option in question.options)
        return [Found(truths, PRINT)]
    if len(shown.letters) > 1:
        message = (
            f"Câu {question.number}: nhiều phương án được đánh dấu ({', '.join(shown.letters)}); hãy chọn "
            f"một."
        )
        question.flags.append(flag(flow, "key.several", message, (question.start, question.end)))
        return []
    if shown.conflict:
        ways = ", ".join(shown.ways)
        message = (
            f"Câu {question.number}: {ways} chỉ {shown.letters[0]} nhưng dấu khác chỉ "
            f"{', '.join(shown.conflict)}."
        )
        question.flags.append(flag(flow, "key.conflict", message, (question.start, question.end)))
    return [Found(shown.letters[0], PRINT)]


def _settle(flow: Flow, question: Laid, found: list[Found], shown: MarkedKey | None) -> str | None:
    if not found:
        if question.kind != "essay" and not (shown and len(shown.letters) > 1 and question.kind == "choice"):
            message = f"Câu {question.number} chưa có đáp án; cần {EXPECTED[question.kind]}."
            question.flags.append(flag(flow, "key.missing", message, (question.start, question.end)))
        return None
    first = found[0]
    for other in found[1:]:
        if other.answer != first.answer:
            message = (
                f"Câu {question.number}: {first.place} ghi {first.answer} nhưng {other.place} chỉ "
                f"{other.answer}."
            )
            question.flags.append(flag(flow, "key.conflict", message, (question.start, question.end)))
    return _fitting(flow, question, first)


def _fitting(flow: Flow, question: Laid, found: Found) -> str | None:
    letters = [option.letter for option in question.options]
    wrong_letter = question.kind == "choice" and found.answer not in letters
    wrong_length = question.kind == "true_false" and (
        set(found.answer) - {"Đ", "S"} or len(found.answer) != len(letters)
    )
    if wrong_letter or wrong_length:
        message = f"Câu {question.number}: đáp án “{found.answer}” không khớp; cần {EXPECTED[question.kind]}."
        question.flags.append(flag(flow, "key.outside", message, (question.start, question.end)))
        return None
    return found.answer
