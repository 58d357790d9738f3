"""Tables of responses as people have them: persons × items or long form, scored or as letters with a key."""

import argparse
import fnmatch
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from thucchat.cli.columns import BLANK, find_column
from thucchat.cli.grids import read_grid
from thucchat.cli.headings import ITEM_NAMES, KEY_NAMES, OTHER_NAMES, PERSON_NAMES, ROW_NAMES, SCORE_NAMES
from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.keys import rule_of_key
from thucchat.engine.measurement.scoring import Rule
from thucchat.engine.vietnamese import unaccented

FEWEST_COUNTED = 10  # rows from which a column of different values is taken for names of persons
WORDS = {"true": "1", "false": "0"}
NUMBER = r"^[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?$"


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
    path: Path, *, identity: str | None, pattern: str | None, letters: bool = False
) -> ResponseTable:
    """Read a table of responses; with `letters` cells that are no numbers belong to items too.

    Raises:
        InvalidInput: `items.none`, `column.missing`, `person.duplicate`, and those of the file itself.
    """
    frame = read_grid(path)
    frame = _cleaned(frame)
    if long := _long_columns(frame, identity):
        frame, identity = _widened(frame, *long), long[0]
    person = find_column(frame, identity) if identity else _person_column(frame)
    items, caveats = _item_columns(frame, person, pattern, letters=letters)
    names = _person_names(frame, person)
    others = [name for name in frame.columns if name not in items and name != person]
    return ResponseTable(names, tuple(items), frame.select(items), frame.select(others), tuple(caveats))


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


def _long_columns(frame: pl.DataFrame, identity: str | None) -> tuple[str, str, str] | None:
    """Person, item and score columns when each row is one response."""
    if len(frame.columns) > 6:
        return None
    plain = {name: unaccented(name) for name in frame.columns}
    item = [name for name, word in plain.items() if word in ITEM_NAMES]
    score = [name for name, word in plain.items() if word in SCORE_NAMES]
    people = PERSON_NAMES | ROW_NAMES
    person = [identity] if identity else [name for name, word in plain.items() if word in people]
    if len(item) != 1 or not score or not person:
        return None
    return find_column(frame, person[0]), item[0], score[0]


def _widened(frame: pl.DataFrame, person: str, item: str, score: str) -> pl.DataFrame:
    doubled = frame.select(person, item).is_duplicated()
    if doubled.any():
        row = frame.row(int(doubled.arg_max() or 0), named=True)
        raise InvalidInput(
            "response.duplicate",
            f"Thí sinh “{row[person]}” có hai dòng cho câu “{row[item]}”.",
            person=row[person],
        )
    return frame.pivot(on=item, index=person, values=score)


def _person_column(frame: pl.DataFrame) -> str | None:
    for words in (PERSON_NAMES, ROW_NAMES):
        if named := [name for name in frame.columns if unaccented(name) in words]:
            return named[0]
    first = frame.columns[0]
    column = frame[first].drop_nulls()
    unique = len(column) == frame.height and column.n_unique() == frame.height
    if not unique or frame.height < FEWEST_COUNTED:
        return None
    numbers = column.cast(pl.Float64, strict=False)
    counting = numbers.null_count() == 0 and float(numbers.max() or 0) >= frame.height - 1  # type: ignore[arg-type]  # a number
    return first if counting or numbers.null_count() == len(column) else None


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


def _item_columns(
    frame: pl.DataFrame, person: str | None, pattern: str | None, *, letters: bool
) -> tuple[list[str], list[str]]:
    columns = [name for name in frame.columns if name != person]
    if pattern:
        return chosen_columns(columns, pattern), []
    named = [name for name in columns if unaccented(name) not in PERSON_NAMES | ROW_NAMES | OTHER_NAMES]
    kept = [name for name in named if letters or frame[name].drop_nulls().str.contains(NUMBER).all()]
    if not kept:
        raise InvalidInput(
            "items.none",
            "Không có cột câu hỏi nào chỉ gồm điểm số. Nếu tệp là chữ cái A-D, hãy cho đáp án bằng --key.",
        )
    left = [name for name in columns if name not in kept]
    return kept, [f"Không dùng các cột: {', '.join(left)}."] if left else []


def chosen_columns(columns: Sequence[str], pattern: str) -> list[str]:
    """Columns that a pattern names: shell patterns, ranges `first:last` and names, separated by commas.

    Raises:
        InvalidInput: `items.none` naming the part that fits no column.
    """
    chosen: list[str] = []
    for part in [part.strip() for part in pattern.split(",") if part.strip()]:
        found = _fitting(columns, part)
        if not found:
            raise InvalidInput("items.none", f"Không có cột nào khớp với “{part}”.", pattern=part)
        chosen += [name for name in found if name not in chosen]
    return chosen


def _fitting(columns: Sequence[str], part: str) -> list[str]:
    if part in columns:
        return [part]
    first, colon, last = part.partition(":")
    if colon and first in columns and last in columns:
        return list(columns[columns.index(first) : columns.index(last) + 1])
    if found := [name for name in columns if fnmatch.fnmatchcase(name, part)]:
        return found
    try:
        return [name for name in columns if re.fullmatch(part, name)]
    except re.error:
        return []


def number_table(table: ResponseTable) -> NDArray[np.float64]:
    """Points of the item cells, NaN where empty. Shapes: (persons, items).

    Raises:
        InvalidInput: `score.invalid` naming the first cell that is no number at or above zero.
    """
    columns = [_numbers(table, name) for name in table.items]
    return np.column_stack(columns)


def _numbers(table: ResponseTable, name: str) -> NDArray[np.float64]:
    text = table.cells[name]
    values = text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
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
