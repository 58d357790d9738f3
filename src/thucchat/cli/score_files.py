"""Result files as people have them: a heading row somewhere near the top, CSV, Excel or Parquet."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import fastexcel
import polars as pl

from thucchat.cli.files import SEPARATORS, UNREADABLE, encoding_of, text_cells, unreadable
from thucchat.engine.errors import InvalidInput
from thucchat.engine.vietnamese import tidy

SEARCHED = 20  # rows looked at for the heading
BRACKETED = re.compile(r"\(.*\)")


@dataclass(frozen=True, slots=True)
class Table:
    """Cells under the heading row, and where they stand in the file."""

    cells: pl.DataFrame
    first_row: int  # number of the first row of `cells` in the file, counted from 1
    unread: tuple[str, ...] = ()  # other sheets of the workbook


def read_table(path: Path, is_known: Callable[[str], bool], sheet: str | None = None) -> Table:
    """Read the table of `path`; its heading is the row among the first 20 with most known headings.

    CSV and Excel cells are texts; Parquet keeps its types.
    Raises:
        InvalidInput: `file.type`, `file.unreadable`, `file.ragged`, `file.empty`, `file.sheet`,
            `column.duplicate`.
        FileNotFoundError: no such file.
    """
    if not path.exists():
        raise FileNotFoundError(2, "no such file", str(path))
    suffix = path.suffix.lower()
    try:
        if suffix == ".parquet":
            return _checked(Table(pl.read_parquet(path), 1), path)
        if suffix in {".xlsx", ".xls", ".xlsm", ".ods"}:
            return _checked(_read_excel(path, is_known, sheet), path)
        if suffix in {".csv", ".tsv", ".txt"}:
            return _checked(_read_csv(path, is_known), path)
    except pl.exceptions.NoDataError:
        raise InvalidInput("file.empty", f"Tệp “{path.name}” không có dòng nào.") from None
    except UNREADABLE as error:
        raise unreadable(path) from error
    raise InvalidInput("file.type", f"Tệp “{path.name}” phải là CSV, XLSX hoặc Parquet.")


def fingerprint(path: Path) -> str:
    """SHA-256 of the file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _checked(table: Table, path: Path) -> Table:
    if table.cells.height == 0:
        raise InvalidInput("file.empty", f"Tệp “{path.name}” không có dòng nào dưới tiêu đề.")
    names = _unrepeated([tidy(name) for name in table.cells.columns])
    return replace(table, cells=table.cells.rename(dict(zip(table.cells.columns, names, strict=True))))


def _unrepeated(names: list[str]) -> list[str]:
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        listed = ", ".join(f"“{name}”" for name in repeated)
        message = f"Tệp có nhiều cột cùng tên {listed}; hãy đổi tên hoặc bỏ bớt."
        raise InvalidInput("column.duplicate", message)
    return names


def _read_csv(path: Path, is_known: Callable[[str], bool]) -> Table:
    with path.open(encoding=encoding_of(path), errors="replace") as text:
        lines = [line for line, _ in zip(text, range(SEARCHED), strict=False)]
    separator = max(SEPARATORS, key=lambda mark: max((line.count(mark) for line in lines), default=0))
    rows = [[cell.strip().strip('"') for cell in line.split(separator)] for line in lines]
    heading = _heading_row(rows, is_known)
    cells = text_cells(path, separator, skip=heading)
    return Table(_under_heading(cells, 0), heading + 2)


def _read_excel(path: Path, is_known: Callable[[str], bool], sheet: str | None) -> Table:
    names = fastexcel.read_excel(path).sheet_names
    if sheet is not None and sheet not in names:
        present = ", ".join(f"“{name}”" for name in names)
        raise InvalidInput("file.sheet", f"Tệp “{path.name}” không có trang tính “{sheet}”; có: {present}.")
    cells = pl.read_excel(
        path,
        sheet_name=sheet,
        has_header=False,
        infer_schema_length=0,
        drop_empty_rows=False,
        drop_empty_cols=False,
        read_options={"skip_rows": 0},
    )
    heading = _heading_row(cells.head(SEARCHED).rows(), is_known)
    table = _under_heading(cells, heading)
    notes = _notes_below(table)
    unread = tuple(name for name in names if name != (sheet or names[0]))
    return Table(table.slice(notes), heading + 2 + notes, unread)


def _heading_row(rows: Sequence[Sequence[str | None]], is_known: Callable[[str], bool]) -> int:
    known = [sum(is_known(cell) for cell in row if cell and tidy(cell)) for row in rows]
    return known.index(max(known)) if known else 0


def _under_heading(cells: pl.DataFrame, heading: int) -> pl.DataFrame:
    titles = [tidy(title or "").lstrip("\ufeff") for title in cells.row(heading)]
    below = cells.slice(heading + 1)
    named = [
        below[:, place].alias(title or f"cột {place + 1}")
        for place, title in enumerate(titles)
        if title or below[:, place].drop_nulls().len()
    ]
    _unrepeated([series.name for series in named])
    return pl.DataFrame(named)


def _notes_below(table: pl.DataFrame) -> int:
    """Rows such as “(HS 1)” that belong to the heading."""
    count = 0
    for row in table.head(3).iter_rows():
        filled = [tidy(cell) for cell in row if cell and tidy(cell)]
        if not filled or not all(BRACKETED.fullmatch(cell) for cell in filled):
            break
        count += 1
    return count
