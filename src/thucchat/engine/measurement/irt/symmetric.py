"""Elementary symmetric functions: what total scores say about items when abilities have dropped out.

With ε_jk = exp(intercept of category k of item j), γ_r is the sum, over all response patterns of score r, of
the products of their ε. Only sums and products of positive numbers are formed, so no digits are lost.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ScoreMoments:
    """Category counts expected given the scores, summed over persons."""

    log_normaliser: float  # Σ over persons of log γ at their score
    expected: Floats  # (items, categories − 1) persons
    covariance: Floats  # (items · (categories − 1), same): of the category indicators


def score_moments(intercepts: Floats, by_score: Floats) -> ScoreMoments:
    """Moments of category indicators given total scores.

    Shapes:
        intercepts: (items, categories − 1), −inf where a category does not exist.
        by_score: (top score + 1,) persons with each score.
    """
    centre, epsilon = _tempered(intercepts)
    top = len(by_score) - 1
    before, after = _partial_products(epsilon, top)
    without = _multiplied(before[-1], np.eye(1, epsilon.shape[1])[0])
    gamma = _multiplied(without[:1], epsilon[0])[0]
    present = by_score > 0
    weight = np.divide(by_score, gamma, out=np.zeros_like(gamma), where=present)
    probability = _category_probabilities(epsilon, without, gamma)
    joint = _joint(epsilon, before, after, weight)
    items, steps = intercepts.shape
    flat = probability[:, 1:].reshape(items * steps, top + 1)
    expected = flat @ by_score
    covariance = joint - (flat * by_score) @ flat.T
    for item in range(items):
        own = slice(item * steps, (item + 1) * steps)
        covariance[own, own] = np.diag(expected[own]) - (flat[own] * by_score) @ flat[own].T
    log_gamma = np.log(gamma[present]) + centre * np.flatnonzero(present)
    return ScoreMoments(float(by_score[present] @ log_gamma), expected.reshape(items, steps), covariance)


def _tempered(intercepts: Floats) -> tuple[float, Floats]:
    """ε with category 0 in front, after taking out a common factor per score point against overflow."""
    exists = np.isfinite(intercepts)
    steps = np.arange(1, intercepts.shape[1] + 1)
    last = exists.sum(axis=1)
    centre = float(intercepts[np.arange(len(last)), last - 1].sum() / last.sum())
    tempered = np.where(exists, np.exp(np.where(exists, intercepts - centre * steps, 0.0)), 0.0)
    return centre, np.hstack([np.ones((len(intercepts), 1)), tempered])


def _multiplied(polynomials: Floats, factor: Floats) -> Floats:
    """(n, degree + 1) times one polynomial with coefficients `factor`, cut at the same degree."""
    out = polynomials * factor[0]
    for power, coefficient in enumerate(factor[1:], start=1):
        if coefficient:
            out[:, power:] += coefficient * polynomials[:, :-power]
    return np.asarray(out)


def _partial_products(epsilon: Floats, top: int) -> tuple[Floats, Floats]:
    """Products of items before, and of items from, place l on, always leaving out item j.

    Shapes:
        both: (items + 1, items, top + 1), indexed l, j, score.
    """
    items = len(epsilon)
    before = np.zeros((items + 1, items, top + 1))
    after = np.zeros_like(before)
    before[0, :, 0] = after[items, :, 0] = 1
    for place in range(items):
        before[place + 1] = _multiplied(before[place], epsilon[place])
        before[place + 1, place] = before[place, place]
    for place in reversed(range(items)):
        after[place] = _multiplied(after[place + 1], epsilon[place])
        after[place, place] = after[place + 1, place]
    return before, after


def _category_probabilities(epsilon: Floats, without: Floats, gamma: Floats) -> Floats:
    """(items, categories, scores) probability of each category given the score."""
    items, categories = epsilon.shape
    out = np.zeros((items, categories, len(gamma)))
    for category in range(min(categories, len(gamma))):
        shifted = without[:, : len(gamma) - category]
        out[:, category, category:] = epsilon[:, category, None] * shifted
    return out / gamma


def _joint(epsilon: Floats, before: Floats, after: Floats, weight: Floats) -> Floats:
    """Expected persons in each pair of categories of two different items."""
    items, categories = epsilon.shape
    scores = len(weight)
    left = before[:-1].reshape(items * items, scores)
    right = after[1:].reshape(items * items, scores)
    lags = np.add.outer(np.arange(scores), np.arange(scores))
    joint = np.zeros((items, categories - 1, items, categories - 1))
    padded = np.concatenate([weight, np.zeros(scores + 2 * categories)])
    for total in range(2, 2 * categories - 1):
        # Without items l and j: Σ over scores u below and v above of product · weight at u + v + total.
        pairs = np.einsum("is,is->i", left @ padded[lags + total], right).reshape(items, items)
        for k in range(max(1, total - categories + 1), min(categories, total)):
            joint[:, k - 1, :, total - k - 1] = pairs * np.outer(epsilon[:, k], epsilon[:, total - k])
    return joint.reshape(items * (categories - 1), -1)
