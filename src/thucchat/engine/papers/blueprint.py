"""Blueprint of a test: matrix and specification as one object, and what it adds up to.

Counts are questions; for true/false they are statements (ý), four to a question. Points are Decimals on
the scale of 10.
Source: Công văn 7991/BGDĐT-GDTrH of 17/12/2024, matrix and specification for scored subjects.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from thucchat.engine.papers.model import Kind


class Level(StrEnum):
    """Cognitive levels, from the lowest."""

    KNOW = "Biết"
    UNDERSTAND = "Hiểu"
    APPLY = "Vận dụng"


KINDS: tuple[Kind, ...] = ("choice", "true_false", "short_answer", "essay")
KIND_NAMES: dict[Kind, str] = {
    "choice": "Nhiều lựa chọn",
    "true_false": "Đúng – Sai",
    "short_answer": "Trả lời ngắn",
    "essay": "Tự luận",
}
WORTH: dict[Kind, Decimal] = {
    "choice": Decimal("0.25"),
    "true_false": Decimal("0.25"),
    "short_answer": Decimal("0.5"),
}
Place = tuple[Kind, Level]
PLACES: tuple[Place, ...] = tuple((kind, level) for kind in KINDS for level in Level)


@dataclass(frozen=True, slots=True)
class Cell:
    """How many questions of one kind and level a line asks for."""

    count: int
    points: Decimal | None = None  # of the whole cell; none: count times what one question is worth
    competency: str = ""  # abbreviation in the specification, such as TD


@dataclass(frozen=True, slots=True)
class Line:
    """One unit of content."""

    topic: str
    content: str
    cells: Mapping[Place, Cell]
    outcomes: Mapping[Level, tuple[str, ...]] = field(default_factory=dict)  # yêu cầu cần đạt
    percent: Decimal | None = None  # of the points, as stated in a file


@dataclass(frozen=True, slots=True)
class Stated:
    """Sums as the foot of a file states them."""

    kinds: Mapping[Kind, Decimal] = field(default_factory=dict)
    levels: Mapping[Level, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Blueprint:
    """Matrix and specification."""

    title: str
    lines: tuple[Line, ...]
    worth: Mapping[Kind, Decimal] = field(
        default_factory=WORTH.copy
    )  # points of one question, or of one statement
    stated: Stated = field(default_factory=Stated)

    def points(self, lines: Iterable[Line] | None = None) -> dict[Place, Decimal]:
        """Points by kind and level; a cell whose worth nobody stated counts as nothing."""
        sums = dict.fromkeys(PLACES, Decimal(0))
        for line in self.lines if lines is None else lines:
            for place, cell in line.cells.items():
                each = self.worth.get(place[0], Decimal(0))
                sums[place] += cell.count * each if cell.points is None else cell.points
        return sums

    def counts(self) -> dict[Place, int]:
        """Questions, or statements, by kind and level."""
        return {
            place: sum(line.cells[place].count for line in self.lines if place in line.cells)
            for place in PLACES
        }


def by_kind(points: Mapping[Place, Decimal]) -> dict[Kind, Decimal]:
    """Sums over levels."""
    return {
        kind: sum((value for (one, _), value in points.items() if one == kind), Decimal(0)) for kind in KINDS
    }


def by_level(points: Mapping[Place, Decimal]) -> dict[Level, Decimal]:
    """Sums over kinds."""
    return {
        level: sum((value for (_, one), value in points.items() if one == level), Decimal(0))
        for level in Level
    }
