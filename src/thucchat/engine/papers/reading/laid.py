"""Each question of a paper as stretches of the flow: what laying out gives, and all later steps work on."""

from dataclasses import dataclass, field

from thucchat.engine.papers.model import Flag, Kind
from thucchat.engine.papers.reading.bank_table import BankRow
from thucchat.engine.papers.reading.flow import CELL, Flow
from thucchat.engine.papers.reading.render import plain
from thucchat.engine.papers.reading.structure import Context, Outline, Section

TRAILING = f" \t\n\u00a0{CELL}"


@dataclass(slots=True)
class Option:
    """One option or statement as it stands in the flow."""

    letter: str
    mark: tuple[int, int]  # the letter with its dot
    start: int  # of its text
    end: int
    starred: bool = False


@dataclass(slots=True)
class Laid:
    """One question as it stands in the flow."""

    number: int
    start: int
    end: int  # of everything that is its own, solution included
    stem: tuple[int, int]
    lead: tuple[int, int] | None  # text of its own before its number
    digits: tuple[int, int] | None  # where its number is written
    options: list[Option] = field(default_factory=list)
    solution: tuple[int, int] | None = None
    kind: Kind = "choice"
    section: Section | None = None
    context: Context | None = None
    group: int | None = None
    bank_row: BankRow | None = None
    points: str | None = None
    small_letters: bool = False  # its options are lettered a, b, c, d
    flags: list[Flag] = field(default_factory=list)


@dataclass(slots=True)
class LaidPaper:
    """All questions, with the outline they were found by (none for a bank table)."""

    questions: list[Laid]
    outline: Outline


def flag(flow: Flow, code: str, message: str, place: tuple[int, int]) -> Flag:
    """A flag that names page and text."""
    return Flag(code, message, flow.page_of(place[0]), plain(flow, *place))


def letter_place(flow: Flow, option: Option) -> int:
    """Where the letter of an option's mark stands."""
    start, end = option.mark
    mark = flow.text[start:end]
    return start + max(mark.find(option.letter), mark.find(option.letter.lower()))


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without blanks and separators at its ends."""
    while end > start and text[end - 1] in TRAILING:
        end -= 1
    while start < end and text[start] in TRAILING:
        start += 1
    return start, end
