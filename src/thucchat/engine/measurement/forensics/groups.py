"""Patterns of whole classes or rooms: marks too even, a jump since last time, marks heaped just above a
limit.

Scores are in points. Each pattern compares a group with the others of the same file, and allows the groups to
differ as much as most of them do; streaming, a good teacher or a narrow paper explain many of them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri
from scipy.stats import binom, chi2
from scipy.stats import t as student

from thucchat.engine.errors import NoResult

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FEWEST_PERSONS = 8  # in a group
FEWEST_GROUPS = 5
TO_SD = 1.4826  # median absolute deviation to standard deviation


@dataclass(frozen=True, slots=True)
class GroupPattern:
    """One pattern in every group large enough. All arrays are (groups,)."""

    group: Ints
    persons: Ints
    seen: Floats  # standard deviation, mean gain, or persons just above the limit
    expected: Floats
    p: Floats


@dataclass(frozen=True, slots=True)
class Heap:
    """How many times more scores stand just above a limit than the curve through the neighbours says."""

    ratio: float
    low: float  # lower end of the 95 % interval


def too_even(scores: Floats, groups: Ints) -> GroupPattern:
    """Standard deviations below those of groups with the same mean.

    The logarithm of the variance is regressed on the mean (a curve: variances shrink near the ends of the
    scale); what remains is judged against its sampling error, kurtosis included, plus the spread between
    most groups.

    Shapes:
        scores: (persons,) points, NaN = no score.
        groups: (persons,) number, negative where unknown.
    Raises:
        NoResult: `groups.few`.
    """
    known, number, count = _grouped(scores, groups, scores)
    means = np.bincount(number, known) / count
    deviation = known - means[number]
    variance = np.bincount(number, deviation**2) / (count - 1)
    step = _smallest_step(known)
    variance = np.maximum(variance, step**2 / 12)  # rounding alone leaves that much
    pooled = deviation / np.sqrt(variance)[number]
    kurtosis = max(float((pooled**4).mean()) - 3, -1.0)
    error = 2 / (count - 1) + kurtosis / count
    centred = (means - means.mean()) / max(float(means.std()), 1e-9)
    fitted = _robust_fit(np.vander(centred, 3), np.log(variance), error)
    left = np.log(variance) - fitted
    freedom = 2 / _spread(left, error) ** 2
    # Logarithms of variances lean to the left: a scaled chi-square, not a normal, has the right tail.
    z = np.asarray(ndtri(chi2.cdf(freedom * np.exp(left - 1 / freedom), freedom)), dtype=np.float64)
    return GroupPattern(_names(groups, scores), count, np.sqrt(variance), np.exp(fitted / 2), _tail(z))


def jumps(scores: Floats, prior: Floats, groups: Ints) -> GroupPattern:
    """Mean scores above what the pupils' own earlier scores foretell, beyond how groups usually differ.

    Shapes:
        scores, prior: (persons,) points, NaN = no score.
        groups: (persons,) number, negative where unknown.
    Raises:
        NoResult: `groups.few`.
    """
    both = scores + prior
    known, number, count = _grouped(scores, groups, both)
    before = prior[_members(groups, both)]
    # Slopes within groups: a jump of a whole group must not bend the line.
    inside = before - (np.bincount(number, before) / count)[number]
    slope = float(inside @ known) / max(float(inside @ inside), 1e-9)
    gain = known - slope * before
    means = np.bincount(number, gain) / count
    within = float(((gain - means[number]) ** 2).sum()) / max(len(gain) - len(count), 1)
    middle = float(np.median(means))
    z = (means - middle) / _spread(means - middle, within / count)
    earlier = np.asarray(np.bincount(number, before) / count, dtype=np.float64)
    return GroupPattern(
        _names(groups, both), count, means + slope * earlier, middle + slope * earlier, _tail(-z)
    )


def heaping(scores: Floats, groups: Ints, limit: float, *, width: float = 1.0) -> GroupPattern:
    """More scores in [limit, limit + width) than in [limit − width, limit), compared with all other groups.

    `seen` and `expected` count persons just above the limit among those near it. The share expected above
    is that of the other groups together, moved by how far the group's own mean lies from the limit (normal
    scores of a common spread). Heaping that everybody practises does not show here: see `heaped_everywhere`.
    Raises:
        NoResult: `groups.few` when fewer than five groups have somebody near the limit.
    """
    near = np.where((scores >= limit - width - 1e-9) & (scores < limit + width - 1e-9), scores, np.nan)
    known, number, count = _grouped(near, groups, near, fewest=4)
    above = np.bincount(number, known >= limit - 1e-9)
    others = (above.sum() - above + 0.5) / (count.sum() - count + 1)
    names = _names(groups, near, fewest=4)
    share = expit(logit(others) + width * _leaning(scores, groups, names))
    p = np.asarray(binom.sf(above - 1, count, share))
    return GroupPattern(names, count, above.astype(float), share * count, p)


def heaped_everywhere(scores: Floats, limit: float, *, width: float = 0.5) -> Heap:
    """Scores just above the limit in the whole file, against a smooth curve through the neighbours.

    A parabola, the logarithm of a normal curve, is fitted to the logarithms of the counts in eight equal bins
    around the limit without the two beside it, which may have lent and received. NaN where a bin is empty.
    """
    edges = limit + width * np.arange(-4, 5) - 1e-9
    counts = np.histogram(scores[np.isfinite(scores)], edges)[0].astype(float)
    at, above = np.array([0, 1, 2, 5, 6, 7]), 4
    if (counts[[*at, above]] == 0).any():
        return Heap(float("nan"), float("nan"))
    # Weight of each logarithm in the one foretold.
    weight = np.vander([above], 3)[0] @ np.linalg.pinv(np.vander(at, 3))
    ratio = np.log(counts[above]) - weight @ np.log(counts[at])
    error = np.sqrt(1 / counts[above] + (weight**2 / counts[at]).sum())
    return Heap(float(np.exp(ratio)), float(np.exp(ratio - 1.96 * error)))


def _leaning(scores: Floats, groups: Ints, names: Ints) -> Floats:
    """(names,) slope of the logarithm of a normal density at the group's mean, against the average group."""
    usable = np.isfinite(scores) & (groups >= 0)
    count = np.maximum(np.bincount(groups[usable]), 1)
    means = np.bincount(groups[usable], scores[usable]) / count
    within = max(float(((scores[usable] - means[groups[usable]]) ** 2).mean()), 1e-9)
    return np.asarray((means[names] - means[names].mean()) / within)


