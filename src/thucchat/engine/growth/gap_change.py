"""Did the gap between transcript and exam marks fall from one year to the next, unit by unit?

A fall is tested one-sided, and the share of false announcements among all units is held down
(false-discovery rate), because with five hundred schools and nine subjects chance alone makes hundreds of
gaps look smaller.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from thucchat.engine.growth.gap import Gaps

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GapFall:
    """One entry per unit; NaN where one of the years has no result."""

    fall: Floats  # points, gap before minus gap after
    error: Floats  # standard error, points
    p_value: Floats  # chance of at least such a fall had the gap not fallen
    q_value: Floats  # share of false announcements if this and all smaller ones are announced
    fell: NDArray[np.bool_]  # announced at the rate asked


def gap_fall(before: Gaps, after: Gaps, *, rate: float = 0.1) -> GapFall:
    """Test every unit. The units of both years must stand in the same order.

    Source:
        Welch (1947), Biometrika 34, 28-35; Benjamini & Hochberg (1995), JRSS B 57(1), 289-300.
    """
    fall = before.gap - after.gap
    squares = [before.gap_error**2, after.gap_error**2]
    error = np.sqrt(squares[0] + squares[1])
    with np.errstate(invalid="ignore", divide="ignore"):
        freedom = error**4 / (
            squares[0] ** 2 / np.maximum(before.count - 1, 1)
            + squares[1] ** 2 / np.maximum(after.count - 1, 1)
        )
        p_value = np.where(error > 0, stdtr(freedom, -fall / error), np.where(fall > 0, 0.0, 1.0))
    p_value = np.where(np.isfinite(fall), p_value, np.nan)
    q_value = false_discovery(p_value)
    return GapFall(fall, error, p_value, q_value, np.nan_to_num(q_value, nan=1.0) <= rate)


def false_discovery(p_values: Floats) -> Floats:
    """Benjamini-Hochberg adjusted p-values; NaN stays NaN and is not counted. Shapes: (tests,)."""
    tested = np.flatnonzero(np.isfinite(p_values))
    order = tested[np.argsort(p_values[tested])]
    scaled = p_values[order] * len(order) / np.arange(1, len(order) + 1)
    adjusted = np.full(len(p_values), np.nan)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1)
    return adjusted
