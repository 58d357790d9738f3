"""Posts of every school, and which post teaches which class in which subject.

A *seat* is a post at a site that outlives its holder: teacher of a specialty, principal, clerk. Lessons are
given to seats here; `staffing` says who sits there on which day. Frames here are keyed by whole numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from thucchat.engine.simulation.classes import Classes
from thucchat.engine.simulation.sites import Network
from thucchat.engine.simulation.subjects import GENERAL, HOMEROOM, Subject
from thucchat.engine.simulation.years import FIRST_YEARS, closes, opens, second_term

# Lessons a year that one teacher of a specialty gives: weekly load less the usual reductions, times 35 weeks.
# Source: regulations §7.2.
FULL_LOAD = {"TH": 23 * 35 * 0.9, "THCS": 16.5 * 35, "THPT": 13.5 * 35, "GDTX": 14.0 * 35}
SHARED_FIELDS = ("KHTN", "SUDIA", "NT")  # two teachers of different training share one subject
SHARED_RATE, HELPED_RATE = 0.12, 0.01
CHILDREN_TEACHERS = 27  # of a nursery school, on average (2,453 groups in 168 schools, regulations §13.1)
PUPILS_PER_CLERK = 220


@dataclass(frozen=True, slots=True)
class Teaching:
    """Seats, the school each stands in by year, and what they teach."""

    seats: pl.DataFrame  # seat, site, level, specialty, order, position
    by_year: pl.DataFrame  # seat, year, school, place (rank among the seats of its kind), of (how many)
    parts: pl.DataFrame  # class, subject, seat, share, from, to, year
    homeroom: pl.DataFrame  # class, seat


def plan_teaching(
    network: Network, classes: Classes, subjects: tuple[Subject, ...], rng: np.random.Generator
) -> Teaching:
    """Create enough seats for every school and year, and give every lesson to one or two of them."""
    lessons = _lessons(classes.frame, subjects)
    stands = _where_sites_stand(network)
    seats = pl.concat(
        [
            _general_seats(classes.frame, stands),
            _specialist_seats(lessons, stands),
            _other_seats(network, classes, rng),
        ]
    ).sort("site", "level", "specialty", "order")
    seats = seats.with_row_index("seat").with_columns(pl.col("seat").cast(pl.Int64))
    by_year = _by_year(seats, stands)
    homeroom = _homeroom(classes.frame, seats, by_year)
    given = _give(lessons, by_year.join(seats, on="seat"), homeroom)
    return Teaching(seats, by_year, _parts(given, subjects, rng), homeroom)


def _lessons(classes: pl.DataFrame, subjects: tuple[Subject, ...]) -> pl.DataFrame:
    rows = [
        (index, item.level, item.curriculum, grade, item.specialty, item.field, item.is_elective, periods)
        for index, item in enumerate(subjects)
        for grade, periods in item.periods.items()
    ]
    names = ["subject", "level", "curriculum", "grade", "specialty", "field", "elective", "periods"]
    offered = pl.DataFrame(rows, schema=names, orient="row")
    taken = pl.col("combination").str.split("+").list.contains(pl.col("field"))
    return (
        classes.join(offered, on=["level", "curriculum", "grade"])
        .filter(~pl.col("elective") | taken.fill_null(value=False))
        .select("class", "school", "year", "level", "subject", "specialty", "periods")
        .sort("class", "subject")
    )


def _where_sites_stand(network: Network) -> pl.DataFrame:
    """Site, level, year, school, and how many sites of that level the school has."""
    rows = [
        (index, level, year, school)
        for index, site in enumerate(network.sites)
        for level in site.levels
        for year, school in enumerate(site.schools)
    ]
    frame = pl.DataFrame(rows, schema=["site", "level", "year", "school"], orient="row")
    return frame.with_columns(pl.len().over("school", "year", "level").alias("sites"))


def _spread(needed: pl.DataFrame, stands: pl.DataFrame) -> pl.DataFrame:
    """Seats per site so that in every year the sites of a school together have what is `needed`."""
    return (
        needed.join(stands, on=["school", "year", "level"])
        .with_columns((pl.col("needed") / pl.col("sites")).ceil().cast(pl.Int64).alias("needed"))
        .group_by("site", "level", "specialty")
        .agg(pl.col("needed").max())
    )


def _as_seats(counted: pl.DataFrame, position: str) -> pl.DataFrame:
    return (
        counted.with_columns(pl.int_ranges("needed").alias("order"))
        .explode("order")
        .select("site", "level", "specialty", "order", pl.lit(position).alias("position"))
    )


def _general_seats(classes: pl.DataFrame, stands: pl.DataFrame) -> pl.DataFrame:
    needed = (
        classes.filter(pl.col("level") == "TH")
        .group_by("school", "year", "level")
        .agg(pl.len().alias("needed"))
        .with_columns(pl.lit(GENERAL).alias("specialty"))
    )
    return _as_seats(_spread(needed, stands), "teacher")


def _specialist_seats(lessons: pl.DataFrame, stands: pl.DataFrame) -> pl.DataFrame:
    load = pl.col("level").replace_strict(FULL_LOAD, return_dtype=pl.Float64)
    needed = (
        lessons.filter(~pl.col("specialty").is_in([GENERAL, HOMEROOM]))
        .group_by("school", "year", "level", "specialty")
        .agg((pl.col("periods").sum() / load.first()).alias("needed"))
    )
    return _as_seats(_spread(needed, stands), "teacher")


def _other_seats(network: Network, classes: Classes, rng: np.random.Generator) -> pl.DataFrame:
    """Principals, vice principals and clerks of every site; teachers of nursery schools."""
    per_school = classes.frame.with_columns(pl.Series("size", np.bincount(classes.of_stay)))
    sizes = dict(per_school.filter(pl.col("year") == 0).group_by("school").agg(pl.col("size").sum()).rows())
    pupils = np.array([sizes.get(site.schools[0], 150) for site in network.sites])
    children = np.maximum(4, rng.normal(CHILDREN_TEACHERS, 8, len(pupils))).astype(int)
    vices = 1 + (pupils > 350) + (pupils > 1000)
    rows: list[tuple[int, str, str, int, str]] = []
    for index, site in enumerate(network.sites):
        level = site.levels[-1]
        rows.append((index, level, "HEAD", 1, "principal"))
        rows.append((index, level, "VICE", int(vices[index]), "vice_principal"))
        rows.append((index, level, "OFFICE", 2 + int(pupils[index]) // PUPILS_PER_CLERK, "clerk"))
        if level == "MN":
            rows.append((index, level, "CHILDREN", int(children[index]), "teacher"))
    counted = pl.DataFrame(rows, schema=["site", "level", "specialty", "needed", "position"], orient="row")
    return (
        counted.with_columns(pl.int_ranges("needed").alias("order"))
        .explode("order")
        .select("site", "level", "specialty", "order", "position")
    )


def _by_year(seats: pl.DataFrame, stands: pl.DataFrame) -> pl.DataFrame:
    kind = ("school", "year", "level", "specialty")
    return (
        seats.join(stands.select("site", "level", "year", "school"), on=["site", "level"])
        .sort("seat", "year")
        .with_columns(
            (pl.col("seat").rank("ordinal").over(kind) - 1).cast(pl.Int64).alias("place"),
            pl.len().over(kind).cast(pl.Int64).alias("of"),
        )
        .select("seat", "year", "school", "place", "of")
    )


def _homeroom(classes: pl.DataFrame, seats: pl.DataFrame, by_year: pl.DataFrame) -> pl.DataFrame:
    """One seat per class, another for each class of a school as long as its teachers suffice."""
    teachers = (
        by_year.join(seats, on="seat")
        .filter(
            (pl.col("position") == "teacher") & ((pl.col("level") != "TH") | (pl.col("specialty") == GENERAL))
        )
        .sort("school", "year", "level", "place", "specialty", "seat")
        .with_columns(
            (pl.int_range(pl.len()).over("school", "year", "level")).alias("turn"),
            pl.len().over("school", "year", "level").cast(pl.Int64).alias("teachers"),
        )
    )
    turns = classes.sort("class").with_columns(
        pl.int_range(pl.len()).over("school", "year", "level").alias("turn")
    )
    counts = teachers.select("school", "year", "level", "teachers").unique(maintain_order=True)
    return (
        turns.join(counts, on=["school", "year", "level"])
        .with_columns(pl.col("turn") % pl.col("teachers"))
        .join(teachers, on=["school", "year", "level", "turn"])
        .select("class", "seat")
        .sort("class")
    )


def _give(lessons: pl.DataFrame, seats: pl.DataFrame, homeroom: pl.DataFrame) -> pl.DataFrame:
    """Class, subject, seat, and a second seat of the same kind (the same one when there is no second)."""
    own = lessons.filter(pl.col("specialty").is_in([GENERAL, HOMEROOM])).join(homeroom, on="class")
    own = own.with_columns(pl.col("seat").alias("helper"))
    kind = ["school", "year", "level", "specialty"]
    before = pl.col("periods").cum_sum() - pl.col("periods") / 2
    spread = (
        lessons.filter(~pl.col("specialty").is_in([GENERAL, HOMEROOM]))
        .join(seats.select(*kind, "of").unique(maintain_order=True), on=kind)
        .sort(*kind, "class", "subject")
        .with_columns((before / pl.col("periods").sum()).over(kind).alias("done"))
        .with_columns((pl.col("done") * pl.col("of")).floor().cast(pl.Int64).alias("place"))
        .with_columns(((pl.col("place") + 1) % pl.col("of")).alias("next"))
    )
    places = seats.select(*kind, "place", "seat")
    given = spread.join(places, on=[*kind, "place"]).join(
        places.rename({"place": "next", "seat": "helper"}), on=[*kind, "next"]
    )
    columns = ["class", "year", "subject", "seat", "helper"]
    return pl.concat([own.select(columns), given.select(columns)]).sort("class", "subject")


def _parts(given: pl.DataFrame, subjects: tuple[Subject, ...], rng: np.random.Generator) -> pl.DataFrame:
    """Lessons with shares and days: whole, halved all year, or halved from the second term."""
    shared = np.array([item.field in SHARED_FIELDS for item in subjects])[given["subject"].to_numpy()]
    fate, alone = rng.random(len(given)), (given["seat"] == given["helper"]).to_numpy()
    halved = ~alone & shared & (fate < SHARED_RATE)
    helped = ~alone & ~halved & (fate > 1 - HELPED_RATE)
    whole = given.filter(~(halved | helped))
    shared_rows = given.filter(halved)
    helped_rows = given.filter(helped)
    pieces = [
        _piece(whole, "seat", 1.0, (opens, closes)),
        _piece(shared_rows, "seat", 0.5, (opens, closes)),
        _piece(shared_rows, "helper", 0.5, (opens, closes)),
        _piece(helped_rows, "seat", 1.0, (opens, second_term)),
        _piece(helped_rows, "seat", 0.5, (second_term, closes)),
        _piece(helped_rows, "helper", 0.5, (second_term, closes)),
    ]
    return pl.concat(pieces).sort("class", "subject", "from", "seat")


def _piece(
    rows: pl.DataFrame, seat: str, share: float, days: tuple[Callable[[int], date], Callable[[int], date]]
) -> pl.DataFrame:
    first, last = (
        pl.col("year").replace_strict(
            range(len(FIRST_YEARS)), [day(year) for year in FIRST_YEARS], return_dtype=pl.Date
        )
        for day in days
    )
    return rows.select(
        "class",
        "year",
        "subject",
        pl.col(seat).alias("seat"),
        pl.lit(share).alias("share"),
        first.alias("from"),
        last.alias("to"),
    )
