"""Tables that hold one question a row with its key in a column of its own, as data sets and item banks do."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from thucchat.engine.papers.reading.names import TC, TR, Element, w

HAS_OPTIONS = re.compile(r"\bA\s*[.):].*?\bB\s*[.):].*?\bC\s*[.):]", re.DOTALL)
LETTER_KEY = re.compile(r"\s*([A-F])\s*[.)]?\s*")
NUMBERED = re.compile(r"(?:Câu|Question)\s*\d", re.IGNORECASE)
NAME = re.compile(r"\s*[A-Za-z]+(?:_[A-Za-z0-9]+)+_\d+\s*")  # of a question in a data set: MET_Math_IE_2019_1
LONG, SHORT = 20, 5  # letters, on average over a column
PICTURES = (w("drawing"), w("pict"), w("object"))
SHARE = 0.5  # of the rows that must look the part


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what."""

    question: int
    key: int | None
    width: int  # of the widest row


@dataclass(frozen=True, slots=True)
class BankRow:
    """One question and what its row says about it."""

    cells: tuple[Element, ...]  # the question's cell, then cells with its pictures
    key: str | None
    key_text: str  # the key's cell as typed
    solution: str
    row: Element


def rows_of_bank(table: Element) -> list[BankRow] | None:
    """The questions of such a table; none when it is an ordinary table."""
    rows = table.findall(TR)
    texts = [[cell_text(cell) for cell in row.findall(TC)] for row in rows]
    if not texts or max(map(len, texts)) < 2:
        return None
    columns = _columns(texts)
    if columns is None:
        return None
    found = [_bank_row(row, words, columns) for row, words in zip(rows, texts, strict=True)]
    return [each for each in found if each is not None]


def _columns(texts: list[list[str]]) -> Columns | None:
    question = _question_column(texts)
    key = _column(texts, _is_letter)
    named = _column(texts, lambda text: NAME.fullmatch(text) is not None)
    if question is not None and key is not None and question != key:
        single = len(texts) == 1
        return (
            None
            if single and named is None and not NUMBERED.search(texts[0][question])
            else Columns(question, key, max(map(len, texts)))
        )
    if named is None or (question is None and max(map(len, texts)) < 3):
        return None
    return _columns_of_named(texts, named, question)


def _question_column(texts: list[list[str]]) -> int | None:
    """Of the columns whose cells show options, the one with numbers: explanations name options too."""
    width = max(map(len, texts))
    scores = []
    for place in range(width):
        cells = [row[place] for row in texts if place < len(row)]
        shown = sum(map(_has_options, cells))
        numbered = sum(NUMBERED.search(cell) is not None for cell in cells)
        if shown >= SHARE * len(texts):
            scores.append((numbered, shown, -place))
    return -max(scores)[2] if scores else None


def _columns_of_named(texts: list[list[str]], named: int, question: int | None) -> Columns | None:
    """Rows with a name of their own are questions even without options, as in literature."""
    lengths = [
        sum(len(row[place].strip()) for row in texts if place < len(row)) / len(texts)
        for place in range(len(texts[0]))
    ]
    if question is None:
        question = next(
            (place for place, length in enumerate(lengths) if place != named and length > LONG), None
        )
    if question is None:
        return None
    key = question + 1 if question + 1 < len(lengths) and 0 < lengths[question + 1] <= SHORT else None
    return Columns(question, key, len(lengths))


def _column(texts: list[list[str]], fits: Callable[[str], bool]) -> int | None:
    """The column in which most cells fit; none when even there too few do."""
    width = max(map(len, texts))
    counts = [sum(place < len(row) and fits(row[place]) for row in texts) for place in range(width)]
    best = max(range(width), key=counts.__getitem__)
    return best if counts[best] >= SHARE * len(texts) else None


def _bank_row(row: Element, words: list[str], columns: Columns) -> BankRow | None:
    question, key = columns.question, columns.key
    if question >= len(words) or (key is not None and key >= len(words)) or _shifted(words, columns):
        # Merged cells move the columns of a row: look for the cells by what they hold.
        question = next((place for place, text in enumerate(words) if _has_options(text)), len(words))
        key = next((place for place, text in enumerate(words) if _is_letter(text)), None)
    if question >= len(words) or _is_heading(words, question, key):
        return None
    cells = row.findall(TC)
    last = max(question, key or 0)
    pictures = [
        cell
        for place, cell in enumerate(cells[:last])
        if place not in {question, key} and next(cell.iter(*PICTURES), None) is not None
    ]
    solution = "\n".join(filter(None, (text.strip() for text in words[last + 1 :])))
    typed = words[key] if key is not None else ""
    letter = LETTER_KEY.fullmatch(typed)
    return BankRow((cells[question], *pictures), letter[1] if letter else None, typed.strip(), solution, row)


def _shifted(words: list[str], columns: Columns) -> bool:
    # Without a key column there may be no options at all, and explanations may list some.
    moved = len(words) != columns.width and columns.key is not None
    return moved and not _has_options(words[columns.question]) and any(map(_has_options, words))


def _is_heading(words: list[str], question: int, key: int | None) -> bool:
    named = any(NAME.fullmatch(word) for word in words)
    letter = key is not None and _is_letter(words[key])
    return not _has_options(words[question]) and not letter and not named


def _has_options(text: str) -> bool:
    return HAS_OPTIONS.search(text) is not None


def _is_letter(text: str) -> bool:
    return LETTER_KEY.fullmatch(text) is not None


def cell_text(cell: Element) -> str:
    """Text of a cell, paragraphs and breaks as line feeds."""
    parts = []
    for node in cell.iter(w("t"), w("br"), w("tab"), w("p")):
        if node.tag == w("t"):
            parts.append(node.text or "")
        else:
            parts.append("\t" if node.tag == w("tab") else "\n")
    return "".join(parts)
