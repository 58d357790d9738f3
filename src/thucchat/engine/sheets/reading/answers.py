"""From decided fields to answers and identity, each with its own doubts. Nothing is filled in by default."""

from dataclasses import dataclass

from thucchat.engine.sheets.layout import COMMA, MINUS, Layout
from thucchat.engine.sheets.reading.decide import BLANK, FAINT, MULTIPLE, SINGLE, Marks

UNREAD = "?"  # stands for a digit column that could not be decided
SEVERITY = {
    state: place for place, state in enumerate((BLANK, SINGLE, MULTIPLE, FAINT, "cancelled", "damaged"))
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands in one question of the sheet (or in an identity grid)."""

    question: str
    text: str  # letters; number with comma; "" when blank; "?" for a digit column in doubt
    state: str  # of STATES
    confidence: float  # 0-1, of the least certain field
    doubtful: bool  # a person should look
    flags: tuple[str, ...]  # besides the state: "passes", "gap", "form"
    erased: str = ""  # value that a trace of ink shows beside the mark; of options only


def answers_from(layout: Layout, marks: Marks) -> dict[str, Answer]:
    """Answers by question, identity grids included."""
    places: dict[str, list[int]] = {}
    for place, one in enumerate(layout.fields):
        places.setdefault(one.question, []).append(place)
    return {question: _answer(layout, marks, question, fields) for question, fields in places.items()}


def _answer(layout: Layout, marks: Marks, question: str, fields: list[int]) -> Answer:
    kind = layout.fields[fields[0]].kind
    states = [marks.states[place] for place in fields]
    values = [marks.values[place] for place in fields]
    state = max(states, key=SEVERITY.__getitem__)
    flags = ["passes"] if marks.disagree[fields].any() else []
    doubtful = bool(marks.doubtful[fields].any())
    text = values[0]
    if kind in {"number", "digits"}:
        text = _columns(kind, states, values)
        if kind == "number" and text:
            flags += _form_flags(text, states)
            doubtful |= "gap" in flags
    confidence = float(marks.confidence[fields].min())
    erased = marks.erased[fields[0]] if kind in {"choice", "true_false"} else ""
    return Answer(question, text, state, confidence, doubtful, tuple(flags), erased)


def _columns(kind: str, states: list[str], values: list[str]) -> str:
    if all(state == BLANK for state in states):
        return ""
    blank = "" if kind == "number" else UNREAD
    return "".join(
        blank if state == BLANK else value if state == SINGLE else UNREAD
        for state, value in zip(states, values, strict=True)
    )


def _form_flags(text: str, states: list[str]) -> list[str]:
    filled = [place for place, state in enumerate(states) if state != BLANK]
    flags = ["gap"] if len(filled) <= filled[-1] - filled[0] else []
    digits = text.removeprefix(MINUS)
    wrong = not digits or digits.startswith(COMMA) or digits.endswith(COMMA) or digits.count(COMMA) > 1
    return [*flags, "form"] if wrong and UNREAD not in text else flags


@dataclass(frozen=True, slots=True)
class Identity:
    """A candidate number or paper code, from bubbles and corner codes read apart."""

    text: str  # "" unless it is certain
    bubbles: str  # as bubbled; "?" for undecided columns
    printed: str  # from the corner codes
    problem: str  # "": certain; "conflict", "unclear", "blank", "absent"


def identify(answer: Answer | None, printed: str) -> Identity:
    """Settle an identity: bubbles and corner code must agree, or one must be there alone and certain."""
    bubbles = answer.text if answer else ""
    unclear = answer is not None and (answer.doubtful or UNREAD in bubbles)
    if printed and bubbles and not unclear:
        same = printed == bubbles
        return Identity(printed if same else "", bubbles, printed, "" if same else "conflict")
    if unclear:
        fits = printed and _compatible(bubbles, printed)
        return Identity("", bubbles, printed, "unclear" if fits or not printed else "conflict")
    text = printed or bubbles
    missing = "blank" if answer is not None else "absent"
    return Identity(text, bubbles, printed, "" if text else missing)


def _compatible(bubbles: str, printed: str) -> bool:
    return len(bubbles) == len(printed) and all(
        a in {UNREAD, b} for a, b in zip(bubbles, printed, strict=True)
    )
