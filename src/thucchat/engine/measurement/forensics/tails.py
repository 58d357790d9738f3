"""Exact tail probabilities of counts over unlike items. All arguments are probabilities, one row per pair."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
ROUNDING = 1e-9  # relative; outcomes of equal probability count as equally extreme


def at_least(p: Floats, count: NDArray[np.int64]) -> Floats:
    """Probability of at least `count` successes, the generalised binomial distribution.

    Shapes:
        p: (pairs, items).
        count: (pairs,).
    """
    pairs, items = p.shape
    mass = np.zeros((pairs, items + 1))
    mass[:, 0] = 1.0
    for item in range(items):
        moved = mass[:, : item + 1] * p[:, item, None]
        mass[:, : item + 1] -= moved
        mass[:, 1 : item + 2] += moved
    above = mass[:, ::-1].cumsum(axis=1)[:, ::-1]
    return np.asarray(above[np.arange(pairs), count])


def joint_tail(first: Floats, second: Floats, counts: NDArray[np.int64]) -> Floats:
    """Probability of an outcome at least as extreme as `counts`, in the generalised trinomial distribution.

    How extreme (m, n) is: the probability of at least m of the first kind together with at least n of the
    second. The quadrant alone is no p-value, as its value is below 0.05 far more often than 5 % of the time;
    the probability of all outcomes whose quadrant is at most as probable is one.

    Shapes:
        first, second: (pairs, items) probabilities of the two kinds, exclusive of each other.
        counts: (pairs, 2).
    """
    pairs, items = first.shape
    mass = np.zeros((pairs, items + 1, items + 1))
    mass[:, 0, 0] = 1.0
    for item in range(items):
        a, b = first[:, item, None, None], second[:, item, None, None]
        old = mass[:, : item + 1, : item + 1].copy()
        mass[:, : item + 1, : item + 1] *= 1 - a - b
        mass[:, 1 : item + 2, : item + 1] += old * a
        mass[:, : item + 1, 1 : item + 2] += old * b
    quadrant = mass[:, ::-1, ::-1].cumsum(axis=1).cumsum(axis=2)[:, ::-1, ::-1]
    seen = quadrant[np.arange(pairs), counts[:, 0], counts[:, 1]]
    extreme = quadrant <= seen[:, None, None] * (1 + ROUNDING)
    return np.asarray(np.minimum((mass * extreme).sum(axis=(1, 2)), 1.0))


def run_at_least(right: Floats, wrong: Floats, length: NDArray[np.int64]) -> Floats:
    """Probability that some stretch without a differing answer holds `length` or more shared wrong ones.

    Shared right answers neither lengthen nor end a stretch.

    Shapes:
        right, wrong: (pairs, items) probabilities of sharing a right, and a wrong, answer, in the order
        asked.
        length: (pairs,) at least 0.
    """
    tail = np.ones(len(right))
    for wanted in np.unique(length[length > 0]):
        rows = np.flatnonzero(length == wanted)
        tail[rows] = _reached(right[rows], wrong[rows], int(wanted))
    return tail


def _reached(right: Floats, wrong: Floats, wanted: int) -> Floats:
    state = np.zeros((len(right), wanted + 1))
    state[:, 0] = 1.0
    for a, b in zip(right.T, wrong.T, strict=True):
        going = state[:, :wanted]
        longer = going * b[:, None]
        ended = (going * (1 - a - b)[:, None]).sum(axis=1)
        going *= a[:, None]
        going[:, 0] += ended
        state[:, 1:] += longer
    return np.asarray(state[:, wanted])


def longest_run(
    right: NDArray[np.bool_], wrong: NDArray[np.bool_], both: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """(pairs,) most shared wrong answers in a stretch without a differing one.

    Shapes:
        right, wrong, both: (pairs, items) shared a right answer, a wrong one, answered both.
    """
    differ = both & ~right & ~wrong
    counted = wrong.cumsum(axis=1)
    since = np.maximum.accumulate(np.where(differ, counted, 0), axis=1)
    return np.asarray((counted - since).max(axis=1))
