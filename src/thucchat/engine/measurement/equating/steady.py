"""Shares at which the error of a percentile-rank curve is computed, steady where persons are few.

Such a curve divides by the density of a score. Observed in a small group, a density is so uncertain that the
errors computed from it are sometimes far too small. The curve itself keeps the observed shares.
"""

from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.measurement.equating.forms import Form
from thucchat.engine.measurement.equating.loglinear import default_smoothing, smooth

DEGREES = range(2, 11)  # of which Akaike's criterion chooses; below two there is no spread to keep
# Persons expected at a score whose observed share, known to a tenth, counts as much as the smooth one.
HALFWAY = 100.0


def steady_shares(form: Form) -> NDArray[np.float64]:
    """Observed shares drawn towards a log-linear fit: wholly where a score is rare, hardly where common.

    One more person is spread evenly over the scale, which keeps errors finite where nobody is expected.

    Shapes:
        Shaped as the counts of the form; positive, sum 1.
    Source:
        Holland and Thayer (2000) for the fit, Akaike (1974) for its degree; the weights are ours, judged by
        `docs/simulations/equating.py`.
    """
    fitted = _fitted(form)
    expected = form.persons * _least_margin(fitted)
    weight = expected / (expected + HALFWAY)
    drawn = weight * form.shares + (1 - weight) * fitted
    spread = 1 / (form.persons * drawn.size)
    steady: NDArray[np.float64] = (drawn + spread) / (drawn.sum() + spread * drawn.size)
    return steady


def _fitted(form: Form) -> NDArray[np.float64]:
    """The log-linear shares of the best degree that the data can carry."""
    best, criterion = form.shares, np.inf
    for degree in DEGREES:
        with suppress(InvalidInput, NoResult):
            fit = smooth(form, default_smoothing(degree))
            if (value := fit.deviance + 2 * fit.factor.shape[1]) < criterion:
                best, criterion = fit.shares, value
    return best


def _least_margin(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of a cell's score, or of its anchor score where that is smaller."""
    if shares.ndim == 1:
        return shares
    margin: NDArray[np.float64] = np.minimum(
        shares.sum(axis=1, keepdims=True), shares.sum(axis=0, keepdims=True)
    )
    return margin
