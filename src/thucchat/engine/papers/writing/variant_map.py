"""The map from each variant to the canonical paper: for key tables, for analysis, and to check by.

Positions count from 1 through the whole paper; `printed` is the number on the page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from thucchat.engine.papers.model import Paper, Question
from thucchat.engine.papers.variants import Variant


@dataclass(frozen=True, slots=True)
class Position:
    """One position of one variant."""

    position: int
    printed: int  # number on the page
    canonical: int  # position in the canonical paper, from 1
    part: str | None
    options: Mapping[str, str]  # printed letter → canonical letter; empty where the order stayed
    key: str | None  # as printed on this variant


@dataclass(frozen=True, slots=True)
class VariantMap:
    """One variant."""

    code: str
    questions: tuple[Position, ...]


def map_of(questions: Sequence[Question], numbers: Sequence[int], variant: Variant) -> VariantMap:
    """The map of `variant`; `numbers` are the printed numbers of the positions."""
    found = []
    for place, turn in enumerate(variant.questions):
        question, order = questions[turn], variant.options[turn]
        letters = list(question.options)
        moved = {letters[printed]: letters[source] for printed, source in enumerate(order)}
        key = printed_key(question, moved)
        found.append(Position(place + 1, numbers[place], turn + 1, question.part, moved, key))
    return VariantMap(variant.code, tuple(found))


def printed_key(question: Question, moved: Mapping[str, str]) -> str | None:
    """The key as it reads once options have moved."""
    if question.key is None or not moved:
        return question.key
    if question.type == "true_false":
        truth = dict(zip(question.options, question.key, strict=True))
        return "".join(truth[moved[letter]] for letter in question.options)
    return next(letter for letter, source in moved.items() if source == question.key)


def canonical_paper(paper: Paper, variant: VariantMap) -> Paper:
    """A variant that was read back, its questions and options put into canonical order."""
    found: list[Question | None] = [None] * len(variant.questions)
    for position, question in zip(variant.questions, paper.questions, strict=True):
        found[position.canonical - 1] = _canonical_question(question, position)
    return replace(paper, questions=tuple(question for question in found if question is not None))


def _canonical_question(question: Question, position: Position) -> Question:
    if not position.options:
        return question
    back = {source: printed for printed, source in position.options.items()}
    options = {letter: question.options[back[letter]] for letter in question.options}
    return replace(question, options=options)


def canonical_answer(answer: str, position: Position) -> str:
    """An answer given on the variant as an answer to the canonical question.

    Letters that name no option, and blanks, are handed through as they were read.
    """
    if not position.options:
        return answer
    if len(answer) == len(position.options) and set(answer) <= {"Đ", "S"}:
        truth = {
            position.options[letter]: sign for letter, sign in zip(position.options, answer, strict=True)
        }
        return "".join(truth[letter] for letter in position.options)
    return position.options.get(answer, answer)
