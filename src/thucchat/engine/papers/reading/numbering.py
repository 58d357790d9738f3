"""Automatic numbers of paragraphs, counted the way Word counts them, because they are in no text.

Source: ECMA-376 part 1, sections 17.9.
"""

import re
from dataclasses import dataclass, field

from thucchat.engine.papers.reading.looks import Styles
from thucchat.engine.papers.reading.names import PPR, VAL, Element, w, whole

ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
MOST_LETTERS, MOST_ROMAN = 9, 399  # beyond these a list is broken, not long


@dataclass(slots=True)
class _Level:
    start: int
    form: str  # numFmt: decimal, upperLetter, …
    text: str  # lvlText: “Câu %1.”


@dataclass(slots=True)
class _List:
    abstract: str
    levels: dict[int, _Level]
    restarts: dict[int, int] = field(default_factory=dict)  # level → start given by this list itself
    begun: set[int] = field(default_factory=set)


class Numbering:
    """Counts along the document; ask once per paragraph, in reading order."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._lists: dict[str, _List] = {}
        self._counts: dict[
            str, dict[int, int]
        ] = {}  # by abstract list: lists that share one count on together
        if root is not None:
            self._read(root)

    def label(self, paragraph: Element) -> str:
        """The number printed before `paragraph`, such as `Câu 3.` or `B.`; empty where it has none."""
        numbered = paragraph.find(f"{PPR}/{w('numPr')}")
        if numbered is None or numbered.find(w("numId")) is None:
            from_style = self._styles.numbering_of(paragraph)
            numbered = from_style if from_style is not None else numbered
        if numbered is None:
            return ""
        name, depth = _value(numbered, "numId", "0"), whole(_value(numbered, "ilvl", "0"), 0)
        chosen = self._lists.get(name)
        if chosen is None or depth not in chosen.levels:
            return ""
        return self._count(chosen, depth)

    def _count(self, chosen: _List, depth: int) -> str:
        counts = self._counts.setdefault(chosen.abstract, {})
        if depth in chosen.restarts and depth not in chosen.begun:
            counts[depth] = chosen.restarts[depth]
        else:
            counts[depth] = counts.get(depth, chosen.levels[depth].start - 1) + 1
        chosen.begun.add(depth)
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        return re.sub(
            r"%(\d)",
            lambda place: self._written(chosen, counts, int(place[1]) - 1),
            chosen.levels[depth].text,
        )

    @staticmethod
    def _written(chosen: _List, counts: dict[int, int], depth: int) -> str:
        level = chosen.levels.get(depth)
        return written(counts.get(depth, level.start), level.form) if level else ""

    def _read(self, root: Element) -> None:
        abstract = {
            each.get(w("abstractNumId"), ""): {
                whole(level.get(w("ilvl")), 0): _read_level(level) for level in each.findall(w("lvl"))
            }
            for each in root.findall(w("abstractNum"))
        }
        for each in root.findall(w("num")):
            base = _value(each, "abstractNumId", "")
            made = _List(base, dict(abstract.get(base, {})))
            for change in each.findall(w("lvlOverride")):
                _override(made, change)
            self._lists[each.get(w("numId"), "")] = made


def _override(made: _List, change: Element) -> None:
    depth = whole(change.get(w("ilvl")), 0)
    level = change.find(w("lvl"))
    if level is not None:
        made.levels[depth] = _read_level(level)
    start = _value(change, "startOverride", "")
    if start:
        made.restarts[depth] = whole(start, 1)


def _read_level(level: Element) -> _Level:
    return _Level(
        whole(_value(level, "start", "1"), 1),
        _value(level, "numFmt", "decimal"),
        _value(level, "lvlText", ""),
    )


def _value(element: Element, name: str, default: str) -> str:
    found = element.find(w(name))
    value: str = default if found is None else found.get(VAL, default)
    return value


def written(number: int, form: str) -> str:
    """A count in the form a list asks for: 3 as `3`, `C`, `c`, `III` or `iii`; nothing for bullets."""
    if form in {"upperLetter", "lowerLetter"}:
        letter = chr(ord("A") + (number - 1) % 26) * min((number - 1) // 26 + 1, MOST_LETTERS)
        return letter if form == "upperLetter" else letter.lower()
    if form in {"upperRoman", "lowerRoman"}:
        return _roman(number).upper() if form == "upperRoman" else _roman(number)
    if form in {"bullet", "none"}:
        return ""
    return f"{number:02d}" if form == "decimalZero" else str(number)


def _roman(number: int) -> str:
    if number > MOST_ROMAN:
        return str(number)
    text = ""
    for value, sign in ROMAN:
        while number >= value:
            text, number = text + sign, number - value
    return text
