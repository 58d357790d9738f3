"""Which columns of a table of responses are items: those that a pattern names, or what looks like one."""

import fnmatch
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import polars as pl

from thucchat.cli.columns import NUMBER
from thucchat.cli.headings import COUNT_NAMES, OTHER_NAMES, PERSON_NAMES, ROW_NAMES
from thucchat.engine.errors import InvalidInput
from thucchat.engine.vietnamese import unaccented

MOST_SCORES = 20  # different scores of an item under a name of its own; more make a measure or a code
MOST_STEPS = 101  # of an item numbered like others: an essay from 0 to 10 by tenths
FEWEST_TOTALS = 3  # different values from which a sum is no accident
NEAR = 1e-6  # points, for sums of decimal fractions
NO_ITEMS = (
    "Không có cột câu hỏi nào chỉ gồm điểm số. Nếu tệp là chữ cái A-D, hãy cho đáp án bằng --key; "
    "nếu không, hãy nêu các cột bằng --items."
)


def item_columns(
    frame: pl.DataFrame, columns: Sequence[str], *, letters: bool
) -> tuple[list[str], list[str]]:
    """The columns that are items, and what the reader must know of the others.

    Left out are columns with a name that items do not have; texts, unless `letters`; and of numbers, the sum
    of the other items and what has more different values than an item.
    Raises:
        InvalidInput: `items.none`.
    """
    known = PERSON_NAMES | ROW_NAMES | OTHER_NAMES | COUNT_NAMES
    named = [name for name in columns if unaccented(name) not in known]
    usable = [name for name in named if letters or frame[name].drop_nulls().str.contains(NUMBER).all()]
    reasons = {} if letters else _reasons(frame.select(usable))
    kept = [name for name in usable if name not in reasons]
    caveats = []
    if unused := [name for name in columns if name not in usable]:
        caveats.append(f"Không dùng các cột: {', '.join(unused)} (tên hoặc nội dung không phải của câu hỏi).")
    if reasons:
        listed = "; ".join(f"{name} ({reason})" for name, reason in reasons.items())
        caveats.append(f"Không coi là câu hỏi: {listed}. Nếu là câu hỏi, hãy nêu bằng --items.")
    if not kept:
        raise InvalidInput("items.none", " ".join([NO_ITEMS, *caveats]))
    return kept, caveats


def _reasons(frame: pl.DataFrame) -> dict[str, str]:
    """Why columns of numbers are no items, in the order of the table."""
    scores = {name: np.unique(points(frame[name].drop_nulls().unique())) for name in frame.columns}
    shapes = Counter(_shape(name) for name in frame.columns)
    many = {
        name
        for name, own in scores.items()
        if len(own) > (MOST_STEPS if "#" in _shape(name) and shapes[_shape(name)] > 1 else MOST_SCORES)
    }
    highest = {name: float(own[-1]) for name, own in scores.items() if name not in many and own.size}
    reasons = {}
    for name, own in scores.items():
        others = {item: most for item, most in highest.items() if item != name}
        # A sum goes beyond each of its parts: so one item is never taken for the sum of two others.
        beyond = len(own) >= FEWEST_TOTALS and len(others) > 1 and own[-1] > max(others.values())
        if beyond and is_total(frame, name, list(others)):
            reasons[name] = "bằng tổng các câu khác"
        elif name in many:
            reasons[name] = f"{len(own)} giá trị khác nhau, quá nhiều so với một câu"
    return reasons


def is_total(frame: pl.DataFrame, name: str, items: Sequence[str]) -> bool:
    """Whether each value known of a column is the sum of what the items give in its row."""
    total = frame.select(pl.sum_horizontal(points(frame[item]) for item in items)).to_series()
    apart = (points(frame[name]) - total).abs().drop_nulls()
    return len(apart) > 0 and bool((apart < NEAR).all())


def points(text: pl.Series) -> pl.Series:
    """Texts as numbers, null where they are none."""
    return text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def _shape(name: str) -> str:
    """A name without its letters and numbers: C1, TL12 and Q7 are all a#."""
    return re.sub(r"\d+", "#", re.sub(r"[^\W\d_]+", "a", unaccented(name)))


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
