"""What a file would change: line by line for people, table by table for the database."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from thucchat.web.people.importers.fields import NO_PROBLEMS, gathered

EMPTY = "trống"
LINES = pl.Schema(
    {
        "sheet": pl.String(),
        "line": pl.Int64(),
        "action": pl.String(),  # new, changed, same or skipped
        "who": pl.String(),
        "changes": pl.String(),  # “Ngày sinh: 05/06/2014 → 06/05/2014; …”
    }
)
MISSING = pl.Schema({"id": pl.Int64(), "who": pl.String(), "where": pl.String()})


@dataclass(frozen=True, slots=True)
class Compared:
    """One column of the database that the file may change."""

    column: str
    label: str
    default: str | bool | None = ""
    names: Mapping[str, str] = field(default_factory=dict)  # code to words
    any_case: bool = False  # a name all in capitals is the same name

    @property
    def value(self) -> pl.Expr:
        """The value after the import: an empty cell leaves what was there."""
        old, new = pl.col(f"{self.column}_before"), pl.col(self.column)
        if self.any_case:
            new = pl.when(new.str.to_lowercase() == old.str.to_lowercase()).then(old).otherwise(new)
        return pl.coalesce(new, old, pl.lit(self.default))

    def told(self, column: str) -> pl.Expr:
        """The value of `column` in words."""
        value = pl.col(column)
        if isinstance(self.default, bool):
            return pl.when(value).then(pl.lit("có")).otherwise(pl.lit("không"))
        if self.default is None:
            return value.dt.strftime("%d/%m/%Y").fill_null(EMPTY)
        worded = value.replace(self.names) if self.names else value
        return pl.when(value.is_null() | (value == "")).then(pl.lit(EMPTY)).otherwise(worded)

    @property
    def has_changed(self) -> pl.Expr:
        if self.default is None:
            return pl.col(self.column).ne_missing(pl.col(f"{self.column}_before"))
        return pl.col(self.column).fill_null(self.default) != pl.col(f"{self.column}_before").fill_null(
            self.default
        )


def after_import(rows: pl.DataFrame, compared: Sequence[Compared]) -> pl.DataFrame:
    """Rows with each compared column as it will be."""
    return rows.with_columns(one.value.alias(one.column) for one in compared)


def with_changes(rows: pl.DataFrame, compared: Sequence[Compared]) -> pl.DataFrame:
    """Adds `action` and `changes`; a row whose `id_before` is null is new."""
    is_old = pl.col("id_before").is_not_null()
    told = [
        pl.when(is_old & one.has_changed).then(
            pl.format(one.label + ": {} → {}", one.told(f"{one.column}_before"), one.told(one.column))
        )
        for one in compared
    ]
    changed = pl.any_horizontal(one.has_changed for one in compared)
    action = (
        pl.when(~is_old).then(pl.lit("new")).when(changed).then(pl.lit("changed")).otherwise(pl.lit("same"))
    )
    return rows.with_columns(
        action.alias("action"), pl.concat_str(told, separator="; ", ignore_nulls=True).alias("changes")
    )


@dataclass(frozen=True, slots=True)
class Write:
    """Rows of one table to add and to change. Columns are the table's."""

    table: str
    inserts: pl.DataFrame  # with id
    updates: pl.DataFrame  # with id and version (the row's xmin when it was compared), then new values
    before: pl.DataFrame  # id and the values found, for undoing
    lists: tuple[str, ...] = ()  # columns that are arrays, given as text separated by "; "


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a file would change."""

    lines: pl.DataFrame  # LINES
    writes: tuple[Write, ...]  # in the order in which they must be written
    problems: pl.DataFrame  # PROBLEMS, besides those of reading
    missing: pl.DataFrame  # MISSING: people of the same classes or schools who are not in the file

    @property
    def fingerprint(self) -> str:
        """The same as long as the file would change the same things."""
        facts = self.lines.select("sheet", "line", "action", "changes").write_csv()
        return hashlib.sha256(facts.encode()).hexdigest()

    def count(self, action: str) -> int:
        return int((self.lines["action"] == action).sum())


NOTHING = Plan(pl.DataFrame(schema=LINES), (), NO_PROBLEMS, pl.DataFrame(schema=MISSING))


def split_writes(
    table: str, rows: pl.DataFrame, columns: Sequence[str], *, lists: tuple[str, ...] = ()
) -> Write:
    """The write of rows that carry `action`, `id`, `version`, and each column with its value before."""
    changed = rows.filter(pl.col("action") == "changed")
    before = changed.select("id", *(pl.col(f"{column}_before").alias(column) for column in columns))
    blank = pl.col(pl.String).fill_null("")  # the tables hold empty texts, never null ones
    return Write(
        table,
        rows.filter(pl.col("action") == "new").select("id", *columns).with_columns(blank),
        changed.select("id", "version", *columns).with_columns(blank),
        before.with_columns(blank),
        lists,
    )


__all__ = [
    "EMPTY",
    "LINES",
    "MISSING",
    "NOTHING",
    "Compared",
    "Plan",
    "Write",
    "after_import",
    "gathered",
    "split_writes",
    "with_changes",
]
