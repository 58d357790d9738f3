"""Tables and results of the command line: CSV, XLSX or Parquet in; JSON or CSV out."""

import json
import math
import sys
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from fastexcel import FastExcelError

from thucchat.engine.errors import InvalidInput

SEPARATORS = (",", ";", "\t")


def read_frame(path: Path, *, as_text: bool = False) -> pl.DataFrame:
    """The first sheet of a file as a frame, one row per line under the heading.

    Column types are inferred from all rows; with `as_text` every cell stays as it was written, so
    leading zeros and letters survive. Empty cells are null. CSV may be separated by `,` `;` or tab.
    Raises:
        InvalidInput: `file.type`, `file.unreadable`, `file.empty`.
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
    except (pl.exceptions.PolarsError, FastExcelError, ValueError, OSError) as error:
        raise InvalidInput("file.unreadable", f"Không đọc được tệp “{path.name}”: {error}") from error
    raise InvalidInput("file.type", f"Tệp “{path.name}” phải là CSV, XLSX hoặc Parquet.")


def _read_csv(path: Path, *, as_text: bool) -> pl.DataFrame:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        heading = file.readline()
    separator = max(SEPARATORS, key=heading.count)
    length = 0 if as_text else None
    return pl.read_csv(path, separator=separator, infer_schema_length=length, encoding="utf8-lossy")


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
