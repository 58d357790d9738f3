"""What was read from a spreadsheet: sheets of text cells, with what the eye could not see."""

from dataclasses import dataclass

import polars as pl

LETTERS = 26


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged block; places count from 0, ends are included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. Row 0 of `cells` is line 1 of the sheet, its column "0" is column A."""

    name: str
    cells: pl.DataFrame  # text; null where empty; dates as 2014-05-06 00:00:00
    merges: tuple[Merge, ...] = ()
    hidden_rows: tuple[int, ...] = ()  # places of rows the reader of the sheet does not see
    hidden_columns: tuple[int, ...] = ()
    failed: tuple[str, ...] = ()  # cells that show an error such as #N/A
    is_hidden: bool = False


def letters_of(column: int) -> str:
    """The name of a column: 0 is A, 27 is AB."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, LETTERS)
        name = chr(ord("A") + rest) + name
    return name
