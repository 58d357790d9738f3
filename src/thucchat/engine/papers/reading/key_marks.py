"""Keys shown by the way an option is printed: underlined, coloured, highlighted, bold, or starred.

What counts is the odd one out, because whole papers are set with bold or coloured letters.
"""

from collections import Counter
from dataclasses import dataclass

from thucchat.engine.papers.reading.flow import Flow
from thucchat.engine.papers.reading.laid import Laid, Option, letter_place
from thucchat.engine.papers.reading.looks import Look

ASPECTS = ("marker", "underline", "colour", "strike", "bold", "italic")
# Bold or slanted text inside one option is often just emphasis: it must be a habit of the paper.
HABIT_SHARE = 0.3
NEEDS_HABIT = {
    ("letter", "bold"),
    ("text", "bold"),
    ("text", "italic"),
    ("letter", "italic"),
    ("text", "strike"),
    ("text", "underline"),
}


@dataclass(frozen=True, slots=True)
class MarkedKey:
    """What the print says about one question."""

    letters: tuple[str, ...]  # options that stand out; one for a choice
    ways: tuple[str, ...]  # Vietnamese: gạch chân, màu chữ …
    conflict: tuple[str, ...] = ()  # letters other ways point at
    places: tuple[tuple[str, str], ...] = ()  # what stands out: the letter or the text, and how


WAYS = {
    "marker": "tô nền", "underline": "gạch chân", "colour": "màu chữ", "strike": "gạch ngang",
    "bold": "in đậm", "italic": "in nghiêng", "star": "dấu *",
}  # fmt: skip
Place = tuple[str, str]  # letter or text, aspect


def marked_keys(flow: Flow, questions: list[Laid]) -> dict[int, MarkedKey]:
    """For each place in `questions` where print points at options, which ones."""
    looks = [
        {} if len(question.options) < 2 else _standing_out(flow, question.options) for question in questions
    ]
    habits = Counter(
        place
        for question, each in zip(questions, looks, strict=True)
        for place, letters in each.items()
        if len(letters) == 1 or question.kind == "true_false"
    )
    asked = sum(bool(question.options) for question in questions)
    kept = {
        place
        for place, count in habits.items()
        if place not in NEEDS_HABIT or (count >= max(HABIT_SHARE * asked, min(2, asked)))
    }
    found = {
        place: _decide(question, {way: letters for way, letters in each.items() if way in kept}, habits)
        for place, (question, each) in enumerate(zip(questions, looks, strict=True))
    }
    return {place: key for place, key in found.items() if key is not None}


def _standing_out(flow: Flow, options: list[Option]) -> dict[Place, tuple[str, ...]]:
    """For each way of standing out, the options that do, unless none or all do."""
    found: dict[Place, tuple[str, ...]] = {}
    starred = tuple(option.letter for option in options if option.starred)
    if starred and len(starred) < len(options):
        found["letter", "star"] = starred
    letters = [_letter_look(flow, option) for option in options]
    texts = [_text_look(flow, option) for option in options]
    for part, looks in (("letter", letters), ("text", texts)):
        for aspect in ASPECTS:
            odd = _odd([getattr(look, aspect) if look else None for look in looks])
            if odd:
                found[part, aspect] = tuple(options[place].letter for place in odd)
    return found


def _odd(values: list[object]) -> list[int]:
    """Places whose value is marked where the commonest value is another."""
    usual = Counter(values).most_common(1)[0][0]
    if len(values) == 2 and len(set(values)) == 2:
        usual = next((value for value in values if not value), usual)
    marked = [place for place, value in enumerate(values) if value and value != usual]
    if not marked and usual and any(value is not None and not value for value in values):
        # More than half are marked: with statements that is a key too.
        marked = [place for place, value in enumerate(values) if value]
    return marked if 0 < len(marked) < len(values) else []


def _letter_look(flow: Flow, option: Option) -> Look | None:
    return flow.piece_at(letter_place(flow, option)).look


def _text_look(flow: Flow, option: Option) -> Look | None:
    """The look that all of the text shares; an aspect that changes inside counts as unmarked."""
    looks = [
        piece.look
        for piece in flow.between(option.start, option.end)
        if piece.kind == "text"
        and piece.text[max(option.start - piece.start, 0) : option.end - piece.start].strip(" .;,")
    ]
    if not looks:
        return None
    shared = {
        aspect: getattr(looks[0], aspect) if len({getattr(look, aspect) for look in looks}) == 1 else None
        for aspect in ASPECTS
    }
    return Look()._replace(**{aspect: value for aspect, value in shared.items() if value})


def _decide(question: Laid, found: dict[Place, tuple[str, ...]], habits: Counter[Place]) -> MarkedKey | None:
    if not found:
        return None
    order = sorted(found, key=lambda place: (-habits[place], place[0] != "letter", _rank(place[1])))
    single = [place for place in order if len(found[place]) == 1 or question.kind == "true_false"]
    chosen = (single or order)[0]
    letters = found[chosen]
    agreeing = [WAYS[place[1]] for place in order if found[place] == letters]
    others = {letter for place in single for letter in found[place] if letter not in letters}
    return MarkedKey(letters, tuple(dict.fromkeys(agreeing)), tuple(sorted(others)), tuple(order))


def _rank(aspect: str) -> int:
    return -1 if aspect == "star" else ASPECTS.index(aspect)
