"""Columns of a table read as text: numbers with comma or point, codes as written, blanks as missing."""

from collections.abc import Iterable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput
from thucchat.engine.vietnamese import tidy

BLANK = ("", "-", ".", "na", "n/a", "nan", "null", "none")
NUMBER = r"^[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?$"


def without_empty_tail(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame without the empty rows that spreadsheets leave at the end; row numbers stay right."""
    written = frame.select(
        pl.any_horizontal(pl.all().cast(pl.String).str.strip_chars().fill_null("") != "").alias("written")
    )["written"]
    return frame.head(written.arg_true().to_list()[-1] + 1) if written.any() else frame.clear()


def find_column(frame: pl.DataFrame, name: str) -> str:
    """The heading written as `name`, or, when none is, the only one that differs in case and spaces alone.

    Raises:
        InvalidInput: `column.missing`.
    """
    if name in frame.columns:
        return name
    alike = [heading for heading in frame.columns if tidy(heading).lower() == tidy(name).lower()]
    if len(alike) == 1:
        return alike[0]
    present = ", ".join(f"“{heading}”" for heading in frame.columns[:20])
    raise InvalidInput("column.missing", f"Không có cột “{name}”. Các cột trong tệp: {present}.")


def number_column(frame: pl.DataFrame, name: str) -> NDArray[np.float64]:
    """A column as numbers, NaN where blank. Decimal comma or point.

    Shapes:
        Returns (rows,).
    Raises:
        InvalidInput: `column.missing`, `column.number` naming the first cell that is no number.
    """
    text = _stripped(frame, name)
    written = text.str.contains(NUMBER).fill_null(value=True)
    if not written.all():
        row = int((~written).arg_max() or 0)
        raise InvalidInput(
            "column.number", f"Dòng {row + 2}, cột “{name}”: “{text[row]}” không phải là số.", row=row + 2
        )
    return text.str.replace(",", ".", literal=True).cast(pl.Float64).fill_null(np.nan).to_numpy().copy()


def number_columns(frame: pl.DataFrame, names: Iterable[str]) -> NDArray[np.float64]:
    """Several columns side by side. Shapes: (rows, columns)."""
    return np.column_stack([number_column(frame, name) for name in names])


def text_column(frame: pl.DataFrame, name: str) -> list[str | None]:
    """A column of codes or names as written, None where blank."""
    return _stripped(frame, name, blanks=("",)).to_list()


def code_column(frame: pl.DataFrame, name: str) -> tuple[list[str], NDArray[np.int64]]:
    """A column of codes as numbers 0, 1, … in order of first appearance, -1 where blank, and their names."""
    text = _stripped(frame, name, blanks=("",))
    names = text.drop_nulls().unique(maintain_order=True).to_list()
    places = pl.DataFrame({"code": pl.Series(names, dtype=pl.String)}).with_row_index("place")
    found = pl.DataFrame({"code": text}).join(places, on="code", how="left", maintain_order="left")["place"]
    return names, found.cast(pl.Int64).fill_null(-1).to_numpy().copy()


def key_columns(frame: pl.DataFrame, names: Iterable[str]) -> tuple[pl.DataFrame, NDArray[np.int64]]:
    """Every combination of several code columns that occurs, sorted, and the place of each row's in it.

    Rows with a blank among them have -1.
    """
    keys = pl.DataFrame({name: _stripped(frame, name, blanks=("",)) for name in names})
    found = keys.drop_nulls().unique().sort(keys.columns)
    joined = keys.join(found.with_row_index("place"), on=keys.columns, how="left", maintain_order="left")
    return found, joined["place"].cast(pl.Int64).fill_null(-1).to_numpy().copy()


def _stripped(frame: pl.DataFrame, name: str, blanks: tuple[str, ...] = BLANK) -> pl.Series:
    text = frame[find_column(frame, name)].cast(pl.String).str.strip_chars()
    return text.set(text.str.to_lowercase().is_in(blanks).fill_null(value=True), None)
