"""The design of a survey: which form holds which items, in which places, with which letters.

Responses are kept as read and made canonical here, on the way into analysis. Nothing is inferred: an unknown
form, a position without an item or an item without a rule is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.scoring import Rule, State


@dataclass(frozen=True, slots=True)
class Form:
    """One printed variant (mã đề)."""

    code: str
    items: tuple[str, ...]  # canonical item at each position
    letters: tuple[str, ...] = ()  # per position, the canonical letters behind A, B, C, D; "" = as printed

    def canonical(self, position: int, answer: str) -> str:
        """What an answer at a position means in canonical letters; other marks stay as they are."""
        order = self.letters[position] if self.letters else ""
        place = "ABCDEFGH".find(answer) if len(answer) == 1 else -1
        return order[place] if 0 <= place < len(order) else answer


@dataclass(frozen=True, slots=True)
class Design:
    """All forms of a survey and the rule of each item."""

    rules: Mapping[str, Rule]
    forms: Mapping[str, Form]

    def __post_init__(self) -> None:
        for form in self.forms.values():
            if len(set(form.items)) != len(form.items):
                raise InvalidInput(
                    "form.repeats", f"Mã đề {form.code} có câu xuất hiện hai lần.", form=form.code
                )
            if unruled := [item for item in form.items if item not in self.rules]:
                raise InvalidInput(
                    "item.unruled",
                    f"Mã đề {form.code}: chưa có đáp án cho {', '.join(unruled)}.",
                    items=unruled,
                )

    @property
    def items(self) -> tuple[str, ...]:
        """Canonical items in the order of the rules, those of some form only."""
        used = {item for form in self.forms.values() for item in form.items}
        return tuple(item for item in self.rules if item in used)

    def anchors(self, first: str, second: str) -> tuple[str, ...]:
        """Items that two forms share, in the order of the first."""
        other = set(self.forms[second].items)
        return tuple(item for item in self.forms[first].items if item in other)


@dataclass(frozen=True, slots=True)
class CanonicalAnswers:
    """Answers by canonical item, whatever the form they were given on."""

    answers: Mapping[str, NDArray[np.str_]]  # item to (persons,)
    states: NDArray[np.int8]  # (persons, items): NOT_PRESENTED, or what the caller said of the person
    positions: NDArray[np.int16]  # (persons, items) place on the form from 1; 0 = not presented


def canonical_answers(
    design: Design,
    codes: Sequence[str],
    answers: Sequence[Sequence[str]],
    person_states: Sequence[State] = (),
) -> CanonicalAnswers:
    """Bring answers from the positions of forms to canonical items.

    `codes` is each person's form; `answers` each person's answers by position; `person_states` says who was
    absent or cancelled (empty: nobody).
    Raises:
        InvalidInput: `form.unknown`, `form.length` when a person has more answers than the form has items.
    """
    items = design.items
    place = {item: column for column, item in enumerate(items)}
    persons = len(codes)
    table = np.full((persons, len(items)), "", dtype=object)
    states = np.full((persons, len(items)), State.NOT_PRESENTED, np.int8)
    positions = np.zeros((persons, len(items)), np.int16)
    for code in dict.fromkeys(codes):
        if code not in design.forms:
            raise InvalidInput("form.unknown", f"Không có mã đề “{code}” trong thiết kế.", form=code)
        form = design.forms[code]
        rows = np.flatnonzero(np.array([own == code for own in codes]))
        columns = np.array([place[item] for item in form.items])
        states[np.ix_(rows, columns)] = State.ANSWERED
        positions[np.ix_(rows, columns)] = np.arange(1, len(columns) + 1)
        table[np.ix_(rows, columns)] = _on_form(form, [answers[int(row)] for row in rows])
    if person_states:
        whole = np.array(person_states, dtype=np.int8)[:, None]
        states = np.where((whole > State.UNREADABLE) & (states == State.ANSWERED), whole, states).astype(
            np.int8
        )
    columns_of = {item: table[:, column].astype(np.str_) for item, column in place.items()}
    return CanonicalAnswers(columns_of, states, positions)


def _on_form(form: Form, answers: Sequence[Sequence[str]]) -> NDArray[np.object_]:
    """(persons, positions) canonical answers; each different answer at a position is translated once."""
    length = len(form.items)
    if too_long := next((row for row in answers if len(row) > length), None):
        raise InvalidInput(
            "form.length",
            f"Mã đề {form.code} có {length} câu nhưng bài làm có {len(too_long)}.",
            form=form.code,
        )
    table = np.array([[*row, *[""] * (length - len(row))] for row in answers], dtype=object)
    for position in range(length):
        meaning = {answer: form.canonical(position, answer) for answer in set(table[:, position])}
        table[:, position] = [meaning[answer] for answer in table[:, position]]
    return table
