"""Scoring rules of the paper formats: four options, true/false statements, short numeric answers, essays.

An answer is the text read from a sheet. What is missing keeps its reason: an absent, blank, unreadable,
cancelled and never presented answer are five different things, and only a blank scores zero.
Source: Quyết định 764/QĐ-BGDĐT (2024) for the three parts; a double mark in a choice question is wrong.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput

Floats = NDArray[np.float64]
LADDER = (0.0, 0.1, 0.25, 0.5, 1.0)  # points for 0 … 4 right statements, as shares of the question
UNREADABLE_MARK = "?"
NUMBER = re.compile(r"-?\d+(,\d+)?")
TRUE_FALSE = str.maketrans({"D": "Đ", "T": "Đ", "F": "S", "1": "Đ", "0": "S"})


class State(IntEnum):
    """Why a cell has, or has not, points."""

    ANSWERED = 0
    BLANK = 1  # scores zero
    UNREADABLE = 2  # waits for a person's decision
    CANCELLED = 3
    ABSENT = 4
    NOT_PRESENTED = 5


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the lettered options; several keys when a wrong question accepts more than one."""

    keys: tuple[str, ...]
    points: float = 1.0

    @property
    def highest(self) -> float:
        """Points of a right answer."""
        return self.points

    def score(self, answer: str) -> float:
        """Points of one answer."""
        return self.points if answer.upper() in self.keys else 0.0


@dataclass(frozen=True, slots=True)
class Statements:
    """Statements judged true (Đ) or false (S); by the ladder, or each with an equal share of the points."""

    key: str
    points: float = 1.0
    by_ladder: bool = True

    @property
    def highest(self) -> float:
        """Points when every statement is right."""
        return self.points

    def right(self, answer: str) -> tuple[bool, ...]:
        """Which statements are right; a blank or missing statement is not."""
        given = answer.upper().translate(TRUE_FALSE).ljust(len(self.key))
        return tuple(mark == wanted for mark, wanted in zip(given, self.key, strict=False))

    def score(self, answer: str) -> float:
        """Points of one answer."""
        count = sum(self.right(answer))
        return self.points * (LADDER[count] if self.by_ladder else count / len(self.key))


@dataclass(frozen=True, slots=True)
class Numeric:
    """A number of at most four characters. Strict compares what is written; lenient compares the numbers."""

    keys: tuple[str, ...]
    points: float = 1.0
    lenient: bool = True

    @property
    def highest(self) -> float:
        """Points of a right answer."""
        return self.points

    def score(self, answer: str) -> float:
        """Points of one answer; what is not a number in the sheet's form is wrong."""
        text = answer.replace(".", ",")
        if not NUMBER.fullmatch(text):
            return 0.0
        accepted = {_decimal(key) for key in self.keys} if self.lenient else set(self.keys)
        return self.points if (_decimal(text) if self.lenient else text) in accepted else 0.0


@dataclass(frozen=True, slots=True)
class Essay:
    """Points given by raters."""

    highest: float

    def score(self, answer: str) -> float:
        """The points themselves.

        Raises:
            InvalidInput: `answer.points` when they are no number from 0 to the highest.
        """
        text = answer.replace(",", ".")
        points = float(text) if re.fullmatch(r"\d+(\.\d*)?", text) else -1.0
        if not 0 <= points <= self.highest:
            raise InvalidInput(
                "answer.points", f"“{answer}” không phải là điểm từ 0 đến {self.highest:g}.", answer=answer
            )
        return points


Rule = Choice | Statements | Numeric | Essay


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


@dataclass(frozen=True, slots=True)
class Scored:
    """Points of every cell, and why some have none."""

    items: tuple[str, ...]
    points: Floats  # (persons, items), NaN unless answered or blank
    states: NDArray[np.int8]  # (persons, items) values of State
    statements: Mapping[str, Floats]  # item to (persons, statements) 0/1, NaN where the item has no points

    @property
    def totals(self) -> Floats:
        """(persons,) points; NaN for persons with a cell still waiting for a decision, or with no points."""
        waiting = (self.states == State.UNREADABLE).any(axis=1)
        none = np.isnan(self.points).all(axis=1)
        return np.where(waiting | none, np.nan, np.nansum(self.points, axis=1))


