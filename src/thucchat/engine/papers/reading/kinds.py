"""What kind each question is: said by the heading of its part, or shown by what it holds."""

import re

from thucchat.engine.papers.model import Kind
from thucchat.engine.papers.reading.flow import Flow
from thucchat.engine.papers.reading.laid import Laid
from thucchat.engine.papers.reading.options import find_options

TRUE_FALSE = re.compile(
    r"đúng\s*(?:hoặc|/|-|–|,|hay|và)?\s*sai|true\s*(?:/|or|-)\s*false|đ/s\b", re.IGNORECASE
)
SHORT = re.compile(r"trả lời ngắn|điền (?:đáp|khuyết|số)|short.answer|tln\b", re.IGNORECASE)
ESSAY = re.compile(r"tự luận|essay|làm văn|đọc hiểu|^\W*(?:II\W+)?viết\b|writing", re.IGNORECASE)
CHOICE = re.compile(r"trắc nghiệm|phương án|lựa chọn|multiple.choice|tnkq", re.IGNORECASE)
FOUR, SMALL_LETTER_SHARE = 4, 0.8
KIND_WORDS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (TRUE_FALSE, "true_false"),
    (SHORT, "short_answer"),
    (ESSAY, "essay"),
    (CHOICE, "choice"),
)


def decide_kinds(flow: Flow, questions: list[Laid]) -> None:
    """Give every question its kind."""
    by_section: dict[int, list[Laid]] = {}
    for question in questions:
        by_section.setdefault(question.section.start if question.section else -1, []).append(question)
    for members in by_section.values():
        announced = _announced(flow, members[0])
        chosen = [len(find_options(flow.text, *each.stem).marks) >= 2 for each in members]
        if not any(chosen) and announced in {None, "choice"} and _small_letters(flow, members):
            _take_small_letters(members)
            continue
        for question in members:
            question.kind = _kind(flow, question, announced, alone=not any(chosen))


def _small_letters(flow: Flow, members: list[Laid]) -> bool:
    """Whether the options of a part are lettered a, b, c, d: nearly every question has just these four."""
    counts = [len(find_options(flow.text, *each.stem, statements=True).marks) for each in members]
    text = flow.text[members[0].start : members[-1].end]
    usual = sum(count == FOUR for count in counts) >= SMALL_LETTER_SHARE * len(counts)
    return (
        len(members) > 1
        and usual
        and not any(each.points for each in members)
        and not TRUE_FALSE.search(text)
    )


def _take_small_letters(members: list[Laid]) -> None:
    for question in members:
        question.kind, question.small_letters = "choice", True


def _announced(flow: Flow, first: Laid) -> Kind | None:
    """What the heading of the part, with its instruction, says its questions are."""
    if first.section is None:
        return None
    title = first.section.title
    for text in (title, flow.text[first.section.start : first.start]):
        for pattern, kind in KIND_WORDS:
            if pattern.search(text):
                return kind
    return None


def _kind(flow: Flow, question: Laid, announced: Kind | None, *, alone: bool) -> Kind:
    text = flow.text
    statements = find_options(text, *question.stem, statements=True).marks
    if announced == "true_false" and len(statements) >= 2:
        return "true_false"
    if len(find_options(text, *question.stem).marks) >= 2 and announced != "essay":
        return "choice"
    if announced in {"short_answer", "essay"}:
        return announced
    if len(statements) == 4 and (
        TRUE_FALSE.search(text, *question.stem) or (_is_part(question, "II", "2") and question.points is None)
    ):
        return "true_false"
    if announced == "true_false":
        return "true_false"
    if alone and announced is None and question.points is None and _is_part(question, "III", "3"):
        return "short_answer"
    if question.points or (announced is None and alone):
        return "essay"
    return "choice"


def _is_part(question: Laid, *names: str) -> bool:
    """Parts II and III of the 2025 format may stand there without a word about their kind."""
    return question.section is not None and question.section.name in names
