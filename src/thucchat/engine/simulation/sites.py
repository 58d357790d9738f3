"""What the plan of schools consists of: schools as legal units, sites as places, changes, roads.

A *site* is a place of learning that never moves; the *school* it belongs to may change from year to year.
So a merger is two sites that come under one school, a split is two sites that part, and nobody is lost.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.simulation.years import RECORDS_BEGIN


@dataclass(frozen=True, slots=True)
class School:
    """One school as a legal unit."""

    code: str
    name: str
    school_type: str  # ministry code
    levels: tuple[str, ...]
    zone: str
    district: int  # index into DISTRICTS
    commune: str  # name since 2025
    valid_from: date = RECORDS_BEGIN
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """One place of learning."""

    schools: tuple[int, ...]  # index into Network.schools, by school year
    levels: tuple[str, ...]
    weight: float  # share of the province's new pupils of the first grade; 0 without primary grades
    locality: str


@dataclass(frozen=True, slots=True)
class Change:
    """A merger, split or closure: every `before` school ends, every `after` school takes over on `day`."""

    kind: str
    before: tuple[int, ...]
    after: tuple[int, ...]
    day: date


@dataclass(frozen=True, slots=True)
class Network:
    """Schools, sites, and the roads between sites. Arrays are indexed by site unless stated."""

    scale: float
    schools: tuple[School, ...]
    sites: tuple[Site, ...]
    changes: tuple[Change, ...]
    districts: int  # the first so many of DISTRICTS
    school_of: NDArray[np.int64]  # (sites, years)
    district_of: NDArray[np.int64]  # (sites,)
    lower_of: NDArray[np.int64]  # where pupils of the fifth grade go on; -1 without primary grades
    upper_of: NDArray[
        np.int64
    ]  # the ordinary upper-secondary site nearest; -1 without lower-secondary grades
    boarding_of: NDArray[np.int64]  # (districts,), the boarding upper-secondary site; -1 when there is none
    centre_of: NDArray[np.int64]  # (districts,), the continuing-education centre
    gifted: int  # the site of the school for the gifted
