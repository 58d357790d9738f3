"""From the cells under a heading to rows of tidy text. No row is looked at one by one."""

import polars as pl

from thucchat.web.people.importers.fields import Kind
from thucchat.web.people.importers.headings import Aliases, Table
from thucchat.web.people.importers.notes import absent_columns, old_fonts, skipped, unseen
from thucchat.web.shared.spreadsheets.fonts import repair

FEWEST_CELLS = 2  # a line with fewer is a title, a total or a signature
INVISIBLE = r"[\u200b\u200c\u200d\u2060\ufeff]"


def rows_of(kind: Kind, table: Table, aliases: Aliases) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """The rows of one table as tidy text, and what a person is told about them."""
    places, cells = table.places(aliases), _filled_down(table)
    notes = [*absent_columns(kind, table, places), *unseen(table, places)]
    columns: dict[str, pl.Series] = {}
    for field, where in places.items():
        parts = [cells[str(place)] for place in where]
        repaired = [repair(part) for part in parts]
        columns[field] = _tidied([part.text for part in repaired])
        for text, part in zip(parts, repaired, strict=True):
            notes += old_fonts(table, field, text, part)
    line = pl.int_range(table.body + 1, table.body + 1 + cells.height, eager=True)
    rows = pl.DataFrame({"line": line, **columns}).with_columns(pl.lit(table.sheet.name).alias("sheet"))
    kept = _is_row(kind, list(columns), aliases)
    notes += skipped(rows.filter(~kept), cells, table)
    rows = rows.filter(kept)
    if kind.class_from_sheet and table.class_name and "class_name" not in columns:
        rows = rows.with_columns(class_name=pl.lit(table.class_name))
    return rows, notes


def _is_row(kind: Kind, columns: list[str], aliases: Aliases) -> pl.Expr:
    """A line of the list: enough cells, and neither the heading again nor the numbers of the columns."""
    if not columns:
        return pl.lit(value=False)
    enough = pl.sum_horizontal(pl.col(column).is_not_null() for column in columns) >= min(
        FEWEST_CELLS, len(columns)
    )
    if kind.key not in columns:
        return enough
    key = pl.col(kind.key).fill_null("")
    headings = [heading for heading, field in aliases.items() if field == kind.key]
    return (
        enough
        & ~key.str.to_lowercase().is_in(headings)
        & ~key.str.contains(r"^\(?\d{1,2}\)?$|^\([A-Za-z]\)$")
    )


def _tidied(parts: list[pl.Series]) -> pl.Series:
    """One text of all parts: composed, with single blanks; empty is null."""
    text = pl.select(pl.concat_str(parts, separator=" ", ignore_nulls=True)).to_series()
    tidy = (
        text.str.normalize("NFC")
        .str.replace_all(INVISIBLE, "")
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
    )
    # The mark with which an export kept a text from being a formula.
    bare = tidy.str.replace(r"^'([\"' ]*[=+\-@−＝＋－＠])", "$1")
    return bare.set(bare.str.len_chars() == 0, None)


def _filled_down(table: Table) -> pl.DataFrame:
    """The cells under the heading, with the value of a cell merged over several lines on each of them."""
    cells = table.sheet.cells.slice(table.body)
    targets: dict[int, list[tuple[int, int]]] = {}
    for block in table.sheet.merges:
        if block.top >= table.body and block.left == block.right:
            top = block.top - table.body
            bottom = min(block.bottom - table.body, cells.height - 1)
            targets.setdefault(block.left, []).extend((row, top) for row in range(top + 1, bottom + 1))
    for column, pairs in targets.items():
        series = cells[str(column)]
        rows, sources = zip(*pairs, strict=True) if pairs else ((), ())
        cells = cells.with_columns(series.scatter(list(rows), series.gather(list(sources))))
    return cells