def _tail(z: Floats) -> Floats:
    """Lower tail; the spread between groups rests on a median, as good as 0.37 as many groups (Student)."""
    return np.asarray(student.cdf(z, max(0.37 * (len(z) - 1), 1.0)))


def _members(groups: Ints, known: Floats, fewest: int = FEWEST_PERSONS) -> NDArray[np.bool_]:
    usable = np.isfinite(known) & (groups >= 0)
    sizes = np.bincount(groups[usable], minlength=int(groups.max(initial=0)) + 1)
    return np.asarray(usable & (sizes[groups] >= fewest))


def _names(groups: Ints, known: Floats, fewest: int = FEWEST_PERSONS) -> Ints:
    return np.unique(groups[_members(groups, known, fewest)])


def _grouped(
    values: Floats, groups: Ints, known: Floats, fewest: int = FEWEST_PERSONS
) -> tuple[Floats, Ints, Ints]:
    """Values of persons in large enough groups, their group from 0 on, and the sizes of the groups."""
    kept = _members(groups, known, fewest)
    names, number, count = np.unique(groups[kept], return_inverse=True, return_counts=True)
    if len(names) < FEWEST_GROUPS:
        message = f"Cần ít nhất {FEWEST_GROUPS} lớp hoặc phòng từ {fewest} bài trở lên, chỉ có {len(names)}."
        raise NoResult("groups.few", message)
    return values[kept], number, count


def _smallest_step(values: Floats) -> float:
    distinct = np.unique(np.round(values, 6))
    return float(np.diff(distinct).min(initial=np.inf)) if len(distinct) > 1 else 0.01


def _robust_fit(design: Floats, values: Floats, error: Floats) -> Floats:
    """Fitted values of a regression that a few odd groups do not pull (Huber weights, ten rounds)."""
    weight = 1 / error
    fitted = values
    for _ in range(10):
        root = np.sqrt(weight)
        fitted = design @ np.linalg.lstsq(design * root[:, None], values * root, rcond=None)[0]
        scaled = np.abs(values - fitted) / _spread(values - fitted, error)
        weight = np.minimum(1, 1.345 / np.maximum(scaled, 1e-9)) / error
    return np.asarray(fitted)


def _spread(residual: Floats, error: Floats) -> Floats:
    """(groups,) standard deviation of a residual: sampling error plus what most groups differ by beyond "
    "it."""
    robust = (TO_SD * float(np.median(np.abs(residual - np.median(residual))))) ** 2
    between = max(robust - float(np.median(error)), 0.0)
    return np.asarray(np.sqrt(error + between))
