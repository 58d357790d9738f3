"""Tables whose heading must be found: every cell as text, whatever stands above or instead of a heading."""

import csv
import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl
from fastexcel import FastExcelError

from thucchat.engine.errors import InvalidInput
from thucchat.engine.vietnamese import tidy

SEPARATORS = ("\t", ";", ",")  # a comma may be a decimal comma, so it comes last
ENCODINGS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
SEARCHED = 20  # lines looked at for the heading
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
EXCEL = {".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"}


def read_grid(path: Path) -> pl.DataFrame:
    """The table of the first sheet as text, named by its heading; without a heading, columns are C1, C2 …

    Lines above the heading are passed over. A column without a name is called “cột” and its number.
    Raises:
        InvalidInput: `file.type`, `file.unreadable`, `file.empty`, `column.duplicate`.
        FileNotFoundError: no such file.
    """
    if not path.exists():
        raise FileNotFoundError(2, "no such file", str(path))
    suffix = path.suffix.lower()
    try:
        if suffix == ".parquet":
            frame = pl.read_parquet(path).cast(pl.String)
        elif suffix in EXCEL:
            frame = _from_excel(path)
        elif suffix in {".csv", ".tsv", ".txt"}:
            frame = _from_text(path)
        else:
            raise InvalidInput("file.type", f"Tệp “{path.name}” phải là CSV, XLSX hoặc Parquet.")
    except pl.exceptions.NoDataError:
        raise InvalidInput("file.empty", f"Tệp “{path.name}” không có dòng nào.") from None
    except (pl.exceptions.PolarsError, FastExcelError, ValueError, OSError, csv.Error) as error:
        reason = str(error).split("\n", 1)[0]
        raise InvalidInput("file.unreadable", f"Không đọc được tệp “{path.name}”: {reason}") from error
    if frame.height == 0:
        raise InvalidInput("file.empty", f"Tệp “{path.name}” không có dòng nào dưới tiêu đề.")
    return frame


def _from_text(path: Path) -> pl.DataFrame:
    with path.open("rb") as file:
        encoding = ENCODINGS.get(file.read(2), "utf-8-sig")
    with path.open(encoding=encoding, errors="replace", newline="") as text:
        lines = [line for line, _ in zip(text, range(SEARCHED), strict=False)]
    separator = _separator(lines)
    rows = [next(csv.reader([line], delimiter=separator), []) for line in lines]
    heading, names = _heading(rows)
    frame = pl.read_csv(
        path if encoding == "utf-8-sig" else path.read_text(encoding=encoding).encode(),
        separator=separator,
        skip_lines=heading + 1,
        has_header=False,
        infer_schema_length=0,
        encoding="utf8-lossy",
        raise_if_empty=False,
    )
    return _named(frame, names)


def _separator(lines: Sequence[str]) -> str:
    """The first mark that most lines hold."""
    for mark in SEPARATORS:
        if sum(mark in line for line in lines) > len(lines) / 2:
            return mark
    return ","


def _from_excel(path: Path) -> pl.DataFrame:
    cells = pl.read_excel(path, has_header=False, infer_schema_length=0, drop_empty_rows=False)
    heading, names = _heading([[cell or "" for cell in row] for row in cells.head(SEARCHED).rows()])
    return _named(cells.slice(heading + 1), names)


def _heading(rows: Sequence[Sequence[str]]) -> tuple[int, list[str]]:
    """Place and names of the heading: the first row filled in half its width; −1 when there is none."""
    widest = max((len(row) for row in rows), default=0)
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    place = next((n for n, count in enumerate(filled) if count * 2 >= widest and count), 0)
    names = [tidy(cell).lstrip("\ufeff") for cell in rows[place]] if rows else []
    numbers = [name for name in names if NUMBER.fullmatch(name)]
    if len(numbers) == len(names) and len(set(numbers)) < len(numbers):
        return place - 1, [f"C{number}" for number in range(1, len(names) + 1)]
    return place, names


def _named(frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """`frame` with the names of its heading; nameless columns that are empty are dropped."""
    listed = [*names, *[""] * (frame.width - len(names))][: frame.width]
    kept, chosen = [], []
    for place, name in enumerate(listed):
        if name or frame[:, place].null_count() < frame.height:
            kept.append(place)
            chosen.append(name or f"cột {place + 1}")
    if doubled := sorted({name for name in chosen if chosen.count(name) > 1}):
        quoted = ", ".join(f"“{name}”" for name in doubled)
        raise InvalidInput(
            "column.duplicate", f"Tệp có nhiều cột cùng tên {quoted}; hãy đổi tên hoặc bỏ bớt."
        )
    return pl.DataFrame([frame[:, place].alias(name) for place, name in zip(kept, chosen, strict=True)])
