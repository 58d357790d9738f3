"""What a draw is about: the frozen pool, its rules, where chance comes from, and what was drawn.

Texts are compared and sorted by code point. All numbers are whole, so that any language repeats them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

SourceKind = Literal["dice", "lottery", "beacon"]
SOURCE_KINDS: tuple[SourceKind, ...] = ("dice", "lottery", "beacon")
PAPER_CELL = "paper"  # the only cell of a draw of whole papers


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be drawn: a paper, a section or an item."""

    id: str
    unit: str  # code of the unit that proposed it
    fingerprint: str  # SHA-256 of the file handed in, hexadecimal
    cell: str = PAPER_CELL  # place in the matrix it can fill
    size: int = 1  # what counts towards a unit's share: items, or points times a constant


@dataclass(frozen=True, slots=True)
class Refused:
    """A proposal that did not enter the pool."""

    id: str
    unit: str
    reasons: tuple[str, ...]  # Vietnamese


@dataclass(frozen=True, slots=True)
class Source:
    """Where public chance comes from, named before it exists."""

    kind: SourceKind
    name: str  # such as “20 xúc xắc mười mặt tung tại phiên họp”


@dataclass(frozen=True, slots=True)
class Rules:
    """What is drawn, and within which bounds."""

    matrix: tuple[tuple[str, int], ...]  # cell and how many entries of it a form takes, in drawing order
    forms: int = 1  # the form to use first, then spare ones
    form_cap: int | None = None  # most a unit may hold of one form, in sizes
    draw_cap: int | None = None  # most a unit may hold of all forms together, in sizes
    own_cap: int | None = None  # most a unit that sits may hold of the form it gets; none: all sit the first
    sitting: tuple[str, ...] = ()  # units whose pupils sit, where `own_cap` is set


@dataclass(frozen=True, slots=True)
class Announcement:
    """Everything fixed before there is any chance; its fingerprint is printed and published first."""

    round: str
    number: int  # of the draw in its round, from 1
    title: str
    frozen_at: str  # as 2025-01-20T08:00:00, local time
    rules: Rules
    pool: tuple[Entry, ...]  # sorted by id
    weights: Mapping[str, int]  # of every unit in the pool, 1 or more
    commitments: Mapping[str, str]  # by unit; see `seed.commit`
    sources: tuple[Source, ...]
    refused: tuple[Refused, ...] = ()
    previous: str | None = None  # fingerprint of the minutes of the draw before this in the round
    reason: str | None = None  # why it is drawn again


@dataclass(frozen=True, slots=True)
class Chance:
    """What came after the announcement."""

    reveals: Mapping[str, str]  # by unit; a unit that did not reveal is absent
    reveals_closed_at: str  # as 2025-01-20T08:00:00; before any public result
    results: Mapping[str, str]  # by name of source: digits of dice and lottery, hexadecimal of a beacon
    results_at: str


@dataclass(frozen=True, slots=True)
class Selection:
    """What the seed leads to."""

    forms: tuple[tuple[str, ...], ...]  # ids of entries, in matrix order
    seats: Mapping[str, int]  # form, from 1, of each sitting unit; empty where all sit the first
    attempts: int  # how often the caps forced the draw to start again, plus one


@dataclass(frozen=True, slots=True)
class Minutes:
    """A draw that took place."""

    announcement: Announcement
    chance: Chance
    root: str  # of the pool, hexadecimal
    seed: str  # hexadecimal
    withheld: tuple[str, ...]  # units that committed and did not reveal what they committed to
    selection: Selection
