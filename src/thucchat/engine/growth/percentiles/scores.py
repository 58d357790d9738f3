"""Growth percentile of each pupil: how many of the hundred curves lie below the score.

Tie rule: a curve counts when it is strictly below the score, by more than a millionth of the range of
scores; so a pupil exactly on a curve is not above it. Results run from 1 to 99.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.growth.percentiles.curves import GrowthCurves, growth_curves
from thucchat.engine.growth.percentiles.splines import design

CHUNK = 20_000
TIE = 1e-6  # of the range of scores


class Absence(StrEnum):
    """Why a pupil has no growth percentile."""

    NONE = ""
    SCORE = "thiếu điểm"
    PRIOR = "thiếu mọi điểm đầu vào"
    COHORT = "quá ít học sinh có cùng các điểm đầu vào"


@dataclass(frozen=True, slots=True)
class GrowthPercentiles:
    """One result or one reason per pupil."""

    percentile: NDArray[np.float64]  # (pupils,), 1 to 99, NaN where there is a reason
    priors_used: NDArray[np.int64]  # (pupils,), number of prior scores
    reason: list[Absence]  # (pupils,)
    converged: bool


def percentile_of(
    curves: GrowthCurves, scores: NDArray[np.float64], priors: NDArray[np.float64], *, tie: float
) -> NDArray[np.float64]:
    """Percentile of each pupil on given curves. Sorting the curves would not change the count.

    Shapes:
        scores: (pupils,). priors: (pupils, priors). No NaN. `tie` in points.
    """
    counts = [
        (
            design(curves.bases, priors[start : start + CHUNK]) @ curves.coefficients.T
            < scores[start : start + CHUNK, None] - tie
        ).sum(axis=1)
        for start in range(0, len(scores), CHUNK)
    ]
    share = np.concatenate(counts or [np.zeros(0)]) * (100 / len(curves.taus))
    return np.asarray(np.clip(share, 1, 99), dtype=np.float64)


def growth_percentiles(
    scores: NDArray[np.float64],
    priors: NDArray[np.float64],
    *,
    reference: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
) -> GrowthPercentiles:
    """Percentile of every pupil among those who started alike.

    A pupil who lacks some priors is compared on those present, with all reference pupils who have them.
    The reference pupils are the pupils themselves (cohort-referenced) unless `reference` gives the scores and
    priors of an earlier cohort (baseline-referenced).

    Shapes:
        scores: (pupils,). priors: (pupils, priors), most recent first. NaN where missing.
    Raises:
        InvalidInput: `percentiles.shape`, `percentiles.constant`.
    """
    if priors.ndim != 2 or len(priors) != len(scores) or priors.shape[1] < 1:
        raise InvalidInput("percentiles.shape", "Mỗi học sinh cần một điểm và ít nhất một điểm đầu vào.")
    base_scores, base_priors = reference or (scores, priors)
    present, base_present = np.isfinite(priors), np.isfinite(base_priors)
    scored, base_scored = np.isfinite(scores), np.isfinite(base_scores)
    result = np.full(len(scores), np.nan)
    reasons = list(Absence)
    reason = np.full(len(scores), reasons.index(Absence.NONE))
    reason[~present.any(axis=1)] = reasons.index(Absence.PRIOR)
    reason[~scored] = reasons.index(Absence.SCORE)
    tie = TIE * float(np.ptp(base_scores[base_scored])) if base_scored.any() else 0.0
    converged = True
    for pattern in np.unique(present[scored & present.any(axis=1)], axis=0):
        rows = np.flatnonzero(scored & (present == pattern).all(axis=1))
        base = base_scored & base_present[:, pattern].all(axis=1)
        try:
            curves = growth_curves(base_scores[base], base_priors[np.ix_(base, pattern)])
        except NoResult:
            reason[rows] = reasons.index(Absence.COHORT)
            continue
        converged &= curves.converged
        result[rows] = percentile_of(curves, scores[rows], priors[np.ix_(rows, pattern)], tie=tie)
    return GrowthPercentiles(result, present.sum(axis=1), [reasons[place] for place in reason], converged)
