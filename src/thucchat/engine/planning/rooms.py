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
USED = pl.Schema(
    {"grade": pl.Int64(), "school": pl.Int64(), "room": pl.Int64(), "number": pl.String()}
)  # who stands on a list already, also those taken off it
PARTS = ("grade", "school", "place", "room", "seat")
SITE = ("school", "grade")


def place_candidates(roll: pl.DataFrame, seats: int, number: Mapping[str, int]) -> pl.DataFrame:
    """PLACED, sorted by school, grade and seat: the same for the same pupils in whatever order they come.

    Shapes:
        roll: ROLL, a row per pupil.
    Raises:
        InvalidInput: `rooms.seats`, `rooms.number` when the numbers would not be different or not fit.
    """
    site = _ordered(roll)["school"].rle_id().cast(pl.Int64) + 1
    before = _ordered(roll).with_columns(site=site, places=pl.lit(0), rooms_before=pl.lit(0))
    return _numbered(before, seats, number)


def place_more(roll: pl.DataFrame, seats: int, number: Mapping[str, int], used: pl.DataFrame) -> pl.DataFrame:
    """As `place_candidates`, beside a list that stands, none of whose rooms and numbers changes.

    New candidates of a school that is listed get places after its last and rooms of their own after its last
    room; a school that is not listed comes after the last one, whatever its name.

    Shapes:
        roll: ROLL, a row per new candidate; used: USED, a row per candidate that stands.
    Raises:
        InvalidInput: as `place_candidates`, and `rooms.number` when the standing numbers follow another rule.
    """
    told = _taken_apart(used, number)
    schools = told.group_by("school").agg(site=pl.col("site").max())
    sites = told.group_by(SITE).agg(places=pl.col("place").max(), rooms_before=pl.col("room").max())
    last = schools["site"].max() if schools.height else 0
    fresh = _ordered(roll).join(schools, on="school", how="anti", maintain_order="left")
    fresh = fresh.select("school", site=last + pl.col("school").rle_id().cast(pl.Int64) + 1).unique()
    ordered = _ordered(roll).join(pl.concat([schools, fresh]), on="school", how="left", maintain_order="left")
    ordered = ordered.join(sites, on=SITE, how="left", maintain_order="left")
    placed = _numbered(ordered.with_columns(pl.col("places", "rooms_before").fill_null(0)), seats, number)
    taken = placed.join(used, on="number", how="semi")
    if taken.height:
        raise InvalidInput("rooms.number", f"Số báo danh {taken['number'][0]} đã có người dùng.")
    return placed


def _ordered(roll: pl.DataFrame) -> pl.DataFrame:
    return roll.sort("school_key", "school", "grade", "name_key", "pupil")


def _taken_apart(used: pl.DataFrame, number: Mapping[str, int]) -> pl.DataFrame:
    """USED with `site` and `place` as the numbers tell them, 0 where the rule has no such part."""
    start, parts = 0, {"school": pl.lit(0, pl.Int64), "place": pl.lit(0, pl.Int64)}
    for name in _known(number):
        text = pl.col("number").str.slice(start, number[name])
        parts[name] = text.cast(pl.Int64, strict=False)
        start += number[name]
    told = used.with_columns(site=parts["school"], place=parts["place"])
    is_other = pl.any_horizontal(pl.col("site", "place").is_null(), pl.col("number").str.len_chars() != start)
    other = told.filter(is_other)
    if other.height:
        raise InvalidInput("rooms.number", f"Số báo danh {other['number'][0]} đã cấp theo một quy tắc khác.")
    return told


def _numbered(ordered: pl.DataFrame, seats: int, number: Mapping[str, int]) -> pl.DataFrame:
    """PLACED; `ordered` is ROLL with `site` and, of its school and grade, the last place and room before."""
    if seats < 1:
        raise InvalidInput("rooms.seats", f"Mỗi phòng phải có ít nhất 1 chỗ, không phải {seats}.")
    at = pl.int_range(pl.len()).over(SITE)
    count = pl.len().over(SITE)
    placed = ordered.with_columns(at=at, count=count).with_columns(
        rooms=(pl.col("count") + seats - 1) // seats
    )
    placed = _seated(placed).with_columns(room=pl.col("room") + pl.col("rooms_before"))
    parts = {
        "grade": pl.col("grade"),
        "school": pl.col("site"),
        "place": pl.col("places") + pl.col("at") + 1,
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
