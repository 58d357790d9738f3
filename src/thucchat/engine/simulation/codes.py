"""Invented codes of people: unique, of the real shape, with digits that no register would have given out.

A ministry code has 10 digits, a personal id 12: province 011, century and sex, year of birth, serial (§10.1).
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from thucchat.engine.simulation.names import FEMALE

PUPIL_PREFIX, STAFF_PREFIX = "11", "91"
# Odd and not divisible by 5, hence one-to-one on remainders of a power of ten.
STRIDE = 38_291_867
REGISTRY = "011"
SERIALS = 1_000_000


def ministry_codes(prefix: str, count: int, rng: np.random.Generator) -> pl.Series:
    """`count` different codes that start with `prefix`, in no order that tells who came first."""
    serial = (np.arange(count, dtype=np.int64) * STRIDE + rng.integers(10**8)) % 10**8
    return prefix + _digits(serial, 8)


def personal_ids(birth: NDArray[np.datetime64], sex: NDArray[np.str_], rng: np.random.Generator) -> pl.Series:
    """Different ids that agree with birth year and sex. Shapes: (people,)."""
    year = birth.astype("datetime64[Y]").astype(np.int64) + 1970
    century = (year // 100 - 19) * 2 + (sex == FEMALE)
    prefix = century * 100 + year % 100
    order = np.argsort(prefix, kind="stable")
    place = np.empty(len(prefix), np.int64)
    place[order] = np.arange(len(prefix)) - np.searchsorted(prefix[order], prefix[order])
    serial = (place * STRIDE + rng.integers(SERIALS)) % SERIALS
    return REGISTRY + _digits(prefix, 3) + _digits(serial, 6)


def _digits(numbers: NDArray[np.int64], width: int) -> pl.Series:
    return pl.Series(numbers).cast(pl.String).str.zfill(width)
