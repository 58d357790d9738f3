"""Which of many tests to look into: false-discovery control, and the false alarms to expect all the same."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.measurement.dif.results import benjamini_hochberg

LEVEL = 0.05  # share of false alarms among the flags, on average
WATCHED = (0.01, 0.001, 0.0001)


@dataclass(frozen=True, slots=True)
class Calibration:
    """How many tests fall below a p-value, and how many would if nothing were wrong."""

    p: float
    seen: int
    expected: float


@dataclass(frozen=True, slots=True)
class Discovery:
    """The tests of one list."""

    tests: int
    level: float
    adjusted: NDArray[np.float64]  # (tests,) Benjamini-Hochberg
    flagged: NDArray[np.int64]  # places of the flagged tests, most unusual first
    cut: float  # largest p flagged, 0 without flags
    expected_false: float  # flags that chance alone would bring with that cut: tests × cut
    calibration: tuple[Calibration, ...]


def discover(p: NDArray[np.float64], level: float = LEVEL, *, tests: int | None = None) -> Discovery:
    """Flag what Benjamini and Hochberg's procedure keeps.

    `tests` is the number of tests made when `p` lists the smallest p-values only; those left out must be
    larger.

    Shapes:
        p: (listed,) NaN = could not be tested.
    """
    made = int(np.isfinite(p).sum()) if tests is None else tests
    unlisted = np.ones(max(made - int(np.isfinite(p).sum()), 0))
    adjusted = benjamini_hochberg(np.concatenate([p, unlisted]))[: len(p)]
    flagged = np.flatnonzero(adjusted <= level)
    flagged = flagged[np.argsort(p[flagged], kind="stable")]
    cut = float(p[flagged].max()) if flagged.size else 0.0
    watched = tuple(Calibration(limit, int((p <= limit).sum()), made * limit) for limit in WATCHED)
    return Discovery(made, level, adjusted, flagged, cut, made * cut, watched)
