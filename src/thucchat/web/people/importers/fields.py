"""What a list may hold: its fields, the headings they go under, and what was found wrong."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

PROBLEMS = pl.Schema(
    {
        "sheet": pl.String(),
        "line": pl.Int64(),
        "column": pl.String(),  # the field's name; for people, letters and heading
        "value": pl.String(),
        "code": pl.String(),
        "message": pl.String(),
        "is_error": pl.Boolean(),  # an error keeps the whole file out, a warning does not
    }
)
NO_PROBLEMS = pl.DataFrame(schema=PROBLEMS)


@dataclass(frozen=True, slots=True)
class Reading:
    """How the text of a cell becomes a value; null where it is not one, which `fault` then says."""

    read: Callable[[pl.Expr], pl.Expr]
    code: str
    fault: str  # goes on after the quoted value


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a list."""

    name: str
    label: str
    aliases: tuple[str, ...]  # further headings, in lower case
    reading: Reading
    is_required: bool = False
    example: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of list: its fields, and what is checked across the fields of a row."""

    name: str
    label: str
    fields: tuple[Field, ...]
    complete: Callable[[pl.DataFrame], pl.DataFrame]  # derives fields of a row from others, before reading
    check: Callable[[pl.DataFrame, date], list[pl.DataFrame]]  # rows and today to problems across fields
    key: str = "full_name"  # the field in which a repeated heading is recognised
    class_from_sheet: bool = False  # where no column names the class, the sheet does

    def field(self, name: str) -> Field:
        return next(one for one in self.fields if one.name == name)


@dataclass(frozen=True, slots=True)
class Parsed:
    """All rows of a file, typed, and all problems found on the way."""

    rows: pl.DataFrame  # sheet, line, then a column per field of the kind, null where absent or empty
    problems: pl.DataFrame  # PROBLEMS, `column` being the field's name
    places: pl.DataFrame  # sheet, column (the field's name), shown (letters and heading)


def problems_of(
    frame: pl.DataFrame, where: pl.Expr, *, column: str, code: str, message: pl.Expr, is_error: bool = True
) -> pl.DataFrame:
    """One problem for each row `where` holds; `column` names the field at fault."""
    value = pl.col(column).cast(pl.String) if column in frame.columns else pl.lit(None, pl.String)
    return frame.filter(where).select(
        "sheet",
        "line",
        pl.lit(column).alias("column"),
        value.alias("value"),
        pl.lit(code).alias("code"),
        message.alias("message"),
        pl.lit(is_error).alias("is_error"),
    )


def gathered(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Problems in the order of the file."""
    frames = [part.cast(PROBLEMS) for part in parts if part.height]
    return pl.concat(frames).sort("sheet", "line", maintain_order=True) if frames else NO_PROBLEMS
