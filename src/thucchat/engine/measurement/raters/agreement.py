"""How far two markers of the same scripts agree, in points of the whole script.

Source: statistics asked for by the essay marking rules of the graduation examination: exact, at most 0.25,
at most 0.5, mean signed difference per marker, intraclass correlation (Shrout and Fleiss, 1979,
Psychological Bulletin 86(2), 420-428: one-way, ICC(1,1) and ICC(1,2)).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import NoResult
from thucchat.engine.measurement.raters.marks import Marks, script_totals

Floats = NDArray[np.float64]
ROUNDING = 1e-6
DISCUSS, THIRD = 1.0, 1.5  # points apart from which the head decides, and beyond which a third marks


@dataclass(frozen=True, slots=True)
class RaterAgreement:
    """One marker against the partners of the same scripts."""

    rater: str
    scripts: int
    mean_difference: float  # points, own minus partner's
    error: float  # standard error of it; NaN below 2 scripts
    within_half: float  # share


@dataclass(frozen=True, slots=True)
class Agreement:
    """All scripts marked exactly twice."""

    scripts: int
    exact: float  # share, as the next
    within_quarter: float
    within_half: float
    from_one: float  # a difference of 1.0 to 1.5 points
    above_one_and_half: float  # a third marker is needed
    mean_absolute: float  # points
    icc_single: float  # reliability of one mark
    icc_mean: float  # reliability of the mean of two
    raters: tuple[RaterAgreement, ...]


def agreement(marks: Marks) -> Agreement:
    """Agreement over the scripts that two markers marked.

    Raises:
        NoResult: `scripts.few` when fewer than two scripts have two marks.
    """
    whole = script_totals(marks)
    pairs = paired(whole)
    if len(pairs) < 2:
        raise NoResult("scripts.few", f"Cần ít nhất 2 bài có hai người chấm, chỉ có {len(pairs)}.")
    points = whole.points[pairs]
    apart = np.abs(points[:, 0] - points[:, 1])
    between = 2 * points.mean(axis=1).var(ddof=1)
    within = float((apart**2).mean() / 2)
    scale = between + within
    return Agreement(
        scripts=len(pairs),
        exact=_share(apart <= ROUNDING),
        within_quarter=_share(apart <= 0.25 + ROUNDING),
        within_half=_share(apart <= 0.5 + ROUNDING),
        from_one=_share((apart >= DISCUSS - ROUNDING) & (apart <= THIRD + ROUNDING)),
        above_one_and_half=_share(apart > THIRD + ROUNDING),
        mean_absolute=float(apart.mean()),
        icc_single=float((between - within) / scale) if scale > 0 else float("nan"),
        icc_mean=float((between - within) / between) if between > 0 else float("nan"),
        raters=tuple(_of_rater(whole, pairs, number) for number in range(len(marks.raters))),
    )


def paired(whole: Marks) -> NDArray[np.int64]:
    """(scripts, 2) places of the two marks of every script marked exactly twice."""
    order = np.argsort(whole.script, kind="stable")
    twice = np.flatnonzero(np.bincount(whole.script) == 2)
    first = np.searchsorted(whole.script[order], twice)
    return np.column_stack([order[first], order[first + 1]])


def _of_rater(whole: Marks, pairs: NDArray[np.int64], rater: int) -> RaterAgreement:
    points, who = whole.points[pairs], whole.rater[pairs]
    own = np.concatenate([points[who[:, 0] == rater], points[who[:, 1] == rater][:, ::-1]])
    difference = own[:, 0] - own[:, 1]
    count = len(difference)
    return RaterAgreement(
        rater=whole.raters[rater],
        scripts=count,
        mean_difference=float(difference.mean()) if count else float("nan"),
        error=float(difference.std(ddof=1) / np.sqrt(count)) if count > 1 else float("nan"),
        within_half=_share(np.abs(difference) <= 0.5 + ROUNDING) if count else float("nan"),
    )


def _share(true: NDArray[np.bool_]) -> float:
    return float(true.mean())
