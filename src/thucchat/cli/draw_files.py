"""Tables that a draw is made of: the pool, weights, commitments, matrix, units that sit."""

import argparse
from hashlib import sha256
from pathlib import Path

import polars as pl

from thucchat.cli.files import read_frame
from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.draw.model import PAPER_CELL, SOURCE_KINDS, Entry, Rules, Source


def read_table(path: Path, *needed: str) -> pl.DataFrame:
    """A table as texts, headings and cells trimmed, without empty lines.

    Raises:
        InvalidInput: `column.missing` naming the columns.
    """
    frame = read_frame(path, as_text=True)
    frame = frame.rename({name: name.strip().lower() for name in frame.columns})
    frame = frame.with_columns(pl.all().cast(pl.String).str.strip_chars()).with_columns(
        pl.all().replace("", None)
    )
    if absent := [name for name in needed if name not in frame.columns]:
        message = f"Tệp “{path.name}” thiếu cột {', '.join(absent)}."
        raise InvalidInput("column.missing", message, columns=absent)
    return frame.filter(~pl.all_horizontal(pl.all().is_null()))


def read_pairs(path: Path, key: str, value: str) -> dict[str, str]:
    """Two columns as a mapping. Raises InvalidInput: `cell.blank`, `row.twice`."""
    pairs: dict[str, str] = {}
    for line, row in enumerate(read_table(path, key, value).iter_rows(named=True), start=2):
        if row[key] is None or row[value] is None:
            raise InvalidInput("cell.blank", f"Tệp “{path.name}” dòng {line}: ô {key} hoặc {value} trống.")
        if row[key] in pairs:
            raise InvalidInput("row.twice", f"Tệp “{path.name}” dòng {line}: “{row[key]}” đã có ở trên.")
        pairs[row[key]] = row[value]
    return pairs


def read_pool(path: Path) -> tuple[Entry, ...]:
    """The pool, sorted by id; a column `file` is fingerprinted here, beside the table.

    Raises:
        InvalidInput: `column.missing`, `cell.blank`, `cell.number`.
    """
    frame = read_table(path, "id", "unit")
    if "fingerprint" not in frame.columns and "file" not in frame.columns:
        raise InvalidInput("column.missing", f"Tệp “{path.name}” cần cột fingerprint hoặc cột file.")
    rows = enumerate(frame.iter_rows(named=True), start=2)
    return tuple(sorted((_entry(path, line, row) for line, row in rows), key=lambda entry: entry.id))


def _entry(path: Path, line: int, row: dict[str, str | None]) -> Entry:
    code, unit = row["id"], row["unit"]
    if code is None or unit is None:
        raise InvalidInput("cell.blank", f"Tệp “{path.name}” dòng {line}: thiếu mã đề hoặc đơn vị.")
    printed, file = row.get("fingerprint"), row.get("file")
    if printed is None and file is not None:
        printed = sha256((path.parent / file).read_bytes()).hexdigest()
    size = _whole(row.get("size") or "1", f"Tệp “{path.name}” dòng {line}, cột size")
    return Entry(code, unit, (printed or "").lower(), row.get("cell") or PAPER_CELL, size)


def _whole(text: str, where: str) -> int:
    if not text.isdecimal():
        raise InvalidInput("cell.number", f"{where}: “{text}” không phải là số nguyên.")
    return int(text)


def read_rules(options: argparse.Namespace) -> Rules:
    """What the options of `draw freeze` ask for.

    Where no unit may sit its own paper, a spare from another unit is drawn too.
    """
    sitting: tuple[str, ...] = ()
    if options.sitting:
        units = read_table(options.sitting, "unit")["unit"].drop_nulls()
        sitting = tuple(dict.fromkeys(units))
    own_cap = 0 if sitting and options.own_cap is None else options.own_cap
    matrix: tuple[tuple[str, int], ...] = ((PAPER_CELL, 1),)
    draw_cap = options.draw_cap
    if options.matrix:
        counts = read_pairs(options.matrix, "cell", "count")
        matrix = tuple((cell, _whole(count, f"Ô “{cell}”")) for cell, count in counts.items())
    elif sitting and draw_cap is None:
        draw_cap = 1
    forms = options.forms if options.forms is not None else 1 + (own_cap is not None)
    return Rules(matrix, forms, options.form_cap, draw_cap, own_cap, sitting)


def read_source(text: str) -> Source:
    """A source written KIND:NAME. Raises InvalidInput: `draw.sources`."""
    kind, _, name = text.partition(":")
    for known in SOURCE_KINDS:
        if kind.strip() == known and name.strip():
            return Source(known, name.strip())
    kinds = ", ".join(SOURCE_KINDS)
    raise InvalidInput("draw.sources", f"“{text}” phải có dạng LOẠI:TÊN, loại là một trong {kinds}.")
