"""Whole tables in and out of the database: PostgreSQL's COPY on one side, frames on the other.

Row-level security binds both ways: COPY of a query shows only rows in scope, and rows go in through a
temporary table, since COPY into a protected table is not allowed.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import polars as pl
from django.db import connection


def copy_out(
    query: str, schema: pl.Schema, parameters: Sequence[Any] | Mapping[str, Any] = ()
) -> pl.DataFrame:
    """The rows of `query` in the order of `schema`; empty texts come as null."""
    texts = {name: pl.String() if kind == pl.Boolean else kind for name, kind in schema.items()}
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)", parameters) as copy,
    ):
        data = b"".join(copy)
    if not data:
        return pl.DataFrame(schema=schema)
    frame = pl.read_csv(data, has_header=False, schema=pl.Schema(texts), try_parse_dates=False)
    booleans = [name for name, kind in schema.items() if kind == pl.Boolean]
    blank = [pl.col(name).replace("", None) for name, kind in schema.items() if kind == pl.String]
    return frame.with_columns(pl.col(name) == "t" for name in booleans).with_columns(blank)


@contextmanager
def joined_by_hash() -> Iterator[None]:
    """For queries that join whole lists: the planner takes any scope for a few rows."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
    yield
    if not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_nestloop = on")


def copy_in(frame: pl.DataFrame, table: str, columns: str) -> None:
    """Put `frame` into a new temporary table of the given columns; it goes with the transaction."""
    names = ", ".join(f'"{name}"' for name in frame.columns)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
        cursor.execute(f"CREATE TEMPORARY TABLE {table} ({columns}) ON COMMIT DROP")
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)") as copy:
            for part in frame.iter_slices(50_000):
                copy.write(part.write_csv(include_header=False).encode())
        cursor.execute(f"ANALYZE {table}")


def copy_in_like(frame: pl.DataFrame, table: str, like: str, *, texts: Sequence[str] = ()) -> None:
    """As `copy_in`, with the column types of table `like`; columns in `texts` stay text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
            "WHERE attrelid = %s::regclass AND attnum > 0",
            [like],
        )
        types = dict(cursor.fetchall())
    columns = ", ".join(
        f'"{name}" {"text" if name in texts else types.get(name, "bigint")}' for name in frame.columns
    )
    copy_in(frame, table, columns)


def whole_number(name: str, digits: int) -> pl.Expr:
    """Numbers with the zeros that spreadsheets drop from their beginning; other texts stay."""
    text = pl.col(name)
    return pl.when(text.str.contains(r"^\d+$")).then(text.str.zfill(digits)).otherwise(text).alias(name)
