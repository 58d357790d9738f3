"""A paper taken apart for shuffling: what stays in place, and each item with its blocks, number and options.

Built from a `Reading`, whose tree it changes: answers, solutions and every mark of the key are taken out,
runs are cut where options begin and end, and each item gets blocks of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from thucchat.engine.papers.model import Question
from thucchat.engine.papers.reading.names import Element


@dataclass(slots=True)
class Slot:
    """The place of one option: what stands there now can be exchanged for another option's content."""

    letter: str
    paragraph: Element
    anchor: Element | None  # content goes behind it; none: at the very beginning
    inline: list[Element]  # the content's runs and equations in its first paragraph
    blocks: list[Element]  # whole paragraphs that follow


@dataclass(slots=True)
class Item:
    """One question as it will be printed anywhere."""

    question: Question
    blocks: list[Element]
    digits: list[Element]  # the `w:t` elements that hold its number; empty where Word counts
    numbered: Element | None  # the `w:numPr` of an automatic number, which belongs to the place
    slots: list[Slot]
    fixed: str | None  # why its options keep their order; none: they may be shuffled


@dataclass(slots=True)
class Reference:
    """A number inside a shared stem that names one of its questions."""

    node: Element  # the `w:t` that holds just the number
    number: int  # or FIRST, LAST of the unit


@dataclass(slots=True)
class Unit:
    """What moves as one: a single item, or a shared stem with its items."""

    items: list[Item]
    lead: list[Element] = field(default_factory=list)  # blocks of the shared stem
    references: list[Reference] = field(default_factory=list)
    ordered: bool = False  # the stem counts its questions, so they keep their order


@dataclass(slots=True)
class Stretch:
    """Units that may change places among each other, behind blocks that stay."""

    before: list[Element]
    units: list[Unit]


@dataclass(slots=True)
class Canonical:
    """The whole paper."""

    stretches: list[Stretch]
    tail: list[Element]
    codes: list[Element]  # the `w:t` elements that hold the paper code
    numbers: list[int]  # printed number of each position
    notes: Mapping[int, str] = field(default_factory=dict)

    @property
    def items(self) -> list[Item]:
        """All items in canonical order."""
        return [item for stretch in self.stretches for unit in stretch.units for item in unit.items]
