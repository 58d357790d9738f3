"""Critical value for all pairs of units at once, by simulation, in standard errors of a difference.

The largest of p(p - 1) standardised differences is found exactly without forming them all: a difference of
units that are e_i and e_j standard errors off is at most √(e_i² + e_j²), so only the units that are furthest
off in a draw can attain the maximum.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput

FIRST_CANDIDATES = 16  # units at each end looked at in every draw; more only in the few draws that need it
CELLS = 4_000_000  # pairs held in memory at a time


@dataclass(frozen=True, slots=True)
class _Bounds:
    """The maximum lies between `reached` and `possible`, per draw."""

    reached: NDArray[np.float64]  # (draws,)
    possible: NDArray[np.float64]  # (draws,)


def draw_errors(units: int, draws: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Standard normal errors. Shapes: (draws, units)."""
    return rng.standard_normal((draws, units), dtype=np.float32)


def critical_value(
    noise: NDArray[np.float32], errors: NDArray[np.float64], open_pairs: NDArray[np.bool_], *, level: float
) -> float:
    """The `level` quantile of max (Z_i - Z_j) / √(s_i² + s_j²) over the open ordered pairs (i, j).

    The quantile is taken one standard error of the simulation higher, √(level (1 - level) / draws), so that
    few draws make the sets longer and not less sure.

    Shapes:
        noise: (draws, units), standard normal. errors: (units,). open_pairs: (units, units).
    Raises:
        InvalidInput: `rank.draws` when there are too few draws for the level.
    """
    draws, units = noise.shape
    safe = level + np.sqrt(level * (1 - level) / draws)
    place = int(np.ceil((draws + 1) * safe)) - 1
    if place >= draws:
        raise InvalidInput("rank.draws", f"{draws} lần mô phỏng là quá ít cho mức tin cậy {level:g}.")
    width = min(FIRST_CANDIDATES, units)
    maxima = _bounds(noise, errors, open_pairs, width)
    reached, possible = maxima.reached, maxima.possible
    while width < units:
        quantile = float(np.partition(reached, place)[place])
        doubtful = np.flatnonzero((possible > quantile) & (possible > reached))
        if not doubtful.size:
            break
        width = min(2 * width, units)
        maxima = _bounds(noise[doubtful], errors, open_pairs, width)
        reached[doubtful], possible[doubtful] = maxima.reached, maxima.possible
    return float(np.partition(reached, place)[place])


def _bounds(
    noise: NDArray[np.float32], errors: NDArray[np.float64], open_pairs: NDArray[np.bool_], width: int
) -> _Bounds:
    chunk = max(1, CELLS // (width * width))
    parts = [
        _chunk_bounds(noise[start : start + chunk], errors, open_pairs, width)
        for start in range(0, len(noise), chunk)
    ]
    return _Bounds(
        np.concatenate([part.reached for part in parts]), np.concatenate([part.possible for part in parts])
    )


def _chunk_bounds(
    noise: NDArray[np.float32], errors: NDArray[np.float64], open_pairs: NDArray[np.bool_], width: int
) -> _Bounds:
    high, high_noise = _largest(noise, width)
    low, low_noise = _largest(-noise, width)
    high_error, low_error = errors[high][:, :, None], errors[low][:, None, :]
    spread = np.sqrt(high_error**2 + low_error**2)
    # Two units known without error differ by no noise at all.
    spread[spread == 0] = 1
    gaps = (high_error * high_noise[:, :, None] + low_error * low_noise[:, None, :]) / spread
    gaps[~open_pairs[high[:, :, None], low[:, None, :]]] = -np.inf
    reached = gaps.max(axis=(1, 2))
    if width == noise.shape[1]:
        return _Bounds(reached, reached.copy())
    up, down = np.maximum(high_noise, 0), np.maximum(low_noise, 0)
    outside = np.maximum(
        np.hypot(up.min(axis=1), down.max(axis=1)), np.hypot(up.max(axis=1), down.min(axis=1))
    )
    return _Bounds(reached, np.maximum(reached, outside))


def _largest(noise: NDArray[np.float32], width: int) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    cut = noise.shape[1] - width
    places = np.argpartition(noise, cut, axis=1)[:, cut:] if cut else np.argsort(noise, axis=1)
    return places, np.take_along_axis(noise, places, axis=1).astype(np.float64)
