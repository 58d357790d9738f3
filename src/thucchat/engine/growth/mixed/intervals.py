"""Intervals of the standard deviations of a mixed model, by the delta method on their logarithms.

The curvature of the profiled criterion gives the errors of L; the residual variance adds its own.
Rough where a grouping has few levels; none is given for a variance of zero.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from thucchat.engine.growth.mixed.design import Floats
from thucchat.engine.growth.mixed.likelihood import Slope
from thucchat.engine.growth.mixed.optimise import Search
from thucchat.engine.growth.mixed.system import System

LEVEL = 0.9


@dataclass(frozen=True, slots=True)
class VarianceInterval:
    """A standard deviation between two bounds, in units of the response per unit of the column."""

    term: str
    coefficient: str  # "" for the residual
    sd: float
    low: float  # NaN when the variance is zero
    high: float
    level: float  # confidence, e.g. 0.9


def variance_intervals(
    system: System, search: Search, scales: tuple[Floats, ...], *, degrees: int
) -> tuple[VarianceInterval, ...]:
    """Intervals for every coefficient of every term, then the residual.

    `scales` are the sizes the columns were divided by; `degrees` of freedom of the residual variance.
    """
    sigma = np.sqrt(search.point.residual_variance)
    residual_error = 1 / np.sqrt(2 * degrees)
    intervals = []
    if search.slope is not None:
        covariance = _covariance(search.slope)
        start = 0
        for term, block, scale in zip(system.terms, search.point.blocks, scales, strict=True):
            for a, name in enumerate(term.coefficients):
                slope = _log_slope(block, a, (start, len(covariance))) + search.slope.variance_slope / 2
                error = np.sqrt(slope @ covariance @ slope + residual_error**2)
                sd = sigma * np.sqrt(block[a] @ block[a]) / scale[a]
                intervals.append(_around(term.name, name, (sd, error)))
            start += term.factors
        slope = search.slope.variance_slope / 2
        residual_error = float(np.sqrt(slope @ covariance @ slope + residual_error**2))
    intervals.append(_around("Residual", "", (sigma, residual_error)))
    return tuple(intervals)


def _covariance(slope: Slope) -> Floats:
    """Of theta: twice the inverse of the criterion's curvature, flat directions left wide."""
    values, vectors = np.linalg.eigh(slope.hessian)
    covariance: Floats = 2 * (vectors / np.maximum(values, 1e-8)) @ vectors.T
    return covariance


def _log_slope(block: Floats, row: int, place: tuple[int, int]) -> Floats:
    """Derivative of the logarithm of the sd of coefficient `row` by theta."""
    start, size = place
    columns, rows = np.triu_indices(len(block))
    slope = np.zeros(size)
    variance = block[row] @ block[row]
    if variance > 0:
        slope[start : start + len(rows)] = np.where(rows == row, block[row, columns], 0.0) / variance
    return slope


def _around(term: str, coefficient: str, estimate: tuple[float, float]) -> VarianceInterval:
    sd, error = estimate
    factor = np.exp(norm.ppf(0.5 + LEVEL / 2) * error) if sd > 0 else np.nan
    return VarianceInterval(term, coefficient, float(sd), float(sd / factor), float(sd * factor), LEVEL)
