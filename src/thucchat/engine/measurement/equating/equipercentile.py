"""Equipercentile equating by percentile ranks: each score is spread evenly over its own step.

Leading axes are a batch; shares may be complex (a derivative is being taken): comparisons then look at
the real part. Ranks are shares of persons, 0 to 1.
"""

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.measurement.equating.forms import Scale, Values

# Sums of shares that should be equal differ in the last bits; ties decide about scores nobody got.
TIE_DECIMALS = 10


def percentile_ranks(shares: Values) -> Values:
    """Rank of each score: the share below, and half of those at the score. Shape (..., scores)."""
    ranks: Values = np.cumsum(shares, axis=-1) - shares / 2
    return ranks


def ranks_at(scores: Values, scale: Scale, shares: Values) -> Values:
    """Rank of any score, also between the points of the scale.

    Shapes:
        scores: (..., wanted), points; shares: (..., scores of the scale).
    """
    below = _cumulated(shares)
    position = (scores - scale.lowest) / scale.step + 0.5
    position = np.where(position.real < 0, 0.0, np.where(position.real > scale.size, scale.size, position))
    place = np.clip(np.floor(position.real).astype(np.intp), 0, scale.size - 1)
    share = np.take_along_axis(_like(shares, place), place, axis=-1)
    ranks: Values = np.take_along_axis(_like(below, place), place, axis=-1) + (position - place) * share
    return ranks


def scores_at(ranks: Values, scale: Scale, shares: Values) -> Values:
    """Score with a given rank; where nobody got a score, the middle of all scores with that rank.

    A rank of 1 gives the upper end of the scale, half a step above its highest score.

    Shapes:
        ranks: (..., wanted); shares: (..., scores of the scale).
    Source:
        Kolen and Brennan (2004), section 2.5.1, equations 2.17 to 2.19.
    """
    below = _cumulated(shares)
    upto = np.round(below.real, TIE_DECIMALS)[..., None, 1:]
    wanted = np.round(ranks.real, TIE_DECIMALS)[..., :, None]
    above_place = (upto <= wanted).sum(axis=-1)
    top = above_place == scale.size
    upper = _inside(ranks, np.minimum(above_place, scale.size - 1), below=below, shares=shares)
    lower = _inside(
        ranks, np.minimum((upto < wanted).sum(axis=-1), scale.size - 1), below=below, shares=shares
    )
    middle = scale.lowest + scale.step * ((upper + lower) / 2 - 0.5)
    return np.where(top, scale.highest + scale.step / 2, middle)


def _inside(ranks: Values, place: NDArray[np.intp], *, below: Values, shares: Values) -> Values:
    share = np.take_along_axis(_like(shares, place), place, axis=-1)
    passed = np.take_along_axis(_like(below, place), place, axis=-1)
    empty = share.real <= 0
    within: Values = np.where(empty, 0.0, (ranks - passed) / np.where(empty, 1.0, share))
    return place.astype(np.float64) + within


def _cumulated(shares: Values) -> Values:
    zero = np.zeros_like(shares[..., :1])
    return np.concatenate([zero, np.cumsum(shares, axis=-1)], axis=-1)


def _like(values: Values, place: NDArray[np.intp]) -> Values:
    return np.broadcast_to(values, (*place.shape[:-1], values.shape[-1]))


def equipercentile(scale_y: Scale, shares_x: Values, shares_y: Values) -> Values:
    """Equivalents on form Y of every score of form X. Shape (..., scores of X)."""
    return scores_at(percentile_ranks(shares_x), scale_y, shares_y)


def chained_equipercentile(scales: tuple[Scale, Scale], shares_x: Values, shares_y: Values) -> Values:
    """X to the anchor in the first group, the anchor to Y in the second.

    `scales`: of the anchor and of form Y.

    Shapes:
        shares_x, shares_y: (..., scores, anchor scores).
    """
    anchor_scale, scale_y = scales
    anchors = scores_at(percentile_ranks(shares_x.sum(axis=-1)), anchor_scale, shares_x.sum(axis=-2))
    ranks = ranks_at(anchors, anchor_scale, shares_y.sum(axis=-2))
    return scores_at(ranks, scale_y, shares_y.sum(axis=-1))


def frequency_estimation(shares_x: Values, shares_y: Values, weight: float) -> tuple[Values, Values]:
    """Score distributions of both forms in the synthetic population.

    Scores are taken to be distributed alike in both populations at equal anchor scores. An anchor score
    that one group lacks carries nothing over; what remains is brought back to a total of 1.

    Shapes:
        shares_x, shares_y: (..., scores, anchor scores).
    Source:
        Braun and Holland (1982); Kolen and Brennan (2004), section 5.1.
    """
    anchors_x, anchors_y = shares_x.sum(axis=-2), shares_y.sum(axis=-2)
    x_in_q = _carried(shares_x, anchors_x, anchors_y)
    y_in_p = _carried(shares_y, anchors_y, anchors_x)
    rest = 1 - weight
    synthetic_x = weight * shares_x.sum(axis=-1) + rest * x_in_q
    synthetic_y = rest * shares_y.sum(axis=-1) + weight * y_in_p
    return _whole(synthetic_x), _whole(synthetic_y)


def _carried(shares: Values, own: Values, other: Values) -> Values:
    known = own.real > 0
    ratio = np.where(known, other, 0) / np.where(known, own, 1)
    carried: Values = np.einsum("...ij,...j->...i", shares, ratio)
    return carried


def _whole(shares: Values) -> Values:
    parts: Values = shares / shares.sum(axis=-1, keepdims=True)
    return parts
