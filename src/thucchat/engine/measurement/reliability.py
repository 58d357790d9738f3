"""Reliability of a total score, from one administration. Scores are in points.

Cells that were not presented are left out pair by pair; the caller says how many there were.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput, NoResult

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reliability:
    """How far a total score can be trusted; every coefficient is a lower bound, without unit, at most 1."""

    alpha: float  # Cronbach, Guttman's lambda 3
    standard_error: float  # of measurement, in points
    lambda_1: float
    lambda_2: float
    lambda_5: float
    lambda_6: float  # NaN when an item is a sum of others


def covariance_matrix(scores: Floats) -> Floats:
    """(items, items) covariances from the persons who were presented both items.

    Shapes:
        scores: (persons, items) points, NaN = not presented.
    Raises:
        NoResult: `items.apart` when two items share fewer than two persons.
    """
    seen = ~np.isnan(scores)
    if seen.all():
        return np.atleast_2d(np.cov(scores, rowvar=False))
    filled, weight = np.where(seen, scores, 0.0), seen.astype(float)
    pairs = weight.T @ weight
    if (pairs < 2).any():
        raise NoResult(
            "items.apart", "Có hai câu mà chưa đến 2 thí sinh cùng làm; không tính được độ tin cậy."
        )
    sums = filled.T @ weight
    return np.asarray((filled.T @ filled - sums * sums.T / pairs) / (pairs - 1))


def reliability(scores: Floats) -> Reliability:
    """Cronbach's alpha, the standard error of measurement it implies, and Guttman's other bounds.

    Shapes:
        scores: (persons, items), points, NaN = not presented.
    Raises:
        NoResult: `scores.few`, `items.apart`, or `scores.equal` when all totals are equal.
    Source:
        Cronbach (1951), Psychometrika 16(3), 297-334; Guttman (1945), Psychometrika 10(4), 255-282.
    """
    persons, items = scores.shape
    if persons < 2 or items < 2:
        raise NoResult("scores.few", f"Cần ít nhất 2 thí sinh và 2 câu, chỉ có {persons} và {items}.")
    covariance = covariance_matrix(scores)
    total = float(covariance.sum())
    if total <= 1e-12 * max(1.0, float(covariance.trace())):
        raise NoResult("scores.equal", "Mọi thí sinh có cùng tổng điểm nên không có gì để đo.")
    between = covariance - np.diag(np.diag(covariance))
    lambda_1 = float(between.sum()) / total
    squares = between**2
    widest = float(squares.sum(axis=0).max())
    # Negative when items pull against each other: a finding to report, so do not clip it.
    alpha = items / (items - 1) * lambda_1
    return Reliability(
        alpha=alpha,
        standard_error=float(np.sqrt(max(total * (1 - alpha), 0.0))),
        lambda_1=lambda_1,
        lambda_2=lambda_1 + float(np.sqrt(items / (items - 1) * squares.sum())) / total,
        lambda_5=lambda_1 + 2 * float(np.sqrt(widest)) / total,
        lambda_6=1 - _unexplained(covariance) / total,
    )


def _unexplained(covariance: Floats) -> float:
    """Sum of the variances that the other items do not predict."""
    if np.linalg.matrix_rank(covariance, hermitian=True) < len(covariance):
        return float("nan")
    return float((1 / np.diag(np.linalg.inv(covariance))).sum())


def stratified_alpha(scores: Floats, strata: Sequence[Sequence[int]]) -> float:
    """Alpha of a total made of parts that measure different things, such as choice and essay questions.

    1 − Σ parts' variance (1 − parts' alpha) / variance of the total

    Raises:
        InvalidInput: `strata.cover` when the parts are not a partition of the items.
    Source:
        Cronbach, Schönemann & McKie (1965), Educational and Psychological Measurement 25(2), 291-312.
    """
    if sorted(item for part in strata for item in part) != list(range(scores.shape[1])):
        raise InvalidInput("strata.cover", "Mỗi câu phải thuộc đúng một phần của đề.")
    covariance = covariance_matrix(scores)
    error = 0.0
    for part in strata:
        own = covariance[np.ix_(part, part)]
        count = len(part)
        # One item tells nothing of its own error; counting its whole variance as error keeps a lower bound.
        alpha = count / (count - 1) * (1 - own.trace() / own.sum()) if count > 1 else 0.0
        error += float(own.sum()) * (1 - alpha)
    return 1 - error / float(covariance.sum())


@dataclass(frozen=True, slots=True)
class ConditionalError:
    """Standard error of measurement at each total score of a test of right-or-wrong items."""

    score: NDArray[np.int64]  # (items + 1,) items right
    standard_error: Floats  # (items + 1,) items


def conditional_error(right: NDArray[np.int64], items: int, alpha: float) -> ConditionalError:
    """Binomial standard error at each score, scaled so that its average agrees with `alpha`.

    Shapes:
        right: (persons,) items right.
    Source:
        Lord (1957), Educational and Psychological Measurement 17(4), 510-521; scaling by Keats (1957),
        Psychometrika 22(1), 29-41.
    """
    score = np.arange(items + 1)
    mean, variance = right.mean(), right.var(ddof=1)
    kr21 = items / (items - 1) * (1 - mean * (items - mean) / (items * variance))
    scale = (1 - alpha) / (1 - kr21) if kr21 < 1 else 1.0
    error = np.sqrt(np.maximum(score * (items - score) / (items - 1) * scale, 0))
    return ConditionalError(score, error)
