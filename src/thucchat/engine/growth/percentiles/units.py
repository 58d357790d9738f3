"""Median and mean growth percentile of a class, teacher or school, with bootstrap intervals.

Pupils are drawn again within their unit. The interval says how much the result would move with other
pupils of the same kind; it does not say that the unit caused the growth.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput

MINIMUM = 10  # pupils with a percentile, below which a unit gets no result


@dataclass(frozen=True, slots=True)
class UnitGrowth:
    """Growth of each unit, in percentiles; NaN where a unit has too few pupils."""

    pupils: NDArray[np.int64]  # (units,), with a percentile
    median: NDArray[np.float64]  # (units,)
    median_low: NDArray[np.float64]  # (units,)
    median_high: NDArray[np.float64]  # (units,)
    mean: NDArray[np.float64]  # (units,)
    mean_low: NDArray[np.float64]  # (units,)
    mean_high: NDArray[np.float64]  # (units,)
    mean_error: NDArray[np.float64]  # (units,), standard error
    enough: NDArray[np.bool_]  # (units,), at least the minimum


def unit_growth(
    percentiles: NDArray[np.float64],
    unit: NDArray[np.int64],
    *,
    level: float = 0.9,
    minimum: int = MINIMUM,
    draws: int = 1000,
    rng: np.random.Generator,
) -> UnitGrowth:
    """Summaries of all units.

    Shapes:
        percentiles: (pupils,), NaN for pupils without one. unit: (pupils,), codes 0, 1, …, -1 for none.
    Raises:
        InvalidInput: `units.none` when no pupil has both a unit and a percentile.
    """
    usable = np.isfinite(percentiles) & (unit >= 0)
    if not usable.any():
        raise InvalidInput("units.none", "Không có học sinh nào vừa có đơn vị vừa có bách phân vị tiến bộ.")
    order = np.lexsort((percentiles[usable], unit[usable]))
    values, codes = percentiles[usable][order], unit[usable][order]
    counts = np.bincount(codes, minlength=int(unit.max()) + 1)
    filled = np.flatnonzero(counts)
    sizes, starts = counts[filled], np.concatenate([[0], np.cumsum(counts[filled])[:-1]])
    means = np.add.reduceat(values, starts) / sizes
    squares = np.add.reduceat(values**2, starts) / sizes - means**2
    tails = ((1 - level) / 2, (1 + level) / 2)
    median_low, median_high = np.quantile(
        _medians(values, starts, sizes, draws=draws, rng=rng), tails, axis=0
    )
    mean_low, mean_high = np.quantile(_means(values, starts, sizes, draws=draws, rng=rng), tails, axis=0)
    lower, upper = values[starts + (sizes - 1) // 2], values[starts + sizes // 2]
    found = {
        "median": (lower + upper) / 2,
        "median_low": median_low,
        "median_high": median_high,
        "mean": means,
        "mean_low": mean_low,
        "mean_high": mean_high,
        "mean_error": np.sqrt(np.maximum(squares, 0) / np.maximum(sizes - 1, 1)),
    }
    enough = counts >= minimum
    spread = {name: _spread(value, filled, enough) for name, value in found.items()}
    return UnitGrowth(pupils=counts, enough=enough, **spread)


def _spread(
    value: NDArray[np.float64], filled: NDArray[np.intp], enough: NDArray[np.bool_]
) -> NDArray[np.float64]:
    table = np.full(len(enough), np.nan)
    table[filled] = value
    table[~enough] = np.nan
    return table


def _medians(
    values: NDArray[np.float64],
    starts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    *,
    draws: int,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Bootstrap medians without drawing pupils: the k-th of n uniform draws has a beta distribution.

    Shapes:
        values: sorted within units. Returns (draws, units).
    """
    middle = (sizes + 1) // 2
    lower = rng.beta(middle, sizes - middle + 1, (draws, len(sizes)))
    # For an even count the next order statistic, given this one, is the least of the n - k draws above it.
    upper = lower + (1 - lower) * rng.beta(1, np.maximum(sizes - middle, 1), (draws, len(sizes)))
    upper = np.where(sizes % 2 == 0, upper, lower)
    places = [np.minimum((share * sizes).astype(np.int64), sizes - 1) + starts for share in (lower, upper)]
    return np.asarray((values[places[0]] + values[places[1]]) / 2)


def _means(
    values: NDArray[np.float64],
    starts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    *,
    draws: int,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Bootstrap means. Shapes: returns (draws, units)."""
    first, size = np.repeat(starts, sizes), np.repeat(sizes, sizes).astype(np.float64)
    means = np.empty((draws, len(sizes)))
    for draw in range(draws):
        chosen = first + (rng.random(len(values)) * size).astype(np.int64)
        means[draw] = np.add.reduceat(values[chosen], starts) / sizes
    return means
