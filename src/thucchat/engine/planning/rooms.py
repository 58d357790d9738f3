"""Candidates in rooms: who sits where, under which number.

Pupils of a school and grade sit in the order of their names, classes mixed, in as few rooms as hold them;
no two rooms differ by more than one. Numbers are put together from parts whose digits are data: `grade`;
`school`, its place among the schools of the survey; `place`, the candidate's among those of his school and
grade; `room` and `seat`.
"""

from collections.abc import Mapping

import polars as pl

from thucchat.engine.errors import InvalidInput

ROLL = pl.Schema(
    {
        "pupil": pl.Int64(),
        "grade": pl.Int64(),
        "school": pl.Int64(),
        "school_key": pl.String(),  # orders the schools, bytewise
        "name_key": pl.String(),  # orders the pupils, bytewise: see `vietnamese.name_key`
    }
)
PLACED = pl.Schema(
    {
        "pupil": pl.Int64(),
        "grade": pl.Int64(),
        "school": pl.Int64(),
        "room": pl.Int64(),  # from 1 in each school and grade
        "seat": pl.Int64(),  # from 1 in each room
        "number": pl.String(),
    }
)
PARTS = ("grade", "school", "place", "room", "seat")
SITE = ("school", "grade")


def place_candidates(roll: pl.DataFrame, seats: int, number: Mapping[str, int]) -> pl.DataFrame:
    """PLACED, sorted by school, grade and seat: the same for the same pupils in whatever order they come.

    Shapes:
        roll: ROLL, a row per pupil.
    Raises:
        InvalidInput: `rooms.seats`, `rooms.number` when the numbers would not be different or not fit.
    """
    if seats < 1:
        raise InvalidInput("rooms.seats", f"Mỗi phòng phải có ít nhất 1 chỗ, không phải {seats}.")
    ordered = roll.sort("school_key", "school", "grade", "name_key", "pupil")
    at = pl.int_range(pl.len()).over(SITE)
    count = pl.len().over(SITE)
    placed = ordered.with_columns(at=at, count=count).with_columns(
        rooms=(pl.col("count") + seats - 1) // seats, site=pl.col("school").rle_id().cast(pl.Int64) + 1
    )
    placed = _seated(placed)
    parts = {
        "grade": pl.col("grade"),
        "school": pl.col("site"),
        "place": pl.col("at") + 1,
        "room": pl.col("room"),
        "seat": pl.col("seat"),
    }
    texts = placed.select(parts[name].alias(name) for name in _known(number))
    _check_digits(texts, number)
    numbered = placed.with_columns(number=pl.Series(_joined(texts, number)))
    if numbered["number"].n_unique() < numbered.height:
        used = ", ".join(number)
        raise InvalidInput("rooms.number", f"Số báo danh ghép từ {used} không phân biệt được mọi thí sinh.")
    return numbered.select(PLACED.names()).cast(PLACED)


def _seated(placed: pl.DataFrame) -> pl.DataFrame:
    """Adds `room` and `seat`; the first rooms take the one candidate more."""
    at, small, larger = pl.col("at"), pl.col("count") // pl.col("rooms"), pl.col("count") % pl.col("rooms")
    in_larger = larger * (small + 1)
    is_first = at < in_larger
    rest = at - in_larger
    return placed.with_columns(
        room=1 + pl.when(is_first).then(at // (small + 1)).otherwise(larger + rest // small),
        seat=1 + pl.when(is_first).then(at % (small + 1)).otherwise(rest % small),
    )


def _known(number: Mapping[str, int]) -> list[str]:
    wrong = [name for name in number if name not in PARTS]
    if wrong or not number:
        shown = ", ".join(wrong) or "không có phần nào"
        raise InvalidInput("rooms.number", f"Quy tắc số báo danh sai: {shown}; có {', '.join(PARTS)}.")
    return list(number)


def _check_digits(texts: pl.DataFrame, number: Mapping[str, int]) -> None:
    for name, digits in number.items():
        largest = texts[name].max()
        if isinstance(largest, int) and largest >= 10**digits:
            raise InvalidInput(
                "rooms.number", f"Phần “{name}” của số báo danh có {digits} chữ số, không ghi được {largest}."
            )


def _joined(texts: pl.DataFrame, number: Mapping[str, int]) -> pl.Series:
    columns = [pl.col(name).cast(pl.String).str.zfill(digits) for name, digits in number.items()]
    return texts.select(number=pl.concat_str(columns)).to_series()
