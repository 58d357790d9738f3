"""Tables whose heading must be found: every cell as text, whatever stands above or instead of a heading."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import polars as pl

from thucchat.cli.files import UNREADABLE, encoding_of, refuse_long_rows, text_cells, text_rows, unreadable
from thucchat.cli.headings import PERSON_NAMES
from thucchat.engine.errors import InvalidInput
from thucchat.engine.vietnamese import tidy, unaccented

SEPARATORS = ("\t", ";", ",")  # a comma may be a decimal comma, so it comes last
FEWEST_BLANK = 3  # cells that blanks must make of a line, for two words do not make a table
SEARCHED = 20  # lines looked at for the heading
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
EXCEL = {".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"}


def read_grid(path: Path) -> pl.DataFrame:
    """The table of the first sheet as text, named by its heading; without a heading, columns are C1, C2 …

    Lines above the heading are passed over. A column without a name is called “cột” and its number. Where
    every row has one cell more than the heading and no two rows begin alike, rows begin with their names.
    Raises:
        InvalidInput: `file.type`, `file.unreadable`, `file.ragged`, `file.empty`, `column.duplicate`.
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
    except UNREADABLE as error:
        raise unreadable(path) from error
    if frame.height == 0:
        raise InvalidInput("file.empty", f"Tệp “{path.name}” không có dòng nào dưới tiêu đề.")
    return frame


def _from_text(path: Path) -> pl.DataFrame:
    with path.open(encoding=encoding_of(path), errors="replace", newline="") as text:
        separator = _separator([line for line, _ in zip(text, range(SEARCHED), strict=False)])
    lines = list(islice(text_rows(path, separator), SEARCHED))
    heading, names = _heading([cells for _, cells in lines])
    above = lines[heading][0] if heading >= 0 and lines else 0
    frame = text_cells(path, separator, skip=above, width=len(names) + 1)
    if frame[:, -1].null_count() < frame.height:
        if _begin_with_names(path, separator, above, names):
            return _named(frame, ["", *names])
        refuse_long_rows(path, separator, skip=above, width=len(names))
    return _named(frame[:, : len(names)], names)


def _begin_with_names(path: Path, separator: str, above: int, heading: Sequence[str]) -> bool:
    """R leaves out the heading of its row names. Where a heading begins with a code, codes differ as well."""
    rows = [cells for line, cells in text_rows(path, separator) if line > above and cells]
    names = 2 if unaccented(heading[0]) in PERSON_NAMES else 1
    return {len(cells) for cells in rows} == {len(heading) + 1} and all(
        len({cells[place] for cells in rows}) == len(rows) for place in range(names)
    )


def _separator(lines: Sequence[str]) -> str:
    """The first mark that most lines hold, else blanks where most lines have the same number of words."""
    for mark in SEPARATORS:
        if sum(mark in line for line in lines) > len(lines) / 2:
            return mark
    words = Counter(len(next(csv.reader([line], delimiter=" ", skipinitialspace=True), [])) for line in lines)
    count, times = words.most_common(1)[0] if words else (0, 0)
    return " " if count >= FEWEST_BLANK and times > len(lines) / 2 else ","


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
    kept, chosen = [], []
    for place, name in enumerate(names):
        if name or frame[:, place].null_count() < frame.height:
            kept.append(place)
            chosen.append(name or f"cột {place + 1}")
    if doubled := sorted({name for name in chosen if chosen.count(name) > 1}):
        quoted = ", ".join(f"“{name}”" for name in doubled)
        raise InvalidInput(
            "column.duplicate", f"Tệp có nhiều cột cùng tên {quoted}; hãy đổi tên hoặc bỏ bớt."
        )
    return pl.DataFrame([frame[:, place].alias(name) for place, name in zip(kept, chosen, strict=True)])
