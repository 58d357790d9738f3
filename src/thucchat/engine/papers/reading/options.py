"""Where the options of one question begin, whatever their layout: a line each, tabs, columns, cells.

A mark is a letter with a dot or bracket. Names of points and people look the same, so among all marks the
chain A, B, C, D with the strongest places is taken: line and cell starts before tabs before single blanks.
"""

import re
from dataclasses import dataclass

from thucchat.engine.papers.reading.flow import CELL

MARK = re.compile(r"(?<![^\W_])(?<!\\)(?P<star>[*#]\s?)?[\[(]?(?P<letter>[A-F])(?:\s?[.):\]/]|\s?[-–](?=\s))")
SMALL_MARK = re.compile(r"(?<![^\W_])(?<!\\)(?P<star>[*#]\s?)?\(?(?P<letter>[a-f])\s?[.)]")
BARE = re.compile(r"(?:(?<=[\n\t \x1f]))(?P<letter>[B-F])(?=[ \t\x1f]+[^\s.,;:)])")
LINE, TAB, SENTENCE, BLANK, TIGHT = 30, 20, 13, 10, 2
FOUR, MOST_MARKS = 4, 300
EMPTY = 5  # what a chain loses where an option would have no text
BLANKS = f" \t\n\u00a0{CELL}"
SEPARATED = re.compile(r"(?:[^\S\n]{2,}|[\t\u2000-\u200a\u3000])\Z")


@dataclass(frozen=True, slots=True)
class Mark:
    """A place that may open an option."""

    letter: str
    start: int  # of the mark, with its star
    end: int  # behind the dot, where the text begins
    strength: int
    starred: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """The marks taken, in printed order, and what was odd about them."""

    marks: tuple[Mark, ...]
    repeated: tuple[Mark, ...] = ()  # strong marks that found no place in the chain
    bare: str = ""  # letter that was found without its dot


def find_options(text: str, start: int, end: int, *, statements: bool = False) -> Chain:
    """The options (or the statements a to d) between two positions; no marks when there are none."""
    marks = _marks(text, start, end, SMALL_MARK if statements else MARK)
    strong = [mark for mark in marks if mark.strength >= TAB]
    letters = [mark.letter for mark in strong]
    first = "a" if statements else "A"
    if _each_once(letters, first):
        return Chain(tuple(strong))
    chain = _best_chain(text, marks, first)
    shuffled = _in_any_order(marks, first) if len(chain) < FOUR else []
    if shuffled:
        return Chain(tuple(shuffled))
    bare = _with_bare(text, chain, end) if not statements and len(chain) in {2, 3} else None
    if bare is not None:
        return Chain((*chain, bare), bare=bare.letter)
    return Chain(tuple(chain), _repeats(strong, chain))


def _marks(text: str, start: int, end: int, pattern: re.Pattern[str]) -> list[Mark]:
    found = []
    for match in pattern.finditer(text, start, end):
        strength = _strength(text, start, match.start())
        if strength:
            starred = match["star"] is not None and strength >= TAB
            found.append(Mark(match["letter"], match.start(), match.end(), strength, starred))
    if len(found) > MOST_MARKS:
        # No question has so many: a broken file must not cost minutes.
        found = [mark for mark in found if mark.strength >= TAB][:MOST_MARKS]
    return found


def _strength(text: str, start: int, place: int) -> int:
    before = text[max(start, place - 4) : place]
    if (
        not before.strip(" \u00a0")
        or before[-1] in f"\n{CELL}"
        or before.rstrip(" \u00a0\t")[-1:] in {"\n", CELL}
    ):
        return LINE
    if SEPARATED.search(before):
        return TAB
    if before[-1].isspace():
        # “anh D. D. Chị”: the letter that follows a sentence opens an option, the one that ends it does not.
        return SENTENCE if before.rstrip()[-1:] in {".", ";", "?", ":", "!"} else BLANK
    # Glued to the sentence before it: “…bằng 3.B. 4”.
    return TIGHT if before[-1] in ".;,)$\ufffc" else 0


def _each_once(letters: list[str], first: str) -> bool:
    expected = [chr(ord(first) + place) for place in range(len(letters))]
    return len(letters) >= FOUR and sorted(letters) == expected


def _in_any_order(marks: list[Mark], first: str) -> list[Mark]:
    """Four options on one line as they were read from columns, A C B D: each behind a sentence's end."""
    others = [mark for mark in marks if mark.letter != first and mark.strength >= SENTENCE]
    opening = [mark for mark in marks if mark.letter == first and others and mark.start < others[0].start]
    found = [*opening[-1:], *others]
    return found if len(found) == FOUR and _each_once([mark.letter for mark in found], first) else []


def _best_chain(text: str, marks: list[Mark], first: str) -> list[Mark]:
    """The chain of rising letters from `first` with the greatest sum of strengths; later marks win ties."""
    best: dict[int, tuple[int, list[Mark]]] = {}
    for place, mark in enumerate(marks):
        if mark.letter == first:
            best[place] = (mark.strength, [mark])
            continue
        before = [
            (score - (EMPTY if not text[chain[-1].end : mark.start].strip(BLANKS) else 0), chain)
            for other, (score, chain) in best.items()
            if ord(marks[other].letter) + 1 == ord(mark.letter)
        ]
        if before:
            score, chain = max(reversed(before), key=lambda option: option[0])
            best[place] = (score + mark.strength, [*chain, mark])
    chains = [chain for _, chain in sorted(best.values(), key=lambda option: -option[0])]
    return next((_without_weak_tail(chain) for chain in chains if len(chain) >= 2), [])


def _without_weak_tail(chain: list[Mark]) -> list[Mark]:
    # A fifth letter is an option only where it stands as firmly as the first ones.
    while len(chain) > FOUR and chain[-1].strength < min(mark.strength for mark in chain[:FOUR]):
        chain = chain[:-1]
    return chain


def _with_bare(text: str, chain: list[Mark], end: int) -> Mark | None:
    """The next letter, printed without a dot, if exactly one place has it."""
    wanted = chr(ord(chain[-1].letter) + 1)
    found = [match for match in BARE.finditer(text, chain[-1].end, end) if match["letter"] == wanted]
    if (
        len(found) > 1
    ):  # “C. Ông Q và anh M. D Ông Q, ông D”: an option begins a sentence, a name stands inside one
        found = [match for match in found if text[: match.start()].rstrip()[-1:] in {".", ";", "\n", CELL}]
    if len(found) != 1:
        return None
    return Mark(wanted, found[0].start(), found[0].end(), BLANK)


def _repeats(strong: list[Mark], chain: list[Mark]) -> tuple[Mark, ...]:
    """Strong marks behind the first option that found no place in the chain."""
    if not chain:
        return ()
    firm = min(mark.strength for mark in chain)
    return tuple(
        mark for mark in strong if mark not in chain and mark.start > chain[0].start and mark.strength >= firm
    )
