"""Finding the table in a sheet: its heading row, and which column is which field.

Headings are compared composed, in lower case, without (*) and line breaks; accents count.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import polars as pl

from thucchat.engine.vietnamese import tidy, unaccented
from thucchat.web.people.importers.fields import Field
from thucchat.web.shared.spreadsheets.fonts import repair
from thucchat.web.shared.spreadsheets.model import Merge, Sheet

SEARCHED = 20  # rows from the top in which a heading may stand
FEWEST = 2  # fields that make a row a heading
TALLEST = 3  # rows of one heading
LIKE = 0.86
CLASS_IN_TITLE = re.compile(r"lớp\s*:?\s*(\d{1,2}\s?[\w./-]{0,8})", re.IGNORECASE)
CLASS_AS_SHEET = re.compile(r"(?:lớp\s*)?(\d{1,2}\s?[a-zđ][\w./-]{0,6})", re.IGNORECASE)

Aliases = Mapping[str, str]  # heading to field name; to "" where a person said that the column is not used


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table, with the field it was taken for."""

    place: int
    heading: str  # normalised
    field: str  # empty when unknown or unused
    guess: str  # a field whose name is alike, for a person to confirm


@dataclass(frozen=True, slots=True)
class Table:
    """Where the table of a sheet is."""

    sheet: Sheet
    body: int  # place of the first row under the heading
    columns: tuple[Column, ...]
    class_name: str  # told by the title or the sheet's name; may be empty

    def places(self, aliases: Aliases) -> dict[str, list[int]]:
        """Field to columns. Of several headings for one field the best known counts, with all its columns."""
        rank = {heading: place for place, heading in enumerate(aliases)}
        places: dict[str, list[int]] = {}
        best: dict[str, str] = {}
        for column in sorted(self.columns, key=lambda one: (rank.get(one.heading, 0), one.place)):
            if column.field and best.setdefault(column.field, column.heading) == column.heading:
                places.setdefault(column.field, []).append(column.place)
        return places


def normalised(heading: str) -> str:
    """The form in which headings are compared."""
    bare = re.sub(r"\(\s*\*+\s*\)|[*:]", " ", tidy(heading).lower())
    return tidy(bare)


def aliases_of(fields: Sequence[Field], chosen: Aliases) -> dict[str, str]:
    """Every known heading; what a person chose goes before what we know."""
    known = {normalised(alias): field.name for field in fields for alias in (field.label, *field.aliases)}
    return known | dict(chosen)


def find_table(sheet: Sheet, aliases: Aliases) -> Table | None:
    """The table of a sheet, or None when nothing in it looks like one."""
    cells = sheet.cells.head(SEARCHED + TALLEST)
    rows = _top_rows(sheet, cells.rows())
    if not rows:
        return None
    top = _heading_place(rows, aliases)
    if not any(aliases.get(text) for text in rows[top].values()):
        rows = _top_rows(sheet, _in_unicode(cells))
        top = _heading_place(rows, aliases)
    if len(rows[top]) < FEWEST:
        return None
    bottom = _bottom(sheet, rows, top, aliases)
    columns = tuple(_columns(rows[top : bottom + 1], aliases))
    return Table(sheet, bottom + 1, columns, _class_name(sheet, top))


def _heading_place(rows: list[dict[int, str]], aliases: Aliases) -> int:
    """The row that names most fields; one alias may be a cell (“Nữ”), so then the fullest, topmost row."""
    plain = {unaccented(alias) for alias, field in aliases.items() if field}
    exact = [len({aliases[text] for text in row.values() if aliases.get(text)}) for row in rows]
    alike = [len({unaccented(text) for text in row.values()} & plain) for row in rows]
    sure = [place for place in range(len(rows)) if max(exact[place], alike[place]) >= FEWEST]
    if sure:
        return max(sure, key=lambda place: (exact[place], alike[place], -place))
    return max(range(len(rows)), key=lambda place: (len(rows[place]), -place))


def _in_unicode(cells: pl.DataFrame) -> list[tuple[str | None, ...]]:
    """The cells, with texts typed in an old font put right: headings may be, too."""
    text = repair(pl.concat([cells[name] for name in cells.columns])).text
    return list(
        zip(*(text.slice(place * cells.height, cells.height) for place in range(cells.width)), strict=True)
    )


def _top_rows(sheet: Sheet, cells: Sequence[tuple[str | None, ...]]) -> list[dict[int, str]]:
    """Texts of the first rows by column, with merged cells filled to the right."""
    rows = []
    for place, row in enumerate(cells):
        texts = {column: normalised(text) for column, text in enumerate(row) if text and normalised(text)}
        for block in sheet.merges:
            if block.top == place and block.left in texts:
                texts |= dict.fromkeys(range(block.left, block.right + 1), texts[block.left])
        rows.append(texts)
    return rows


def _bottom(sheet: Sheet, rows: list[dict[int, str]], top: int, aliases: Aliases) -> int:
    """The last row of the heading: as low as its merged cells, or where a sub-heading names more fields."""
    tall = [block.bottom for block in sheet.merges if block.top == top and _is_heading(block, top)]
    if tall:
        return min(max(tall), len(rows) - 1)
    if top + 1 >= len(rows):
        return top
    # Only where the row above says nothing, or speaks of several columns: a cell “Nữ” may be data.
    wide = {
        place for block in sheet.merges if block.top == top for place in range(block.left, block.right + 1)
    }
    below = (text for column, text in rows[top + 1].items() if column in wide or column not in rows[top])
    return top + 1 if any(aliases.get(text) for text in below) else top


def _is_heading(block: Merge, top: int) -> bool:
    return top < block.bottom < top + TALLEST


def _columns(rows: Sequence[dict[int, str]], aliases: Aliases) -> Iterable[Column]:
    taken = {aliases[text] for row in rows for text in row.values() if aliases.get(text)}
    for place in sorted({column for row in rows for column in row}):
        parts = list(dict.fromkeys(row[place] for row in rows if place in row))
        heading = next(
            (text for text in (" ".join(parts), *reversed(parts)) if text in aliases), " ".join(parts)
        )
        field = aliases.get(heading, "")
        guess = "" if heading in aliases else _guess(heading, aliases, taken)
        yield Column(place, heading, field, guess)


def _guess(heading: str, aliases: Aliases, taken: set[str]) -> str:
    plain = {unaccented(alias): field for alias, field in aliases.items() if field and field not in taken}
    alike = get_close_matches(unaccented(heading), plain, n=1, cutoff=LIKE)
    return plain[alike[0]] if alike else ""


def _class_name(sheet: Sheet, heading: int) -> str:
    titles = [text for row in sheet.cells.head(heading).rows() for text in row if text]
    for title in titles:
        if found := CLASS_IN_TITLE.search(tidy(title)):
            return found[1]
    found = CLASS_AS_SHEET.fullmatch(tidy(sheet.name))
    return found[1] if found else ""
