"""Confidence sets for ranks. Rank 1 is the highest estimate; tied estimates share the better rank.

A unit's set runs from 1 + the number of units shown to be better to p - the number shown to be worse.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.ranks import marginal, simultaneous

Kind = Literal["marginal", "simultaneous"]
MOST_UNITS = 5000  # above it the table of pairs no longer fits in a modest memory


@dataclass(frozen=True, slots=True)
class RankSets:
    """Where each unit can stand, given how well it was measured."""

    rank: NDArray[np.int64]  # (units,), by the estimates alone
    low: NDArray[np.int64]  # (units,), best rank in the set
    high: NDArray[np.int64]  # (units,), worst rank in the set
    expected_rank: NDArray[np.float64]  # (units,), mean rank when the truth is normal around the estimates
    better: NDArray[np.bool_]  # (units, units), [i, j]: the evidence says i is better than j
    kind: Kind
    level: float


def rank_sets(
    estimates: NDArray[np.float64],
    errors: NDArray[np.float64],
    *,
    level: float = 0.9,
    kind: Kind = "simultaneous",
    draws: int = 10_000,
    rng: np.random.Generator,
) -> RankSets:
    """Two-sided step-down confidence sets for the ranks of all units.

    `simultaneous`: all sets hold together with probability `level`. `marginal`: each does on its own.
    Errors of different units are taken as independent; `rng` serves the simultaneous sets only.

    Shapes:
        estimates, errors: (units,), any common unit, no NaN, errors not negative.
    Raises:
        InvalidInput: `rank.units`, `rank.missing`, `rank.error`, `rank.level`, `rank.draws`.
    Source:
        Mogstad, Romano, Shaikh, Wilhelm (2024), Review of Economic Studies 91(1), 476-518.
    """
    _check(estimates, errors, level)
    differences = estimates[:, None] - estimates[None, :]
    spread = np.hypot(errors[:, None], errors[None, :])
    if kind == "marginal":
        above, below = _step_down_each(differences, spread, errors, level)
    else:
        noise = simultaneous.draw_errors(len(errors), draws, rng)
        above = _step_down_all(differences, spread, errors, noise, level)
        below = above.T
    return RankSets(
        rank=1 + (differences < 0).sum(axis=1),
        low=1 + below.sum(axis=1),
        high=len(estimates) - above.sum(axis=1),
        expected_rank=_expected_rank(differences, spread),
        better=above & below.T,
        kind=kind,
        level=level,
    )


def _expected_rank(differences: NDArray[np.float64], spread: NDArray[np.float64]) -> NDArray[np.float64]:
    certain = spread == 0
    standardised = differences / np.where(certain, 1, spread)
    higher = np.where(certain, 0.5 - np.sign(differences) / 2, ndtr(-standardised))
    # The sum counts the unit itself with chance ½.
    return np.asarray(0.5 + higher.sum(axis=1))


def _check(estimates: NDArray[np.float64], errors: NDArray[np.float64], level: float) -> None:
    if not 2 <= len(estimates) <= MOST_UNITS:
        raise InvalidInput(
            "rank.units", f"Xếp hạng cần từ 2 đến {MOST_UNITS} đơn vị, ở đây có {len(estimates)}."
        )
    if not (np.isfinite(estimates).all() and np.isfinite(errors).all()):
        raise InvalidInput("rank.missing", "Còn đơn vị thiếu ước lượng hoặc sai số chuẩn; hãy tách ra trước.")
    if (errors < 0).any():
        raise InvalidInput("rank.error", "Sai số chuẩn không được âm.")
    if not 0.5 <= level < 1:
        raise InvalidInput("rank.level", f"Mức tin cậy {level:g} phải từ 0,5 đến dưới 1, ví dụ 0,9.")


def _step_down_each(
    differences: NDArray[np.float64],
    spread: NDArray[np.float64],
    errors: NDArray[np.float64],
    level: float,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Each unit i against all others with its own bar: [i, j] true where i is above, and below, unit j."""
    apart = ~np.eye(len(errors), dtype=np.bool_)
    above, below = np.zeros_like(apart), np.zeros_like(apart)
    rows = np.arange(len(errors))
    while rows.size:
        bars = marginal.critical_values(
            errors,
            rows,
            upward=apart[rows] & ~above[rows],
            downward=apart[rows] & ~below[rows],
            level=level,
        )
        reach = bars[:, None] * spread[rows]
        higher, lower = differences[rows] > reach, differences[rows] < -reach
        changed = ((higher & ~above[rows]) | (lower & ~below[rows])).any(axis=1)
        above[rows] |= higher
        below[rows] |= lower
        rows = rows[changed]
    return above, below


def _step_down_all(
    differences: NDArray[np.float64],
    spread: NDArray[np.float64],
    errors: NDArray[np.float64],
    noise: NDArray[np.float32],
    level: float,
) -> NDArray[np.bool_]:
    """All pairs with one bar, lowered as pairs leave: [i, j] true where i is above j."""
    open_pairs = ~np.eye(len(errors), dtype=np.bool_)
    while True:
        reach = simultaneous.critical_value(noise, errors, open_pairs, level=level) * spread
        above = open_pairs & (differences > reach)
        if not above.any():
            return differences > reach
        open_pairs &= ~above
