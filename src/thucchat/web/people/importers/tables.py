"""From sheets to the rows of one kind of list, with every fault on the way named."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from thucchat.web.people.importers.fields import (
    NO_PROBLEMS,
    PROBLEMS,
    Field,
    Kind,
    Parsed,
    gathered,
    problems_of,
)
from thucchat.web.people.importers.headings import Aliases, Table, aliases_of, find_table
from thucchat.web.people.importers.notes import hidden_sheets, no_table
from thucchat.web.people.importers.rows import rows_of
from thucchat.web.shared.spreadsheets.model import Sheet, letters_of

PLACES = pl.Schema({"sheet": pl.String(), "column": pl.String(), "shown": pl.String()})


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """A heading of the file, for a person to say what it is."""

    heading: str
    field: str
    guess: str
    samples: tuple[str, ...]


def columns_seen(kind: Kind, sheets: Sequence[Sheet], chosen: Aliases) -> list[ColumnSeen]:
    """Every different heading of the file, in order, with a few of its values."""
    aliases = aliases_of(kind.fields, chosen)
    seen: dict[str, ColumnSeen] = {}
    for table in _tables(sheets, aliases):
        for column in table.columns:
            if column.heading not in seen:
                values = table.sheet.cells.slice(table.body)[str(column.place)].drop_nulls().head(3)
                seen[column.heading] = ColumnSeen(column.heading, column.field, column.guess, tuple(values))
    return list(seen.values())


def is_sure(kind: Kind, columns: Sequence[ColumnSeen]) -> bool:
    """Whether nobody needs to be asked: no column is merely alike, and the key is there."""
    fields = {column.field for column in columns}
    return not any(column.guess for column in columns) and bool({kind.key, "given"} & fields)


def read_list(kind: Kind, sheets: Sequence[Sheet], chosen: Aliases, today: date) -> Parsed:
    """All rows of all visible sheets. Problems name the field in `column`; see `shown`."""
    aliases = aliases_of(kind.fields, chosen)
    tables = _tables(sheets, aliases)
    problems = hidden_sheets(sheets)
    if not tables:
        problems.append(no_table(sheets))
        return Parsed(_no_rows(kind), gathered(problems), pl.DataFrame(schema=PLACES))
    texts = []
    for table in tables:
        rows, found = rows_of(kind, table, aliases)
        texts.append(rows)
        problems += found
    frame = kind.complete(_with_all_fields(pl.concat(texts, how="diagonal"), kind))
    rows, found = _read(kind, frame)
    everything = _once_a_column(gathered([*problems, *found, *kind.check(rows, today)]))
    return Parsed(rows, everything, pl.concat([_places(table, aliases) for table in tables]))


def _once_a_column(problems: pl.DataFrame) -> pl.DataFrame:
    """Where a whole column is missing, that is said once, not for every line."""
    absent = problems.filter(pl.col("code") == "column.missing").select("sheet", "column")
    again = problems.join(absent, on=["sheet", "column"], how="semi").filter(pl.col("code") == "cell.missing")
    return problems.join(again, on=["sheet", "line", "column", "code"], how="anti", maintain_order="left")


def shown(problems: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Problems with the column as people see it: its letters and heading."""
    joined = problems.join(places, on=["sheet", "column"], how="left", maintain_order="left")
    return joined.with_columns(column=pl.col("shown").fill_null("")).select(PROBLEMS.names())


def _tables(sheets: Sequence[Sheet], aliases: Aliases) -> list[Table]:
    """The tables of the visible sheets; sheets without any known heading count only when all are so."""
    found = [table for sheet in sheets if not sheet.is_hidden and (table := find_table(sheet, aliases))]
    known = [table for table in found if table.places(aliases)]
    return known or found[:1]


def _no_rows(kind: Kind) -> pl.DataFrame:
    empty = pl.DataFrame(
        schema={"sheet": pl.String, "line": pl.Int64} | {field.name: pl.String for field in kind.fields}
    )
    return _read(kind, empty)[0]


def _places(table: Table, aliases: Aliases) -> pl.DataFrame:
    headings = {column.place: column.heading for column in table.columns}
    rows = [
        (table.sheet.name, field, f"{letters_of(places[0])} ({headings[places[0]]})")
        for field, places in table.places(aliases).items()
    ]
    return pl.DataFrame(rows, schema=PLACES, orient="row")


def _with_all_fields(frame: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    absent = [
        pl.lit(None, pl.String).alias(field.name) for field in kind.fields if field.name not in frame.columns
    ]
    return frame.with_columns(absent).select("sheet", "line", *(field.name for field in kind.fields))


def _read(kind: Kind, texts: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Texts to values, column by column."""
    values = texts.select(
        "sheet", "line", *(field.reading.read(pl.col(field.name)).alias(field.name) for field in kind.fields)
    )
    problems = [part for field in kind.fields for part in _faults(field, texts, values)]
    return values, problems or [NO_PROBLEMS]


def _faults(field: Field, texts: pl.DataFrame, values: pl.DataFrame) -> Iterator[pl.DataFrame]:
    lost = texts[field.name].is_not_null() & values[field.name].is_null()
    if lost.any():
        message = pl.format(
            "“{}” " + field.reading.fault.replace("{", "{{").replace("}", "}}"),
            pl.col(field.name).str.slice(0, 60),
        )
        yield problems_of(
            texts.filter(lost),
            pl.lit(value=True),
            column=field.name,
            code=field.reading.code,
            message=message,
        )
    empty = texts[field.name].is_null()
    if field.is_required and empty.any():
        message = pl.lit(f"Thiếu {field.label.lower()}; hãy điền vào ô này.")
        yield problems_of(
            texts.filter(empty), pl.lit(value=True), column=field.name, code="cell.missing", message=message
        )


def heading_row(kind: Kind) -> list[str]:
    """The headings of our own template."""
    return [field.label for field in kind.fields if field.example]
