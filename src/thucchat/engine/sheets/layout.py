"""An answer sheet as one object: what is printed and where it is read. Lengths are millimetres.

The origin is the top-left corner of the upright page, x to the right, y downwards.
"""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["choice", "true_false", "number", "digits"]
Shape = Literal["circle", "box"]
Point = tuple[float, float]

KINDS: Final = ("choice", "true_false", "number", "digits")
CANDIDATE, CODE = "candidate", "code"
IDENTITY: Final = (CANDIDATE, CODE)
GROUP_MM = 24.0  # paper that warps alike
MINUS, COMMA = "-", ","


@dataclass(frozen=True, slots=True)
class Anchor:
    """A dark mark, usually a solid square, by which the page is found."""

    at: Point  # centre
    size: float  # side of the square of equal ink
    picture: bytes = b""  # PNG of a landmark that is not a dark mark, 3 pixels a mm


@dataclass(frozen=True, slots=True)
class CodeSpot:
    """Where one copy of the sheet's DataMatrix stands."""

    at: Point  # centre
    size: float  # side, without quiet zone
    anonymous: bool = False  # carries no candidate: the part of an essay cover that stays with the script


@dataclass(frozen=True, slots=True)
class Field:
    """Bubbles of which at most one is to be filled: an option row or a digit column."""

    name: str  # unique on the sheet: "I.7", "II.3b", "III.2#1", "candidate#4"
    question: str  # output column that it belongs to
    kind: Kind
    values: tuple[str, ...]
    centres: tuple[Point, ...]  # one per value
    block: int  # which block it was laid out with


@dataclass(frozen=True, slots=True)
class Block:
    """Fields laid out together: they move together when paper warps, and share a printed heading."""

    kind: Kind
    title: str
    at: Point  # centre of the first bubble of the first column or row
    each: Point  # from one question (or digit column) to the next
    option: Point  # from one option to the next
    labels: tuple[str, ...]  # printed beside each row (choice, true_false)
    fields: tuple[Field, ...]
    part: str = ""
    number: int = 0  # of the question, for blocks that hold one


@dataclass(frozen=True, slots=True)
class Text:
    """Words printed on every sheet."""

    text: str
    at: Point  # left, centre or right end of the line, at mid-height
    size: float = 9.0  # points
    bold: bool = False
    align: Literal["left", "center", "right"] = "left"
    width: float = 0.0  # wraps within; 0 for one line


@dataclass(frozen=True, slots=True)
class Entry:
    """A labelled line which is written by hand or filled in when the sheet is printed for a candidate."""

    label: str
    at: Point  # left end of the label, at mid-height
    width: float  # label and line together
    key: str = ""  # name of the candidate's value printed there


@dataclass(frozen=True, slots=True)
class Rule:
    """A line or frame printed on every sheet."""

    at: Point  # top-left
    size: Point  # width, height; one of them 0 is a line
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class ReadingMap:
    """All bubbles of a layout as arrays, in printing order."""

    centres: NDArray[np.float64]  # (bubbles, 2), mm
    fields: NDArray[np.int32]  # (bubbles,), index into `Layout.fields`
    groups: NDArray[np.int32]  # (bubbles,), ascending; bubbles so near each other that paper warps them alike
    values: tuple[str, ...]  # (bubbles,)
    first: NDArray[np.int32]  # (fields,), index of each field's first bubble
    counts: NDArray[np.int32]  # (fields,), bubbles of each field


@dataclass(frozen=True)
class Layout:
    """Everything about one form: the printed page and the reading map come from here and nowhere else."""

    name: str
    title: str
    width: float
    height: float
    bubble: Point  # width, height of a bubble
    shape: Shape
    anchors: tuple[Anchor, ...]
    codes: tuple[CodeSpot, ...]
    blocks: tuple[Block, ...]
    texts: tuple[Text, ...] = ()
    entries: tuple[Entry, ...] = ()
    rules: tuple[Rule, ...] = ()
    solid: float = 0.8  # share of an anchor's tightest rectangle that is dark, at least
    stretch: float = 1.9  # longest side of an anchor against its shortest, at most
    outline: float = 0.6  # correlation of clean bubbles with their ideal outline; 0 when they have none
    picture: bytes = b""  # PNG of the even blank page, as `reading.tiles` takes it; pages are found by it
    options: Mapping[str, int] = field(
        default_factory=dict
    )  # what the form was made with, such as digit counts

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All fields, in printing order."""
        return tuple(one for block in self.blocks for one in block.fields)

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """Output columns besides the identity, in printing order."""
        names = dict.fromkeys(one.question for one in self.fields)
        return tuple(name for name in names if name not in IDENTITY)

    @cached_property
    def map(self) -> ReadingMap:
        """The bubbles as arrays."""
        pairs = [(place, one) for place, one in enumerate(self.fields) for _ in one.values]
        counts = np.array([len(one.values) for one in self.fields], np.int32)
        centres = [centre for one in self.fields for centre in one.centres]
        return ReadingMap(
            np.array(centres, float).reshape(-1, 2),
            np.array([place for place, _ in pairs], np.int32),
            self._groups[[place for place, _ in pairs]] if pairs else np.zeros(0, np.int32),
            tuple(value for one in self.fields for value in one.values),
            np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.int32) if len(counts) else counts,
            counts,
        )

    @cached_property
    def _groups(self) -> NDArray[np.int32]:
        """Group of each field: its block, cut into runs of GROUP_MM."""
        starts = {block.fields[0].name for block in self.blocks}
        groups: list[int] = []
        first = (0.0, 0.0)
        for one in self.fields:
            new = one.name in starts or math.dist(first, one.centres[0]) > GROUP_MM
            first = one.centres[0] if new else first
            groups.append((groups[-1] if groups else -1) + new)
        return np.array(groups, np.int32)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of everything that reading depends on."""
        places = [(one.name, one.kind, one.values, one.centres, one.block) for one in self.fields]
        anchors = [(one.at, one.size, one.picture) for one in self.anchors]
        page = (self.name, self.width, self.height, self.bubble, self.shape, anchors, places)
        # Journals of layouts without a picture stay good.
        known = repr((*page, self.picture) if self.picture else page)
        return hashlib.sha256(known.encode()).hexdigest()

    def digits(self, question: str) -> int:
        """How many digit columns `question` has; 0 where the form has no such grid."""
        return sum(one.question == question for one in self.fields)
