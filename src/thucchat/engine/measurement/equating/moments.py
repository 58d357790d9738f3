"""Means, variances and covariance of a form, from shares of persons. Units: points and points squared.

Leading axes are a batch (bootstrap replications, directions of a derivative); shares may be complex.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.measurement.equating.forms import Form, Values


@dataclass(frozen=True, slots=True)
class Moments:
    """First and second moments; variances have the divisor n - 1."""

    mean: Values  # (...,), of the total score
    variance: Values  # (...,)
    anchor_mean: Values  # (...,)
    anchor_variance: Values  # (...,)
    covariance: Values  # (...,), of total and anchor


def score_moments(points: NDArray[np.float64], shares: Values, persons: float) -> tuple[Values, Values]:
    """Mean and variance of one score distribution.

    Shapes:
        points: (scores,); shares: (..., scores).
    """
    mean = shares @ points
    spread = points - mean[..., None]
    unbiased = persons / (persons - 1)
    return mean, unbiased * (shares * spread**2).sum(axis=-1)


def joint_moments(form: Form, shares: Values) -> Moments:
    """Moments of total and anchor for shares of the shape (..., scores, anchor scores)."""
    assert form.anchor_scale is not None
    points, anchor_points = form.scale.points, form.anchor_scale.points
    mean, variance = score_moments(points, shares.sum(axis=-1), form.persons)
    anchor_mean, anchor_variance = score_moments(anchor_points, shares.sum(axis=-2), form.persons)
    spread = points - mean[..., None]
    anchor_spread = anchor_points - anchor_mean[..., None]
    product = np.einsum("...ij,...i,...j->...", shares, spread, anchor_spread)
    covariance = product * form.persons / (form.persons - 1)
    return Moments(mean, variance, anchor_mean, anchor_variance, covariance)
