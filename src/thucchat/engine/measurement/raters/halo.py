"""Halo: a rater whose marks on the criteria of one script lie closer together than the partner's on the same
script.

For every script marked twice, the spread (variance) of the criteria's marks is taken after the rater's own
mean of each criterion; halo is the share of the partners' spread that is missing. Marks are in points.
Source: Saal, Downey and Lahey (1980), Psychological Bulletin 88(2), 413-428, halo as too small variance
across categories; the comparison on the same scripts takes out true differences.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from thucchat.engine.errors import NoResult
from thucchat.engine.measurement.dif.results import benjamini_hochberg
from thucchat.engine.measurement.raters.marks import Marks

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RaterHalo:
    """One rater."""

    rater: str
    scripts: int  # marked by a partner too, all criteria present
    missing_spread: float  # share of the partners' spread; negative when the rater spreads more
    error: float  # standard error
    p: float  # one-sided, adjusted over raters (Benjamini-Hochberg)


def halo(marks: Marks) -> tuple[RaterHalo, ...]:
    """Halo of every rater.

    Raises:
        NoResult: `criteria.few` with fewer than two criteria, `scripts.few` without scripts marked twice.
    """
    if len(marks.criteria) < 2:
        raise NoResult(
            "criteria.few", "Cần điểm của ít nhất 2 tiêu chí để xem người chấm có chấm dồn hay không."
        )
    script, rater, spread = _spreads(marks)
    twice = np.flatnonzero(np.bincount(script, minlength=len(marks.scripts)) == 2)
    order = np.argsort(script, kind="stable")
    first = np.searchsorted(script[order], twice)
    pairs = np.column_stack([order[first], order[first + 1]])
    if len(pairs) < 2:
        raise NoResult("scripts.few", "Cần ít nhất 2 bài có hai người chấm đủ mọi tiêu chí.")
    rows = [_of_rater(rater[pairs], spread[pairs], number) for number in range(len(marks.raters))]
    count, missing, error = (np.array(column, float) for column in zip(*rows, strict=True))
    with np.errstate(invalid="ignore", divide="ignore"):
        adjusted = benjamini_hochberg(ndtr(-missing / error))
    return tuple(
        RaterHalo(name, int(count[k]), float(missing[k]), float(error[k]), float(adjusted[k]))
        for k, name in enumerate(marks.raters)
    )


def _spreads(marks: Marks) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Script, rater and spread over criteria of every complete marking."""
    held, place = np.unique(np.column_stack([marks.script, marks.rater]), axis=0, return_inverse=True)
    table = np.full((len(held), len(marks.criteria)), np.nan)
    table[place, marks.criterion] = marks.points
    complete = np.isfinite(table).all(axis=1)
    held, table = held[complete], table[complete]
    sums = np.zeros((len(marks.raters), table.shape[1]))
    np.add.at(sums, held[:, 1], table)
    counts = np.maximum(np.bincount(held[:, 1], minlength=len(marks.raters)), 1)
    centred = table - (sums / counts[:, None])[held[:, 1]]
    return held[:, 0], held[:, 1], centred.var(axis=1, ddof=1)


def _of_rater(who: NDArray[np.int64], spread: Floats, rater: int) -> tuple[int, float, float]:
    """Scripts, share of spread missing, and its standard error (ratio estimator)."""
    own = np.concatenate([spread[who[:, 0] == rater], spread[who[:, 1] == rater][:, ::-1]])
    if len(own) < 2 or own[:, 1].mean() <= 0:
        return len(own), float("nan"), float("nan")
    base = float(own[:, 1].mean())
    missing = 1 - float(own[:, 0].mean()) / base
    residual = (own[:, 1] - own[:, 0]) - missing * own[:, 1]
    return len(own), missing, float(residual.std(ddof=1) / np.sqrt(len(own)) / base)
