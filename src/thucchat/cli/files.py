"""Tables and results of the command line: CSV, XLSX or Parquet in; JSON or CSV out."""

import csv
import io
import json
import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, is_dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import numpy as np
import polars as pl
from fastexcel import FastExcelError

from thucchat.engine.errors import InvalidInput

SEPARATORS = (",", ";", "\t")
ENCODINGS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
UNREADABLE = (pl.exceptions.PolarsError, FastExcelError, ValueError, OSError, csv.Error)
TOO_LONG = (pl.exceptions.ComputeError, pl.exceptions.SchemaError)  # among others, for rows beyond the width


def read_frame(path: Path, *, as_text: bool = False) -> pl.DataFrame:
    """The first sheet of a file as a frame, one row per line under the heading.

    Column types are inferred from all rows; with `as_text` every cell stays as it was written, so
    leading zeros and letters survive. Empty cells are null. CSV may be separated by `,` `;` or tab.
    Raises:
        InvalidInput: `file.type`, `file.unreadable`, `file.ragged`, `file.empty`.
    """
    if not path.exists():
        raise FileNotFoundError(2, "no such file", str(path))
    readers = {
        ".csv": _read_csv,
        ".tsv": _read_csv,
        ".txt": _read_csv,
        ".xlsx": _read_excel,
        ".xls": _read_excel,
    }
    suffix = path.suffix.lower()
    try:
        if suffix == ".parquet":
            frame = pl.read_parquet(path)
            return frame.cast(pl.String) if as_text else frame
        if suffix in readers:
            return readers[suffix](path, as_text=as_text)
    except pl.exceptions.NoDataError:
        raise InvalidInput("file.empty", f"Tệp “{path.name}” không có dòng nào.") from None
    except UNREADABLE as error:
        raise unreadable(path) from error
    raise InvalidInput("file.type", f"Tệp “{path.name}” phải là CSV, XLSX hoặc Parquet.")


def unreadable(path: Path) -> InvalidInput:
    """The refusal of a file that a library cannot read; the library's own words stay in its cause."""
    kind = path.suffix.removeprefix(".").upper()
    return InvalidInput(
        "file.unreadable",
        f"Không đọc được tệp “{path.name}”: tệp hỏng, bị khoá, hoặc không đúng dạng {kind}. "
        "Hãy mở tệp rồi lưu lại thành XLSX hoặc CSV UTF-8.",
    )


def encoding_of(path: Path) -> str:
    """UTF-16 where a text file begins by saying so, else UTF-8."""
    with path.open("rb") as file:
        return ENCODINGS.get(file.read(2), "utf-8-sig")


def text_rows(path: Path, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Cells of a text file line by line, with the number of the line; several blanks separate as one."""
    blanks = separator == " "
    with path.open(encoding=encoding_of(path), errors="replace", newline="") as text:
        reader = csv.reader(text, delimiter=separator, skipinitialspace=blanks)
        for cells in reader:
            yield reader.line_num, cells[:-1] if blanks and cells and not cells[-1] else cells


def text_cells(path: Path, separator: str, *, skip: int, width: int | None = None) -> pl.DataFrame:
    """Cells below the first `skip` lines as text, in `width` columns or as many as the first row has.

    Short rows are filled with nulls; surplus cells without anything in them are cut off.
    Raises:
        InvalidInput: `file.ragged`.
    """
    source = _source(path, separator)
    schema = None if width is None else {f"column_{place + 1}": pl.String for place in range(width)}

    def read(surplus: Literal["ignore", "raise"]) -> pl.DataFrame:
        return pl.read_csv(
            source,
            separator="\t" if separator == " " else separator,
            skip_lines=skip,
            has_header=False,
            schema=schema,
            infer_schema_length=0,
            encoding="utf8-lossy",
            raise_if_empty=width is None,
            missing_columns="insert",
            extra_columns=surplus,
            truncate_ragged_lines=surplus == "ignore",
        )

    try:
        return read("raise")
    except TOO_LONG:
        refuse_long_rows(path, separator, skip=skip, width=width)
        return read("ignore")


def _source(path: Path, separator: str) -> Path | bytes:
    """What polars can read: UTF-8, with tabs in the place of blanks that separate."""
    if separator == " ":
        tabbed = io.StringIO()
        csv.writer(tabbed, delimiter="\t", lineterminator="\n").writerows(
            cells for _, cells in text_rows(path, separator)
        )
        return tabbed.getvalue().encode()
    encoding = encoding_of(path)
    return path if encoding == "utf-8-sig" else path.read_text(encoding=encoding).encode()


def refuse_long_rows(path: Path, separator: str, *, skip: int, width: int | None = None) -> None:
    """Refuse a text file with something beyond `width` cells, by default those of the first row after `skip`.

    Raises:
        InvalidInput: `file.ragged` naming the first such line.
    """
    for line, cells in text_rows(path, separator):
        if line <= skip:
            continue
        width = len(cells) if width is None else width
        if any(cell.strip() for cell in cells[width:]):
            raise InvalidInput(
                "file.ragged",
                f"Tệp “{path.name}”, dòng {line}: có {len(cells)} ô trong khi tiêu đề có {width}. "
                "Hãy bổ sung tiêu đề hoặc bỏ ô thừa; số có dấu phẩy phải đặt trong ngoặc kép.",
                line=line,
            )


def _read_csv(path: Path, *, as_text: bool) -> pl.DataFrame:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        heading = file.readline()
    separator = max(SEPARATORS, key=heading.count)
    length = 0 if as_text else None
    try:
        return pl.read_csv(path, separator=separator, infer_schema_length=length, encoding="utf8-lossy")
    except TOO_LONG:
        refuse_long_rows(path, separator, skip=0)
        raise


def _read_excel(path: Path, *, as_text: bool) -> pl.DataFrame:
    return pl.read_excel(path, infer_schema_length=0 if as_text else None)


def to_plain(value: object) -> Any:
    """Make a result printable as JSON: arrays as lists, NaN and infinity as null, dataclasses by field."""
    if is_dataclass(value) and not isinstance(value, type):
        return to_plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return to_plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [to_plain(item) for item in value]
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, (Decimal, np.integer)):
        return float(value) if isinstance(value, Decimal) else int(value)
    return value


def write_json(payload: object, out: Path | None = None) -> None:
    """Print `payload`, or write it to `out`, as UTF-8 JSON with full precision."""
    text = json.dumps(to_plain(payload), ensure_ascii=False, indent=1)
    write_text(text + "\n", out)


def write_frame(frame: pl.DataFrame, out: Path | None = None) -> None:
    """Print `frame`, or write it to `out`, as CSV."""
    write_text(frame.write_csv(), out)


def write_text(text: str, out: Path | None = None) -> None:
    """Print `text`, or write it to `out` whole or not at all."""
    if out is None:
        sys.stdout.write(text)
        return
    draft = out.with_name(out.name + ".part")
    draft.write_text(text, encoding="utf-8")
    draft.replace(out)
