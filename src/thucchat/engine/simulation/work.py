"""Postings and teaching assignments as dated rows of people, out of seats and their holders."""

import numpy as np
import polars as pl

from thucchat.engine.simulation.places import DISTRICTS, PROVINCE_CODE
from thucchat.engine.simulation.rolls import Days, Flags, Ints
from thucchat.engine.simulation.schemas import POSTINGS
from thucchat.engine.simulation.sites import Network
from thucchat.engine.simulation.staffing import Holders
from thucchat.engine.simulation.teaching import Teaching
from thucchat.engine.simulation.units import commune_codes, district_code, team_suffixes
from thucchat.engine.simulation.years import FIRST_YEARS, RECORDS_BEGIN, REORGANISATION, starts

PROVINCE_OFFICE = (("head", 1), ("vice_head", 3), ("officer", 41))
DISTRICT_OFFICE = (("head", 1), ("vice_head", 1), ("officer", 7))


def posts(network: Network, teaching: Teaching) -> pl.DataFrame:
    """Every seat in every year: seat, year, unit, position, team, is_team_head.

    A school with two sites has one principal; the other serves as vice principal until it stands alone.
    """
    codes = [school.code for school in network.schools]
    frame = teaching.by_year.join(teaching.seats, on="seat", maintain_order="left")
    frame = frame.with_columns(team_suffixes(frame), pl.Series("unit", codes).gather(frame["school"]))
    second = (pl.col("position") == "principal") & (
        pl.int_range(pl.len()).over("school", "year", "position", order_by="seat") > 0
    )
    head = pl.col("team").is_not_null() & (
        pl.int_range(pl.len()).over("school", "year", "team", order_by="seat") == 0
    )
    return frame.with_columns(
        pl.when(second).then(pl.lit("vice_principal")).otherwise("position").alias("position"),
        (pl.col("unit") + pl.col("team")).alias("team"),
        head.alias("is_team_head"),
    ).sort("seat", "year")


def school_postings(posted: pl.DataFrame, holders: Holders) -> pl.DataFrame:
    """The frame POSTINGS with `staff` numbers in place of codes, without the offices."""
    seat, year = posted["seat"].to_numpy(), posted["year"].to_numpy()
    first = np.array([starts(one) for one in FIRST_YEARS], "datetime64[D]")[year]
    last = np.array([starts(one + 1) for one in FIRST_YEARS], "datetime64[D]")[year]
    early, late, day = holders.early[seat, year], holders.late[seat, year], holders.day[seat, year]
    changed = early != late
    kept = ("unit", "position", "team", "is_team_head")
    whole = posted.select(kept).with_columns(
        pl.Series("staff", early), pl.Series("from", first), pl.Series("to", np.where(changed, day, last))
    )
    second = (
        posted.filter(changed)
        .select(kept)
        .with_columns(
            pl.Series("staff", late[changed]), pl.Series("from", day[changed]), pl.Series("to", last[changed])
        )
    )
    rows = pl.concat([whole, second]).sort("staff", "from")
    spell = pl.struct("staff", *kept).rle_id()
    broken = (pl.col("from") != pl.col("to").shift()).fill_null(value=False).cum_sum()
    merged = rows.group_by(pl.struct(spell.alias("a"), broken.alias("b")), maintain_order=True).agg(
        pl.col("staff", *kept, "from").first(), pl.col("to").last()
    )
    still = pl.col("to") == starts(FIRST_YEARS[-1] + 1)
    return merged.select(
        "staff", "unit", "position", "team", "is_team_head", "from",
        pl.when(~still).then("to").alias("to"),
    )  # fmt: skip


def office_postings(network: Network, first_staff: int) -> pl.DataFrame:
    """Staff of the department, and of the district offices who went to the communes in July 2025."""
    communes = commune_codes(network)
    rows: list[tuple[object, ...]] = []
    number = first_staff
    for position in _positions(PROVINCE_OFFICE):
        rows.append((number, PROVINCE_CODE, position, None, False, RECORDS_BEGIN, None))
        number += 1
    for index in range(network.districts):
        heirs = [communes[name] for name in DISTRICTS[index].communes]
        for turn, position in enumerate(_positions(DISTRICT_OFFICE)):
            rows.append((number, district_code(index), position, None, False, RECORDS_BEGIN, REORGANISATION))
            now = "head" if turn < len(heirs) else "officer"
            rows.append((number, heirs[turn % len(heirs)], now, None, False, REORGANISATION, None))
            number += 1
    names = ["staff", "unit", "position", "team", "is_team_head", "from", "to"]
    types = dict(zip(names, [pl.Int64(), *list(POSTINGS.values())[1:]], strict=True))
    return pl.DataFrame(rows, schema=types, orient="row")


def _positions(office: tuple[tuple[str, int], ...]) -> list[str]:
    return [position for position, count in office for _ in range(count)]


def assignments(teaching: Teaching, holders: Holders) -> pl.DataFrame:
    """Class, subject, staff, share, from, to: lessons cut where a seat changed hands."""
    parts = teaching.parts
    seat, year = parts["seat"].to_numpy(), parts["year"].to_numpy()
    early, late, day = holders.early[seat, year], holders.late[seat, year], holders.day[seat, year]
    first, last = parts["from"].to_numpy(), parts["to"].to_numpy()
    changed = early != late
    before = ~changed | (day > first)
    after = changed & (day < last)
    pieces = [
        _piece(parts, before, early, first, np.where(changed, np.minimum(day, last), last)),
        _piece(parts, after, late, np.maximum(day, first), last),
    ]
    return pl.concat(pieces).sort("class", "subject", "from", "staff")


def _piece(parts: pl.DataFrame, chosen: Flags, staff: Ints, first: Days, last: Days) -> pl.DataFrame:
    return parts.filter(chosen).select(
        "class", "subject", "share",
        pl.Series("staff", staff[chosen]), pl.Series("from", first[chosen]), pl.Series("to", last[chosen]),
    )  # fmt: skip