def score_answers(
    rules: Mapping[str, Rule], answers: Mapping[str, Sequence[str]], states: NDArray[np.int8] | None = None
) -> Scored:
    """Score a table of answers, item by item; each different answer is scored once.

    `answers` gives the column of each item. `states` (persons, items of `answers`) names cells that were
    absent, cancelled or not presented; blanks and unreadable marks are recognised here.
    Raises:
        InvalidInput: `item.unruled` when an item has no rule: its responses cannot enter.
    """
    if unruled := [item for item in answers if item not in rules]:
        raise InvalidInput("item.unruled", f"Chưa có đáp án cho: {', '.join(unruled)}.", items=unruled)
    items = tuple(answers)
    columns = [np.char.strip(np.asarray(answers[item], dtype=np.str_)) for item in items]
    found = np.stack([_cell_states(column) for column in columns], axis=1)
    if states is not None:
        found = np.where(states > State.UNREADABLE, states, found).astype(np.int8)
    points = np.full(found.shape, np.nan)
    statements: dict[str, Floats] = {}
    for place, item in enumerate(items):
        rule, state = rules[item], found[:, place]
        scored = state <= State.BLANK
        points[state == State.BLANK, place] = 0.0
        answered = state == State.ANSWERED
        points[answered, place] = _by_answer(columns[place][answered], rule)
        if isinstance(rule, Statements):
            statements[item] = _by_statement(columns[place], rule, scored)
    return Scored(items, points, found, statements)


def _cell_states(column: NDArray[np.str_]) -> NDArray[np.int8]:
    state = np.full(len(column), State.ANSWERED, np.int8)
    state[column == ""] = State.BLANK
    state[column == UNREADABLE_MARK] = State.UNREADABLE
    return state


def _by_answer(answers: NDArray[np.str_], rule: Rule) -> Floats:
    different, place = np.unique(answers, return_inverse=True)
    return np.array([rule.score(str(answer)) for answer in different], dtype=float)[place]


def _by_statement(column: NDArray[np.str_], rule: Statements, scored: NDArray[np.bool_]) -> Floats:
    different, place = np.unique(column, return_inverse=True)
    table = np.array([rule.right(str(answer)) for answer in different], dtype=float)[place]
    table[~scored] = np.nan
    return table


@dataclass(frozen=True, slots=True)
class KeyChange:
    """What a changed key did to one item."""

    item: str
    raised: int  # persons who gained points
    lowered: int  # persons who lost points
    mean_before: float
    mean_after: float


@dataclass(frozen=True, slots=True)
class Rescoring:
    """Everything scored again with changed keys."""

    before: Scored
    after: Scored
    changes: tuple[KeyChange, ...]  # of the items whose points changed
    totals_changed: int  # persons


def rescore(
    answers: Mapping[str, Sequence[str]],
    rules: tuple[Mapping[str, Rule], Mapping[str, Rule]],
    states: NDArray[np.int8] | None = None,
) -> Rescoring:
    """Score with the old and the new rules, in that order, and report the difference."""
    before, after = (score_answers(chosen, answers, states) for chosen in rules)
    difference = np.nan_to_num(after.points - before.points)
    changes = tuple(
        KeyChange(
            item=item,
            raised=int((difference[:, place] > 0).sum()),
            lowered=int((difference[:, place] < 0).sum()),
            mean_before=float(np.nanmean(before.points[:, place])),
            mean_after=float(np.nanmean(after.points[:, place])),
        )
        for place, item in enumerate(before.items)
        if difference[:, place].any()
    )
    return Rescoring(before, after, changes, int((difference.sum(axis=1) != 0).sum()))
