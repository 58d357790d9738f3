"""Rows of a table of responses, brought to one for each person: from one response each, or one pattern."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from thucchat.cli.columns import NUMBER, find_column
from thucchat.cli.headings import COUNT_NAMES, ITEM_NAMES, PERSON_NAMES, ROW_NAMES, SCORE_NAMES
from thucchat.cli.item_columns import is_total, points
from thucchat.engine.errors import InvalidInput
from thucchat.engine.vietnamese import unaccented, vi_number

FEWEST_COUNTED = 10  # rows from which a column of different values is taken for names of persons


@dataclass(frozen=True, slots=True)
class PersonRows:
    """A row per person."""

    frame: pl.DataFrame
    person: str | None  # the column of their codes
    items: tuple[str, ...] | None  # those of a long file, which names them
    caveats: tuple[str, ...]


def person_rows(frame: pl.DataFrame, identity: str | None, used: Sequence[str]) -> PersonRows:
    """Rows of persons from a wide file, a long one, or patterns with the number of persons who gave each.

    `used` are columns that the command needs, and so must not differ between the rows of a person.
    Raises:
        InvalidInput: `column.missing`, `long.columns`, `response.duplicate`, `column.varies`,
            `column.duplicate`, `pattern.count`.
    """
    if long := _long_columns(frame, identity):
        return _widened(frame, long, used)
    if identity is None and (count := _count_column(frame, used)):
        return _repeated(frame, count)
    person = find_column(frame, identity) if identity else _person_column(frame)
    return PersonRows(frame, person, None, ())


def _named(frame: pl.DataFrame, words: set[str]) -> list[str]:
    return [name for name in frame.columns if unaccented(name) in words]


def _long_columns(frame: pl.DataFrame, identity: str | None) -> tuple[str, str, str] | None:
    """Person, item and score columns when each row is one response."""
    item, score = _named(frame, ITEM_NAMES), _named(frame, SCORE_NAMES)
    if len(item) != 1 or not frame[item[0]].is_duplicated().any():
        return None
    numbers = [name for name in _named(frame, ROW_NAMES) if frame[name].is_duplicated().any()]
    person = [find_column(frame, identity)] if identity else [*_named(frame, PERSON_NAMES), *numbers]
    if person and score:
        return person[0], item[0], score[0]
    repeated = person and frame[person[0]].is_duplicated().any()
    if not repeated and frame[item[0]].drop_nulls().str.contains(NUMBER).all():
        return None
    absent = (
        "điểm; hãy đặt tên cột đó là score, response hoặc điểm" if person else "mã thí sinh; hãy nêu --id"
    )
    raise InvalidInput(
        "long.columns",
        f"Cột “{item[0]}” cho thấy mỗi dòng là một câu trả lời, nhưng không rõ cột nào là {absent}.",
    )


def _widened(frame: pl.DataFrame, long: tuple[str, str, str], used: Sequence[str]) -> PersonRows:
    person, item, score = long
    doubled = frame.select(person, item).is_duplicated()
    if doubled.any():
        row = frame.row(int(doubled.arg_max() or 0), named=True)
        raise InvalidInput(
            "response.duplicate",
            f"Thí sinh “{row[person]}” có hai dòng cho câu “{row[item]}”.",
            person=row[person],
        )
    others = frame.group_by(person, maintain_order=True).agg(pl.exclude(item, score).drop_nulls().unique())
    steady = [name for name in others.columns if name != person and (others[name].list.len() <= 1).all()]
    varying = [name for name in others.columns if name not in {person, *steady}]
    if changed := [name for name in used if name in varying]:
        message = f"Cột “{changed[0]}” đổi giữa các dòng của một thí sinh nên không dùng để chia nhóm được."
        raise InvalidInput("column.varies", message)
    wide = frame.pivot(on=item, index=person, values=score)
    if doubled_names := [name for name in steady if name in wide.columns]:
        message = f"“{doubled_names[0]}” vừa là tên cột vừa là tên câu; hãy đổi tên cột."
        raise InvalidInput("column.duplicate", message)
    kept = others.select(person, pl.col(steady).list.first())
    left = f"Không dùng các cột đổi giữa các dòng của một thí sinh: {', '.join(varying)}."
    return PersonRows(
        wide.join(kept, on=person, how="left", maintain_order="left"),
        person,
        tuple(name for name in wide.columns if name != person),
        (left,) if varying else (),
    )


def _count_column(frame: pl.DataFrame, used: Sequence[str]) -> str | None:
    """The column of numbers of persons, when the rows are patterns: all different, and nobody's."""
    named = [name for name in _named(frame, COUNT_NAMES) if name not in used]
    items = [name for name in frame.columns if name not in {*named, *_named(frame, ROW_NAMES)}]
    if len(named) != 1 or len(items) < 2 or _named(frame, PERSON_NAMES):
        return None
    filled = frame.select(pl.sum_horizontal(pl.col(items).is_not_null()).cast(pl.Float64)).to_series()
    counted = points(frame[named[0]])
    ordinary = counted.equals(filled) or counted.n_unique() == 1 or is_total(frame, named[0], items)
    return None if ordinary or frame.select(items).is_duplicated().any() else named[0]


def _repeated(frame: pl.DataFrame, count: str) -> PersonRows:
    """Each pattern as many times as persons gave it."""
    times = points(frame[count]).fill_null(-1.0).to_numpy()
    if (wrong := (times < 0) | (times != np.floor(times))).any():
        row = int(wrong.argmax())
        raise InvalidInput(
            "pattern.count",
            f"Cột “{count}” phải ghi số thí sinh của mỗi mẫu; “{frame[count][row] or ''}” không phải. "
            "Nếu mỗi dòng là một thí sinh, hãy đổi tên cột đó hoặc nêu cột mã thí sinh bằng --id.",
        )
    rows = np.repeat(np.arange(frame.height), times.astype(np.int64))
    kept = frame.drop(count, *_named(frame, ROW_NAMES))[rows]
    told = (
        f"Mỗi dòng là một mẫu trả lời, cột “{count}” là số thí sinh: {vi_number(frame.height)} dòng thành "
        f"{vi_number(len(rows))} thí sinh, đánh số từ 1."
    )
    return PersonRows(kept, None, None, (told,))


def _person_column(frame: pl.DataFrame) -> str | None:
    for words in (PERSON_NAMES, ROW_NAMES):
        if named := _named(frame, words):
            return named[0]
    first = frame.columns[0]
    column = frame[first].drop_nulls()
    unique = len(column) == frame.height and column.n_unique() == frame.height
    if not unique or frame.height < FEWEST_COUNTED:
        return None
    numbers = column.cast(pl.Float64, strict=False)
    counting = numbers.null_count() == 0 and float(numbers.max() or 0) >= frame.height - 1  # type: ignore[arg-type]  # a number
    return first if counting or numbers.null_count() == len(column) else None
