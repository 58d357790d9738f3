"""Critical values for the rank of one unit at a time, by quadrature: no simulation, hence no seed.

Everything is in standard errors of a difference. With independent normal errors, given the error of unit i
the other units are independent, so the chance that no difference exceeds c is a one-dimensional integral.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

NODES = np.linspace(-4.6, 4.6, 93)  # errors of the unit itself, in its standard errors
WEIGHTS = np.exp(-(NODES**2) / 2) / np.exp(-(NODES**2) / 2).sum()
BUCKETS = 24  # other units are taken together by the size of their errors, in equal steps of the logarithm
CELLS = 4_000_000
ROUNDS = 20
TOLERANCE = 1e-5  # of the coverage
SMALLEST = 1e-6  # errors below this share of the largest count as this share of it


@dataclass(frozen=True, slots=True)
class _Rivals:
    """How many open comparisons each unit has with other units, by size of the other's error."""

    sizes: NDArray[np.float64]  # (buckets,), standard error of the bucket
    both: NDArray[np.float64]  # (wanted, buckets), open both ways
    above: NDArray[np.float64]  # (wanted, buckets), only "this one above" is open
    below: NDArray[np.float64]  # (wanted, buckets), only "this one below" is open


def critical_values(
    errors: NDArray[np.float64],
    rows: NDArray[np.intp],
    *,
    upward: NDArray[np.bool_],
    downward: NDArray[np.bool_],
    level: float,
) -> NDArray[np.float64]:
    """For each unit in `rows` the `level` quantile of the largest standardised difference still open.

    Shapes:
        errors: (units,). rows: (wanted,). upward: (wanted, units), true where "this unit is above that one"
        is open; downward: likewise for "below". Both false where a unit meets itself. Returns (wanted,).
    """
    scaled = np.maximum(errors / max(errors.max(), np.finfo(float).tiny), SMALLEST)
    rivals = _count_rivals(scaled, upward, downward)
    return _solve(scaled[rows], rivals, level)


def _count_rivals(
    errors: NDArray[np.float64], upward: NDArray[np.bool_], downward: NDArray[np.bool_]
) -> _Rivals:
    logs = np.log(errors)
    step = max(float(np.ptp(logs)) / BUCKETS, 1e-12)
    bucket = np.minimum(((logs - logs.min()) / step).astype(np.int64), BUCKETS - 1)
    used, bucket = np.unique(bucket, return_inverse=True)
    member = np.eye(len(used))[bucket]
    sizes = np.exp(member.T @ logs / member.sum(axis=0))
    return _Rivals(
        sizes,
        (upward & downward).astype(float) @ member,
        (upward & ~downward).astype(float) @ member,
        (downward & ~upward).astype(float) @ member,
    )


def _solve(errors: NDArray[np.float64], rivals: _Rivals, level: float) -> NDArray[np.float64]:
    """Secant steps on log(-log coverage), which is nearly a straight line in the bar."""
    goal = np.log(-np.log(level))
    comparisons = np.maximum((2 * rivals.both + rivals.above + rivals.below).sum(axis=1), 1)
    # Bonferroni's bar is never too low, and close.
    ceiling = np.asarray(ndtri(1 - (1 - level) / comparisons), dtype=np.float64)
    before, now = ceiling, np.maximum(0.97 * ceiling, ceiling - 0.1)
    miss_before = _steepness(errors, rivals, before) - goal
    for _ in range(ROUNDS):
        miss = _steepness(errors, rivals, now) - goal
        if np.abs(miss).max() < TOLERANCE / (1 - level):
            break
        rise = miss - miss_before
        step = np.where(rise != 0, miss * (now - before) / np.where(rise != 0, rise, 1), 0)
        before, miss_before = now, miss
        now = np.clip(now - step, 0, ceiling)
    return now


def _steepness(
    errors: NDArray[np.float64], rivals: _Rivals, bound: NDArray[np.float64]
) -> NDArray[np.float64]:
    chunk = max(1, CELLS // (len(NODES) * len(rivals.sizes)))
    coverage = np.concatenate(
        [
            _coverage(errors, rivals, bound, slice(start, start + chunk))
            for start in range(0, len(errors), chunk)
        ]
    )
    return np.asarray(np.log(-np.log(np.clip(coverage, 1e-300, 1 - 1e-16))))


def _coverage(
    errors: NDArray[np.float64], rivals: _Rivals, bound: NDArray[np.float64], rows: slice
) -> NDArray[np.float64]:
    own = errors[rows][:, None, None]
    reach = bound[rows][:, None, None] * np.hypot(own, rivals.sizes)
    own = own * NODES[:, None]
    above = ndtr((reach - own) / rivals.sizes)
    below = ndtr((reach + own) / rivals.sizes)
    tiny = np.finfo(float).tiny
    logs = np.einsum("unb,ub->un", np.log(np.maximum(above + below - 1, tiny)), rivals.both[rows])
    logs += np.einsum("unb,ub->un", np.log(np.maximum(above, tiny)), rivals.above[rows])
    logs += np.einsum("unb,ub->un", np.log(np.maximum(below, tiny)), rivals.below[rows])
    return np.asarray(np.exp(logs) @ WEIGHTS)
