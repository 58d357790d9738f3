"""Tables of responses as people have them: persons × items or long form, scored or as letters with a key."""

import argparse
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from thucchat.cli.columns import BLANK, find_column
from thucchat.cli.grids import read_grid
from thucchat.cli.headings import ITEM_NAMES, KEY_NAMES, PERSON_NAMES, ROW_NAMES
from thucchat.cli.item_columns import chosen_columns, item_columns, points
from thucchat.cli.person_rows import person_rows
from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.keys import rule_of_key
from thucchat.engine.measurement.scoring import Rule
from thucchat.engine.vietnamese import unaccented

WORDS = {"true": "1", "false": "0"}


@dataclass(frozen=True, slots=True)
class ResponseTable:
    """Cells of the item columns as text, null where empty."""

    persons: tuple[str, ...]
    items: tuple[str, ...]
    cells: pl.DataFrame  # a text column per item
    others: pl.DataFrame  # the remaining columns, as text
    caveats: tuple[str, ...]

    def of_rows(self, rows: Sequence[int]) -> "ResponseTable":
        """The same table for some persons only."""
        persons = tuple(self.persons[row] for row in rows)
        return replace(self, persons=persons, cells=self.cells[rows], others=self.others[rows])


def add_response_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments that every command over responses shares."""
    parser.add_argument("file", type=Path, metavar="TỆP", help="bảng thí sinh × câu hỏi (CSV, XLSX, Parquet)")
    parser.add_argument("--id", metavar="CỘT", help="cột mã thí sinh; mặc định tự nhận")
    parser.add_argument(
        "--items",
        dest="item_pattern",
        metavar="MẪU",
        help="cột câu hỏi, ví dụ 'Q*' hoặc 'c1,c2' hoặc 'c1:c40'",
    )
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
    parser.add_argument("--out", type=Path, metavar="TỆP", help="ghi kết quả vào tệp thay vì in ra")


def read_responses(
    path: Path,
    *,
    identity: str | None,
    pattern: str | None,
    names: Collection[str] | None = None,
    letters: bool = False,
    used: Sequence[str | None] = (),
) -> ResponseTable:
    """Read a table of responses; with `letters` cells that are no numbers belong to items too.

    Items are the columns of `pattern`, those among `names`, or else what looks like items. Columns in `used`,
    which serve the command otherwise, are none.
    Raises:
        InvalidInput: `items.none`, `column.missing`, `person.duplicate`, and those of the file itself.
    """
    cells = _cleaned(read_grid(path))
    needed = [find_column(cells, name) for name in used if name]
    rows = person_rows(cells, identity, needed)
    frame, caveats = rows.frame, list(rows.caveats)
    columns = [name for name in frame.columns if name != rows.person and name not in needed]
    if pattern:
        items = chosen_columns(columns, pattern)
    elif names is not None:
        items = [name for name in columns if name in names]
    elif rows.items is not None:
        items = list(rows.items)
        if unused := [name for name in columns if name not in items]:
            caveats.append(f"Không dùng các cột: {', '.join(unused)}.")
    else:
        items, told = item_columns(frame, columns, letters=letters)
        caveats += told
    others = [name for name in frame.columns if name not in items and name != rows.person]
    persons = _person_names(frame, rows.person)
    return ResponseTable(persons, tuple(items), frame.select(items), frame.select(others), tuple(caveats))


def _cleaned(frame: pl.DataFrame) -> pl.DataFrame:
    """Every column as trimmed text, blanks null, true and false as 1 and 0."""
    text = pl.all().cast(pl.String).str.strip_chars()
    lower = text.str.to_lowercase()
    return frame.select(
        pl.when(lower.is_in(BLANK))
        .then(None)
        .otherwise(pl.when(lower.is_in(list(WORDS))).then(lower.replace(WORDS)).otherwise(text))
        .name.keep()
    )


def _person_names(frame: pl.DataFrame, person: str | None) -> tuple[str, ...]:
    if person is None:
        return tuple(str(row) for row in range(1, frame.height + 1))
    names = frame[person].fill_null("")
    doubled = names.filter(names.is_duplicated()).unique(maintain_order=True).to_list()
    if doubled:
        shown = ", ".join(f"“{name}”" for name in doubled[:5])
        raise InvalidInput(
            "person.duplicate",
            f"Cột “{person}” có mã thí sinh lặp hoặc trống: {shown}. Hãy sửa, hoặc chọn cột khác bằng --id.",
            persons=doubled,
        )
    return tuple(names.to_list())


def number_table(table: ResponseTable) -> NDArray[np.float64]:
    """Points of the item cells, NaN where empty. Shapes: (persons, items).

    Raises:
        InvalidInput: `score.invalid` naming the first cell that is no number at or above zero.
    """
    columns = [_numbers(table, name) for name in table.items]
    return np.column_stack(columns)


def _numbers(table: ResponseTable, name: str) -> NDArray[np.float64]:
    text = table.cells[name]
    values = points(text)
    wrong = (values.is_null() & text.is_not_null()) | (values < 0).fill_null(value=False)
    if wrong.any():
        row = int(wrong.arg_max() or 0)
        raise InvalidInput(
            "score.invalid",
            f"Thí sinh “{table.persons[row]}”, cột “{name}”: “{text[row]}” không phải là điểm. "
            "Nếu tệp là câu trả lời, hãy cho đáp án bằng --key; nếu không phải câu hỏi, hãy dùng --items.",
            item=name,
        )
    return values.fill_null(np.nan).to_numpy().copy()


def read_key(given: str, items: Sequence[str]) -> dict[str, Rule]:
    """Rules from a key file, or from letters typed on the line in the order of the items.

    A file has columns of items, keys and perhaps points, or one row with a column per item. Items that it
    does not name have no rule; keys under names of their own, as many as there are items, are taken in order.
    Raises:
        InvalidInput: `key.length`, `key.missing` when the file names no item of the table, `key.invalid`.
    """
    path = Path(given)
    if not path.suffix or not path.exists():
        return _typed_key(given, items)
    frame = _cleaned(read_grid(path))
    headed = any(unaccented(name) in KEY_NAMES for name in frame.columns)
    keys = _key_rows(frame) if headed or frame.height > 1 or frame.width == 1 else _key_columns(frame)
    rules = {name: keys[name] for name in items if name in keys}
    if not rules and len(keys) == len(items):
        rules = dict(zip(items, keys.values(), strict=True))
    if not rules:
        raise InvalidInput("key.missing", f"Tệp đáp án không có câu nào của bảng: {', '.join(items[:10])}.")
    return rules


def with_keys(table: ResponseTable, rules: dict[str, Rule]) -> ResponseTable:
    """Only the items that have a rule; the others are told of."""
    left = [name for name in table.items if name not in rules]
    if not left:
        return table
    caveats = (*table.caveats, f"Không có đáp án nên không dùng: {', '.join(left)}.")
    return ResponseTable(table.persons, tuple(rules), table.cells.select(list(rules)), table.others, caveats)


def _typed_key(given: str, items: Sequence[str]) -> dict[str, Rule]:
    text = given.strip()
    ways = [re.split(pattern, text) for pattern in (r"\s*;\s*", r"\s+", r"\s*,\s*", r"[,;\s]+")]
    keys = next((way for way in [*ways, list(text)] if len(way) == len(items)), None)
    if keys is None:
        count = max(len(ways[-1]), len(text) if len(ways[-1]) == 1 else 0)
        raise InvalidInput(
            "key.length", f"Đáp án có {count} câu nhưng bảng có {len(items)} cột câu hỏi.", keys=count
        )
    return {name: rule_of_key(key) for name, key in zip(items, keys, strict=True)}


def _key_rows(frame: pl.DataFrame) -> dict[str, Rule]:
    plain = {unaccented(name): name for name in frame.columns}
    heads = (*ITEM_NAMES, *PERSON_NAMES, *ROW_NAMES)
    item = next((plain[word] for word in heads if word in plain), frame.columns[0])
    key = next(
        (plain[word] for word in KEY_NAMES if word in plain), frame.columns[-1 if frame.width < 3 else 1]
    )
    worth = next((plain[word] for word in ("points", "diem", "score") if word in plain), None)
    rules = {}
    for number, row in enumerate(frame.iter_rows(named=True)):
        if row[key]:
            points = float(row[worth].replace(",", ".")) if worth and row[worth] else None
            rules[row[item] if item != key else str(number)] = rule_of_key(row[key], points)
    return rules


def _key_columns(frame: pl.DataFrame) -> dict[str, Rule]:
    row = frame.row(0, named=True)
    return {
        name: rule_of_key(key) for name, key in row.items() if key and unaccented(name) not in PERSON_NAMES
    }
