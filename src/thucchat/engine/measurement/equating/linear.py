"""Straight-line equating: mean, linear, Tucker, Levine, Braun-Holland, chained. Scores are in points.

Every function accepts a batch in the leading axes and complex values, so that one formula serves the
estimate, its derivative and the bootstrap.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.measurement.equating.forms import Values
from thucchat.engine.measurement.equating.moments import Moments


@dataclass(frozen=True, slots=True)
class Line:
    """y = slope x + intercept."""

    slope: Values  # (...,)
    intercept: Values  # (...,), points of form Y

    def at(self, points: NDArray[np.float64]) -> Values:
        """Equivalents of `points` (scores,), of the shape (..., scores)."""
        return self.slope[..., None] * points + self.intercept[..., None]


@dataclass(frozen=True, slots=True)
class Synthetic:
    """Moments of both forms in the synthetic population that the weight defines."""

    mean_x: Values
    variance_x: Values
    mean_y: Values
    variance_y: Values

    @property
    def means(self) -> tuple[Values, Values]:
        return self.mean_x, self.mean_y

    @property
    def line(self) -> Line:
        return match_two_moments((self.mean_x, self.variance_x), (self.mean_y, self.variance_y))


def match_means(mean_x: Values, mean_y: Values) -> Line:
    """Mean equating: the slope is 1, whatever the lengths of the forms."""
    return Line(np.ones_like(mean_x), mean_y - mean_x)


def match_two_moments(x: tuple[Values, Values], y: tuple[Values, Values]) -> Line:
    """Linear equating: equal standard scores are equivalent. Each form: mean and variance."""
    (mean_x, variance_x), (mean_y, variance_y) = x, y
    slope = np.sqrt(variance_y / variance_x)
    return Line(slope, mean_y - slope * mean_x)


def tucker(x: Moments, y: Moments, weight: float) -> Synthetic:
    """Regressions of total on anchor are taken to be the same in both populations.

    Source:
        Kolen and Brennan (2004), Test Equating, Scaling, and Linking, 2nd ed., section 4.2.
    """
    slopes = x.covariance / x.anchor_variance, y.covariance / y.anchor_variance
    return _synthetic(x, y, weight, slopes=slopes)


def levine(x: Moments, y: Moments, weight: float, *, internal: bool) -> Synthetic:
    """Levine's observed-score method: regressions of true scores are taken to be the same.

    `internal`: the anchor's points are part of the total score.

    Source:
        Kolen and Brennan (2004), section 4.3, congeneric model.
    """
    if internal:
        return _synthetic(x, y, weight, slopes=(x.variance / x.covariance, y.variance / y.covariance))
    slope_x = (x.variance + x.covariance) / (x.anchor_variance + x.covariance)
    slope_y = (y.variance + y.covariance) / (y.anchor_variance + y.covariance)
    return _synthetic(x, y, weight, slopes=(slope_x, slope_y))


def _synthetic(x: Moments, y: Moments, weight: float, *, slopes: tuple[Values, Values]) -> Synthetic:
    slope_x, slope_y = slopes
    rest = 1 - weight
    apart = x.anchor_mean - y.anchor_mean
    wider = x.anchor_variance - y.anchor_variance
    between = weight * rest * apart**2
    return Synthetic(
        mean_x=x.mean - rest * slope_x * apart,
        variance_x=x.variance + slope_x**2 * (between - rest * wider),
        mean_y=y.mean + weight * slope_y * apart,
        variance_y=y.variance + slope_y**2 * (between + weight * wider),
    )


def chained_linear(x: Moments, y: Moments) -> Line:
    """X to the anchor by the first group, the anchor to Y by the second; no synthetic population."""
    first = match_two_moments((x.mean, x.variance), (x.anchor_mean, x.anchor_variance))
    second = match_two_moments((y.anchor_mean, y.anchor_variance), (y.mean, y.variance))
    return Line(first.slope * second.slope, second.slope * first.intercept + second.intercept)
