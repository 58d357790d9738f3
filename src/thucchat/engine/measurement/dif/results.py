"""What a DIF method says of an item, and the classes of size that the literature has agreed on."""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

DELTA = -2.35  # log odds to the ETS delta scale: 4 / 1.7, negative means harder for the focal group
SMALL_DELTA, LARGE_DELTA = 1.0, 1.5
SMALL_SMD, LARGE_SMD = 0.17, 0.25  # standardised mean difference, ETS classes AA, BB, CC
SMALL_R2, LARGE_R2 = 0.035, 0.070  # Jodoin and Gierl (2001)
LEVEL = 0.05


class Size(StrEnum):
    """Negligible, moderate, large; unknown when the item could not be tested."""

    A = "A"
    B = "B"
    C = "C"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class ItemDif:
    """One item under one method; NaN where the data give no value."""

    item: str
    statistic: float  # chi-square
    degrees_of_freedom: int
    p: float
    effect: float  # on the method's own scale: see the method
    effect_error: float  # standard error of the effect, NaN where the method has none
    size: Size  # by effect and its certainty
    effect_size: Size  # by effect alone
    adjusted_p: float = np.nan  # Benjamini-Hochberg over the items tested
    flagged: bool = False  # adjusted p below the level
    anchor: bool = True  # in the matching score of the last round
    uniform: tuple[float, float] | None = None  # statistic and p of the uniform part, where it is separate
    non_uniform: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class DifAnalysis:
    """All items under one method."""

    method: str
    items: tuple[ItemDif, ...]
    reference: int  # persons
    focal: int  # persons
    rounds: int  # of purification; 1 without
    settled: bool  # the same items were found twice
    cautions: tuple[str, ...]  # Vietnamese


def untested(item: str, freedom: int) -> ItemDif:
    """An item for which the data give no value."""
    return ItemDif(item, np.nan, freedom, np.nan, np.nan, np.nan, Size.UNKNOWN, Size.UNKNOWN)


def ets_class(delta: float, error: float) -> Size:
    """ETS classes of MH D-DIF, which ask for certainty as well as size.

    A: not significantly different from 0, or below 1. C: at least 1.5 and significantly above 1 (one-sided).

    Source: Zieky (1993), in Holland and Wainer, Differential Item Functioning, 337-347; level 0.05.
    """
    if not np.isfinite([delta, error]).all():
        return Size.UNKNOWN
    size = abs(delta)
    if size < SMALL_DELTA or size <= norm.ppf(1 - LEVEL / 2) * error:
        return Size.A
    certain = size - SMALL_DELTA > norm.ppf(1 - LEVEL) * error
    return Size.C if size >= LARGE_DELTA and certain else Size.B


def delta_class(delta: float) -> Size:
    """The same limits by size alone, as R's difR prints them. Source: Holland and Thayer (1985)."""
    return _by_limits(abs(delta), SMALL_DELTA, LARGE_DELTA)


def r2_class(gain: float) -> Size:
    """Classes of the gain in Nagelkerke's R². Source: Jodoin and Gierl (2001), limits 0.035 and 0.070."""
    return _by_limits(gain, SMALL_R2, LARGE_R2)


def smd_class(difference: float, p: float) -> Size:
    """Classes of the standardised mean difference of an item scored in steps; A unless significant.

    Source: Zwick, Thayer and Mazzeo (1997), Applied Measurement in Education 10(4), 321-344.
    """
    if np.isfinite(p) and p >= LEVEL:
        return Size.A
    return _by_limits(abs(difference), SMALL_SMD, LARGE_SMD)


def _by_limits(size: float, small: float, large: float) -> Size:
    if not np.isfinite(size):
        return Size.UNKNOWN
    return Size.A if size < small else Size.B if size < large else Size.C


def false_discovery(results: list[ItemDif], level: float) -> list[ItemDif]:
    """Add Benjamini-Hochberg adjusted p-values, and flag what stays below `level`."""
    adjusted = benjamini_hochberg(np.array([result.p for result in results]))
    return [
        replace(result, adjusted_p=float(value), flagged=bool(value < level))
        for result, value in zip(results, adjusted, strict=True)
    ]


def benjamini_hochberg(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Adjusted p-values; NaN stays NaN and is not counted as a test. Shapes: (tests,).

    Source: Benjamini and Hochberg (1995), JRSS B 57(1), 289-300.
    """
    adjusted = np.full(p.shape, np.nan)
    tested = np.flatnonzero(np.isfinite(p))
    order = tested[np.argsort(p[tested])][::-1]
    ranks = np.arange(tested.size, 0, -1)
    adjusted[order] = np.minimum(np.minimum.accumulate(p[order] * tested.size / ranks), 1)
    return adjusted
