"""The simulated school years and their days. A year is named by the number of its first calendar year."""

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from thucchat.engine.simulation.schemas import SCHOOL_YEARS

FIRST_YEARS = (2022, 2023, 2024)
RECORDS_BEGIN = date(2022, 8, 1)
REORGANISATION = date(2025, 7, 1)  # districts end; communes take over their schools

# First year of the 2018 curriculum, by grade. Source: Thông tư 32/2018/TT-BGDĐT, Điều 2.
NEW_CURRICULUM = {1: 2020, 2: 2021, 6: 2021, 3: 2022, 7: 2022, 10: 2022} | {
    4: 2023, 8: 2023, 11: 2023, 5: 2024, 9: 2024, 12: 2024,
}  # fmt: skip


def year_code(first_year: int) -> str:
    """The school year as people write it: 2024-2025."""
    return f"{first_year}-{first_year + 1}"


def starts(first_year: int) -> date:
    """First day of the year, for postings and units."""
    return date(first_year, 8, 1)


def opens(first_year: int) -> date:
    """First day of classes."""
    return date(first_year, 9, 5)


def second_term(first_year: int) -> date:
    """First day of the second term."""
    return date(first_year + 1, 1, 15)


def closes(first_year: int) -> date:
    """First day after classes."""
    return date(first_year + 1, 6, 1)


def curriculum(grade: int, first_year: int) -> str:
    """Curriculum of a grade in a year: 2006 or 2018."""
    return "2018" if first_year >= NEW_CURRICULUM[grade] else "2006"


def days_between(rng: np.random.Generator, first: date, last: date, count: int) -> NDArray[np.datetime64]:
    """`count` random days from `first` up to and without `last`. Shapes: (count,), datetime64[D]."""
    days = rng.integers((last - first).days, size=count)
    return np.datetime64(first) + days.astype("timedelta64[D]")


def school_years() -> pl.DataFrame:
    """The frame SCHOOL_YEARS."""
    rows = [
        (year_code(year), starts(year), starts(year + 1), opens(year), second_term(year), closes(year))
        for year in FIRST_YEARS
    ]
    return pl.DataFrame(rows, schema=SCHOOL_YEARS, orient="row")
