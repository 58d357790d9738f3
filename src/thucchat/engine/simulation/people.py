"""Pupils as people: names, birth dates, ethnic group, poverty; and their enrolments by code."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from thucchat.engine.simulation.codes import PUPIL_PREFIX, ministry_codes, personal_ids
from thucchat.engine.simulation.names import FEMALE, MALE, people_names
from thucchat.engine.simulation.places import DISTRICTS
from thucchat.engine.simulation.rolls import END_REASONS, START_REASONS, Ints, Rolls
from thucchat.engine.simulation.schemas import ENROLMENTS, PUPILS
from thucchat.engine.simulation.sites import Network

GIRLS = 0.488
POOR = {"V1": (0.38, 0.20), "V2": (0.20, 0.15), "V3": (0.06, 0.06)}  # shares of poor, near poor by zone
ORPHANS, DISABLED, MERIT = 0.012, 0.006, 0.003
# Years older than the grade asks: mostly none.
LATE = (0.955, 0.035, 0.008, 0.002)
# How strongly a village is of one group: the smaller, the more uniform.
MIXING = 1.3
# Share who board during the week (bán trú), by school type and level.
SEMI = {("01", "TH"): 0.38, ("01", "THCS"): 0.72, ("07", "THPT"): 0.30, ("16", "GDTX"): 0.15}


def pupil_frame(network: Network, rolls: Rolls, rng: np.random.Generator) -> pl.DataFrame:
    """The frame PUPILS, one row per pupil of `rolls`, in that order."""
    count = len(rolls.home)
    sex = np.where(rng.random(count) < GIRLS, FEMALE, MALE)
    ethnicity = _ethnicities(network, rolls.home, rng)
    birth = _births(rolls, rng)
    return pl.DataFrame(
        {
            "code": ministry_codes(PUPIL_PREFIX, count, rng),
            "personal_id": personal_ids(birth, sex, rng),
            "name": people_names(ethnicity, sex, rng),
            "sex": sex,
            "birth": birth,
            "ethnicity": ethnicity,
            "poverty": _poverty(network, rolls.home, rng),
            "policy": _policy(count, rng),
        },
        schema=PUPILS,
    )


def _ethnicities(network: Network, home: Ints, rng: np.random.Generator) -> NDArray[np.str_]:
    """Villages are mostly of one group: each site draws its own shares around those of its district."""
    codes = np.array(sorted({code for district in DISTRICTS for code in district.ethnicities}))
    shares = np.array(
        [[DISTRICTS[at].ethnicities.get(code, 0) for code in codes] for at in network.district_of]
    )
    mixture = rng.standard_gamma(MIXING * shares + 1e-9)
    mixture = np.where(shares > 0, mixture, 0) + 0.04 * shares
    limits = np.cumsum(mixture / mixture.sum(axis=1, keepdims=True), axis=1)
    chance = rng.random(len(home))
    place = np.zeros(len(home), np.int64)
    for column in range(len(codes) - 1):
        place += chance > limits[home, column]
    return codes[place]


def _births(rolls: Rolls, rng: np.random.Generator) -> NDArray[np.datetime64]:
    count = len(rolls.home)
    late = rng.choice(len(LATE), count, p=LATE)
    year = rolls.first_year - rolls.first_grade - 5 - late
    january = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    born: NDArray[np.datetime64] = january + rng.integers(365, size=count).astype("timedelta64[D]")
    return born


def _poverty(network: Network, home: Ints, rng: np.random.Generator) -> pl.Series:
    zones = np.array([POOR[network.schools[index].zone] for index in network.school_of[:, 0]])
    poor, near = zones[home].T
    chance = rng.random(len(home))
    words = np.where(chance < poor, "poor", np.where(chance < poor + near, "near_poor", ""))
    return _blank_as_null(words)


def _policy(count: int, rng: np.random.Generator) -> pl.Series:
    limits = np.cumsum([ORPHANS, DISABLED, MERIT])
    words = np.array(["orphan", "disabled", "merit_family", ""])
    return _blank_as_null(words[np.searchsorted(limits, rng.random(count), side="right")])


def _blank_as_null(words: NDArray[np.str_]) -> pl.Series:
    return pl.Series(words, dtype=pl.String).replace({"": None})


def enrolment_frame(
    network: Network, rolls: Rolls, pupils: pl.Series, classes: pl.Series, rng: np.random.Generator
) -> pl.DataFrame:
    """The frame ENROLMENTS. `pupils` are codes by number, `classes` the code of the class of each stay."""
    return pl.DataFrame(
        {
            "pupil_code": pupils.gather(rolls.pupil),
            "class_code": classes,
            "starts": rolls.starts,
            "ends": rolls.ends,
            "boarding": _boarding(network, rolls, rng),
            "start_reason": np.array(START_REASONS)[rolls.start_reason],
            "end_reason": np.array(END_REASONS)[rolls.end_reason],
        },
        schema=ENROLMENTS,
    )


def _boarding(network: Network, rolls: Rolls, rng: np.random.Generator) -> NDArray[np.str_]:
    distance = rng.random(len(rolls.home))
    rates = np.zeros((len(network.sites), 13))
    for index, site in enumerate(network.sites):
        kind = network.schools[site.schools[0]].school_type
        for level in site.levels:
            grades = {"TH": slice(3, 6), "THCS": slice(6, 10)}.get(level, slice(10, 13))
            rates[index, grades] = 2.0 if kind in {"02", "03"} else SEMI.get((kind, level), 0.0)
    rate = rates[rolls.site, rolls.grade]
    semi = np.where(distance[rolls.pupil] < rate, "semi", "none")
    return np.where(rate > 1, "full", semi)
