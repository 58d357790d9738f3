"""Who sits in which seat on which day, and who those people are."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from thucchat.engine.simulation.codes import STAFF_PREFIX, ministry_codes, personal_ids
from thucchat.engine.simulation.names import FEMALE, MALE, people_names
from thucchat.engine.simulation.rolls import Days, Ints
from thucchat.engine.simulation.schemas import STAFF
from thucchat.engine.simulation.subjects import TRAINED_FOR
from thucchat.engine.simulation.years import FIRST_YEARS, days_between, opens, starts

# A year, as shares of the seats: holders who leave and are replaced in summer, who swap schools, who leave
# in the middle of the year.
REPLACED, SWAPPED, LEFT_MIDWAY = 0.025, 0.03, 0.012
ETHNICITIES = {"01": 0.47, "03": 0.36, "08": 0.11, "29": 0.02, "37": 0.01, "07": 0.01, "02": 0.01, "35": 0.01}
WOMEN = {"MN": 0.985, "TH": 0.72, "THCS": 0.60, "THPT": 0.58, "GDTX": 0.5, "OFFICE": 0.4}
AGES = {"principal": (38, 58), "vice_principal": (34, 56), "head": (45, 59), "vice_head": (42, 58)}
TEACHER_AGES, NEW_AGES = (24, 58), (22, 36)
MASTERS = {"MN": 0.01, "TH": 0.02, "THCS": 0.04, "THPT": 0.17, "GDTX": 0.08, "OFFICE": 0.4}
COLLEGE = {"MN": 0.3, "TH": 0.12, "THCS": 0.08, "THPT": 0.0, "GDTX": 0.02, "OFFICE": 0.0}
CORE = 0.06


@dataclass(frozen=True, slots=True)
class Holders:
    """Staff number of each seat, before and after the day on which it may change hands in each year."""

    early: Ints  # (seats, years)
    late: Ints  # (seats, years); equal to `early` where nobody left midway
    day: Days  # (seats, years), first day of the late holder
    first_seat: Ints  # (staff,), the seat in which each person is first met
    is_new: NDArray[np.bool_]  # (staff,), hired after the records begin


def seat_holders(seats: pl.DataFrame, rng: np.random.Generator) -> Holders:
    """Fill the seats year by year: people stay, swap seats of the same kind, leave and are replaced."""
    count = len(seats)
    kind = seats.select(pl.concat_str("level", "specialty", "position")).to_series()
    group = kind.rank("dense").to_numpy().astype(np.int64)
    holder, first_seat = np.arange(count), [np.arange(count)]
    early, late, days = [], [], []
    known = count
    for year, first_year in enumerate(FIRST_YEARS):
        if year:
            replaced = np.flatnonzero(rng.random(count) < REPLACED)
            holder = _swap(holder, group, rng)
            holder[replaced] = known + np.arange(len(replaced))
            known += len(replaced)
            first_seat.append(replaced)
        early.append(holder.copy())
        leaves = np.flatnonzero(rng.random(count) < LEFT_MIDWAY)
        holder[leaves] = known + np.arange(len(leaves))
        known += len(leaves)
        first_seat.append(leaves)
        late.append(holder.copy())
        days.append(
            days_between(
                rng, opens(first_year).replace(month=10), starts(first_year + 1).replace(month=5), count
            )
        )
    return Holders(
        np.stack(early, axis=1),
        np.stack(late, axis=1),
        np.stack(days, axis=1),
        np.concatenate(first_seat),
        np.arange(known) >= count,
    )


def _swap(holder: Ints, group: Ints, rng: np.random.Generator) -> Ints:
    """Holders of some seats move on to the next chosen seat of their kind, round in a ring."""
    chosen = np.flatnonzero(rng.random(len(holder)) < SWAPPED)
    chosen = chosen[np.lexsort((rng.random(len(chosen)), group[chosen]))]
    kinds = group[chosen]
    first = np.searchsorted(kinds, kinds)
    size = np.searchsorted(kinds, kinds, side="right") - first
    target = first + (np.arange(len(chosen)) - first + 1) % size
    moved = holder.copy()
    moved[chosen[target]] = holder[chosen]
    return moved


def staff_frame(
    level: NDArray[np.str_],
    specialty: NDArray[np.str_],
    position: NDArray[np.str_],
    is_new: NDArray[np.bool_],
    rng: np.random.Generator,
) -> pl.DataFrame:
    """The frame STAFF, one row per person in the order given. Shapes: (people,) each."""
    count = len(level)
    sex = np.where(rng.random(count) < _by(WOMEN, level), FEMALE, MALE)
    ethnicity = rng.choice(list(ETHNICITIES), count, p=list(ETHNICITIES.values()))
    birth = _births(position, is_new, rng)
    chance = rng.random(count)
    college = chance > 1 - _by(COLLEGE, level)
    teaches = position == "teacher"
    trained = [list(TRAINED_FOR.get(at, (at,))) if own else []
               for at, own in zip(specialty, teaches, strict=True)]  # fmt: skip
    return pl.DataFrame(
        {
            "code": ministry_codes(STAFF_PREFIX, count, rng),
            "personal_id": personal_ids(birth, sex, rng),
            "name": people_names(ethnicity, sex, rng),
            "sex": sex,
            "birth": birth,
            "ethnicity": ethnicity,
            "qualification": np.where(chance < _by(MASTERS, level), "08", np.where(college, "06", "07")),
            "subjects": pl.Series(trained, dtype=pl.List(pl.String())),
            "is_core": teaches & ~is_new & (rng.random(count) < CORE),
        },
        schema=STAFF,
    )


def _by(rates: dict[str, float], level: NDArray[np.str_]) -> NDArray[np.float64]:
    known, place = np.unique(level, return_inverse=True)
    return np.array([rates[name] for name in known])[place]


def _births(
    position: NDArray[np.str_], is_new: NDArray[np.bool_], rng: np.random.Generator
) -> NDArray[np.datetime64]:
    ages = [AGES.get(at, NEW_AGES if new else TEACHER_AGES) for at, new in zip(position, is_new, strict=True)]
    youngest, oldest = np.array(ages).T
    days = (youngest + rng.random(len(ages)) * (oldest - youngest)) * 365.25
    first_day = np.array(starts(FIRST_YEARS[0]), "datetime64[D]")
    born: NDArray[np.datetime64] = first_day - days.astype("timedelta64[D]")
    return born
