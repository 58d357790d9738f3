"""Sampling error of equated scores: the delta method, exact in its derivatives, and the bootstrap.

Both work on any curve: a function from the shares of two forms to the equivalents, batched in the leading
axes. The derivative is taken by a complex step, so no hand-written formula can slip.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.measurement.equating.forms import Form, Values
from thucchat.engine.measurement.equating.loglinear import Smoothing, smooth
from thucchat.engine.measurement.equating.steady import steady_shares

Curve = Callable[[Values, Values], Values]  # shares of X, shares of Y -> (..., scores of X), points of Y
TINY = 1e-30  # length of the complex step: no subtraction, hence no loss of digits
CELLS_AT_ONCE = 2_000_000  # bounds the memory of one batch


@dataclass(frozen=True, slots=True)
class Estimate:
    """Shares of one form as they enter the curve, observed or smoothed."""

    shares: NDArray[np.float64]  # shaped as the counts of the form
    factor: NDArray[np.float64] | None  # (cells, parameters), of their covariance; none: multinomial
    persons: float

    def directions(self) -> Iterator[NDArray[np.float64]]:
        """Blocks of columns (columns, *shares) whose outer products sum to the covariance of the shares.

        The multinomial covariance has the divisor n - 1, which makes it unbiased when shares are observed.
        """
        block = max(1, CELLS_AT_ONCE // self.shares.size)
        if self.factor is not None:
            for start in range(0, self.factor.shape[1], block):
                yield self.factor[:, start : start + block].T.reshape(-1, *self.shares.shape)
            return
        flat = self.shares.ravel()
        cells = np.flatnonzero(flat)
        for start in range(0, cells.size, block):
            chosen = cells[start : start + block]
            columns = -np.outer(np.sqrt(flat[chosen]), flat)
            columns[np.arange(chosen.size), chosen] += np.sqrt(flat[chosen])
            yield (columns / np.sqrt(self.persons - 1)).reshape(-1, *self.shares.shape)


def estimate(form: Form, smoothing: Smoothing | None) -> Estimate:
    """The shares of a form, smoothed when asked, with what their sampling error needs."""
    if smoothing is None:
        return Estimate(form.shares, None, form.persons)
    fitted = smooth(form, smoothing)
    return Estimate(fitted.shares, fitted.factor, form.persons)


def steady_estimate(form: Form) -> Estimate:
    """Shares of a form at which to take the error of an unsmoothed percentile-rank curve."""
    return Estimate(steady_shares(form), None, form.persons)


def delta_errors(curve: Curve, x: Estimate, y: Estimate) -> NDArray[np.float64]:
    """Standard errors of the equivalents by the delta method, in points, shape (scores,)."""
    variance = np.zeros_like(curve(x.shares, y.shares))
    for block in x.directions():
        same = np.broadcast_to(y.shares, (len(block), *y.shares.shape))
        variance += _squared(curve(x.shares + 1j * TINY * block, same))
    for block in y.directions():
        same = np.broadcast_to(x.shares, (len(block), *x.shares.shape))
        variance += _squared(curve(same, y.shares + 1j * TINY * block))
    errors: NDArray[np.float64] = np.sqrt(variance)
    return errors


def _squared(moved: Values) -> NDArray[np.float64]:
    squares: NDArray[np.float64] = ((moved.imag / TINY) ** 2).sum(axis=0)
    return squares


def bootstrap_errors(
    curve: Curve,
    forms: tuple[Form, Form],
    smoothing: Smoothing | None,
    *,
    replications: int,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Standard deviations of the equivalents over resampled groups, in points, shape (scores,).

    Persons are drawn with replacement within each group; smoothing is repeated for every replication. A
    replication in which no equivalent exists (all scores equal) is left out.
    """
    block = max(1, CELLS_AT_ONCE // max(form.counts.size for form in forms))
    drawn = []
    for start in range(0, replications, block):
        size = min(block, replications - start)
        shares = [_resampled(form, smoothing, size=size, rng=rng) for form in forms]
        with np.errstate(invalid="ignore", divide="ignore"):
            drawn.append(curve(*shares))
    equivalents = np.concatenate(drawn)
    usable = equivalents[np.isfinite(equivalents).all(axis=1)]
    errors: NDArray[np.float64] = usable.std(axis=0, ddof=1)
    return errors


def _resampled(
    form: Form, smoothing: Smoothing | None, *, size: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    persons = round(form.persons)
    counts = rng.multinomial(persons, form.shares.ravel(), size=size).reshape(size, *form.counts.shape)
    if smoothing is None:
        shares: NDArray[np.float64] = counts / persons
        return shares
    return np.stack([smooth(_again(form, one), smoothing).shares for one in counts])


def _again(form: Form, counts: NDArray[np.int64]) -> Form:
    return Form(form.scale, counts.astype(np.float64), form.anchor_scale)
