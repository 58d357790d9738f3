"""What a made-up pupil means to answer, and how each bubble is then marked. Knows nothing of reading."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from thucchat.engine.sheets.layout import CANDIDATE, COMMA, MINUS, Layout

Stroke = Literal["fill", "tick", "cross", "rubbed", "struck"]


@dataclass(frozen=True, slots=True)
class Habit:
    """How a pupil writes. Shares are of questions; darkness is 0-1 of printed black."""

    dark: tuple[float, float] = (0.5, 0.9)
    spread: float = 0.06  # how much darkness varies between marks
    blank: float = 0.02  # questions left out
    changed: float = 0.015  # answers rubbed out and marked anew
    residue: tuple[float, float] = (0.02, 0.09)  # darkness left after rubbing out
    double: float = 0.0005  # two marks left standing
    struck: float = 0.0  # answers crossed out and marked anew
    stroke: Stroke = "fill"
    offset_mm: float = 0.35  # standard deviation of the middle of a mark
    size: tuple[float, float] = (0.82, 1.08)  # of the bubble


@dataclass(frozen=True, slots=True)
class Stain:
    """One mark on paper."""

    bubble: int  # index in the layout's reading map
    dark: float
    stroke: Stroke


@dataclass(frozen=True, slots=True)
class Truth:
    """What a sheet means."""

    candidate: str
    code: str
    answers: dict[str, str]  # by question, as reading should give them
    stains: tuple[Stain, ...]


def invent(
    layout: Layout, habit: Habit, rng: np.random.Generator, *, candidate: str, code: str, printed: bool
) -> Truth:
    """A pupil's answers and marks; the identity is bubbled by hand unless it was `printed`."""
    dark = float(rng.uniform(*habit.dark))
    pen = _Pen(layout, habit, rng, dark)
    answers: dict[str, str] = {}
    for question in dict.fromkeys(one.question for one in layout.fields):
        places = [place for place, one in enumerate(layout.fields) if one.question == question]
        kind = layout.fields[places[0]].kind
        if kind == "digits":
            text = candidate if question == CANDIDATE else code
            if not printed:
                pen.write(places, text)
        elif kind == "number":
            grid = [layout.fields[place].values for place in places]
            answers[question] = "" if rng.random() < habit.blank else _number(grid, rng)
            pen.write(places, answers[question])
        else:
            answers[question] = pen.choose(places[0])
    return Truth(candidate, code, answers, tuple(pen.stains))


def _number(columns: list[tuple[str, ...]], rng: np.random.Generator) -> str:
    """A number that the grid can carry: sign first, comma inside, written from the left."""
    length = int(rng.integers(1, len(columns) + 1))
    text = [str(rng.integers(10)) for _ in range(length)]
    if length > 1 and MINUS in columns[0] and rng.random() < 0.25:
        text[0] = MINUS
    inside = [place for place in range(1, length - 1) if COMMA in columns[place] and text[place - 1] != MINUS]
    if inside and rng.random() < 0.4:
        text[int(rng.choice(inside))] = COMMA
    return "".join(text)


class _Pen:
    """Collects the marks of one sheet."""

    def __init__(self, layout: Layout, habit: Habit, rng: np.random.Generator, dark: float) -> None:
        self.layout, self.habit, self.rng, self.dark = layout, habit, rng, dark
        self.stains: list[Stain] = []

    def write(self, places: list[int], text: str) -> None:
        """Mark one character a column, from the left."""
        for place, character in zip(places, text, strict=False):
            self._mark(place, self.layout.fields[place].values.index(character))

    def choose(self, place: int) -> str:
        """Mark an option, perhaps after changing one's mind. Returns what reading should give."""
        values, draw = self.layout.fields[place].values, self.rng.random()
        if draw < self.habit.blank:
            return ""
        choice, other = (int(one) for one in self.rng.permutation(len(values))[:2])
        self._mark(place, choice)
        threshold = self.habit.blank
        for share, act in (("changed", self._rub), ("double", self._mark), ("struck", self._strike)):
            threshold += getattr(self.habit, share)
            if draw < threshold:
                act(place, other)
                both = share == "double"
                return "".join(values[one] for one in sorted((choice, other))) if both else values[choice]
        return values[choice]

    def _mark(self, place: int, value: int) -> None:
        dark = float(np.clip(self.rng.normal(self.dark, self.habit.spread), 0.12, 1.0))
        self._add(place, value, dark, self.habit.stroke)

    def _rub(self, place: int, value: int) -> None:
        self._add(place, value, float(self.rng.uniform(*self.habit.residue)), "rubbed")

    def _strike(self, place: int, value: int) -> None:
        self._add(place, value, self.dark, "fill")
        self._add(place, value, min(self.dark + 0.15, 1.0), "struck")

    def _add(self, place: int, value: int, dark: float, stroke: Stroke) -> None:
        self.stains.append(Stain(int(self.layout.map.first[place]) + value, dark, stroke))
