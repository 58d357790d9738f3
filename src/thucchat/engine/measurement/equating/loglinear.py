"""Log-linear presmoothing: a smooth score distribution that keeps the first moments of the observed one.

log p = constant + Σ β (powers of the score, of the anchor score, and their products). Shares, 0 to 1.
"""

from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.measurement.equating.forms import Form

STEPS = 200
TOLERANCE = 1e-11  # relative change of the deviance


@dataclass(frozen=True, slots=True)
class Smoothing:
    """Which moments stay: powers 1..degree of each score, products of powers 1..cross of both."""

    degree: int
    cross: int


@dataclass(frozen=True, slots=True)
class SmoothForm:
    """A fitted distribution, with what its sampling error needs."""

    shares: NDArray[np.float64]  # shaped as the counts of the form
    factor: NDArray[np.float64]  # (cells, parameters); factor @ factor.T is the covariance of the shares
    deviance: float  # against the saturated model
    degrees_of_freedom: int
    iterations: int


def default_smoothing(degree: int) -> Smoothing:
    """Cross products up to half the degree, at most the square: degree 4 keeps x·v, x·v², x²·v, x²·v²."""
    return Smoothing(degree, max(1, min(2, degree // 2)))


def smooth(form: Form, smoothing: Smoothing) -> SmoothForm:
    """Fit the model by maximum likelihood (Newton's method with halved steps).

    Raises:
        InvalidInput: `smoothing.degree` when there are not more scores with persons than parameters.
        NoResult: `smoothing.diverged`.
    Source:
        Holland and Thayer (2000), Journal of Educational and Behavioral Statistics 25(2), 133-183.
    """
    observed = form.shares.ravel()
    basis = _basis(form, smoothing)
    if basis.shape[1] >= np.count_nonzero(observed):
        raise InvalidInput(
            "smoothing.degree",
            f"Làm trơn bậc {smoothing.degree} cần nhiều mức điểm có thí sinh hơn; hãy giảm bậc.",
        )
    shares, iterations = _maximise(observed, basis)
    root = np.sqrt(shares)[:, None]
    centred = root * (basis - shares @ basis)
    factor = root * np.linalg.qr(centred)[0] / np.sqrt(form.persons)
    some = observed > 0
    deviance = 2 * form.persons * float(observed[some] @ np.log(observed[some] / shares[some]))
    freedom = observed.size - 1 - basis.shape[1]
    return SmoothForm(shares.reshape(form.counts.shape), factor, deviance, freedom, iterations)


def _basis(form: Form, smoothing: Smoothing) -> NDArray[np.float64]:
    """Orthonormal columns that span the powers: raw powers of scores would lose all digits."""
    total = _powers(form.scale.size, smoothing.degree)
    if form.anchor_scale is None:
        columns = total
    else:
        anchor = _powers(form.anchor_scale.size, smoothing.degree)
        cross = min(smoothing.cross, total.shape[1], anchor.shape[1])
        products = np.einsum("ip,jq->ijpq", total[:, :cross], anchor[:, :cross])
        cells = total.shape[0] * anchor.shape[0]
        columns = np.hstack(
            [
                np.repeat(total, anchor.shape[0], axis=0),
                np.tile(anchor, (total.shape[0], 1)),
                products.reshape(cells, -1),
            ]
        )
    return np.linalg.qr(np.hstack([np.ones((columns.shape[0], 1)), columns]))[0][:, 1:]


def _powers(size: int, degree: int) -> NDArray[np.float64]:
    points = np.linspace(-1, 1, size)
    powers = np.polynomial.legendre.legvander(points, min(degree, size - 1))[:, 1:]
    return powers.astype(np.float64)


def _maximise(observed: NDArray[np.float64], basis: NDArray[np.float64]) -> tuple[NDArray[np.float64], int]:
    target = observed @ basis
    slopes = np.zeros(basis.shape[1])
    objective, shares = _log_likelihood(slopes, basis, target)
    for iteration in range(1, STEPS + 1):
        expected = shares @ basis
        centred = np.sqrt(shares)[:, None] * (basis - expected)
        move = np.linalg.lstsq(centred.T @ centred, target - expected, rcond=None)[0].astype(np.float64)
        better, slopes, shares = _halved(slopes, move, (objective, basis, target))
        gain, objective = better - objective, better
        if abs(gain) < TOLERANCE * (1 + abs(objective)) and np.abs(target - shares @ basis).max() < 1e-9:
            return shares, iteration
    raise NoResult("smoothing.diverged", "Làm trơn không hội tụ; hãy giảm bậc của đa thức.")


def _halved(
    slopes: NDArray[np.float64],
    move: NDArray[np.float64],
    model: tuple[float, NDArray[np.float64], NDArray[np.float64]],
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    objective, basis, target = model

    def halve(length: float, _: int) -> float:
        worse = _log_likelihood(slopes + length * move, basis, target)[0] < objective - 1e-14
        return length / 2 if worse else length

    length = reduce(halve, range(40), 1.0)
    better, shares = _log_likelihood(slopes + length * move, basis, target)
    return better, slopes + length * move, shares


def _log_likelihood(
    slopes: NDArray[np.float64], basis: NDArray[np.float64], target: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """Log-likelihood per person, without its constant, and the fitted shares."""
    logits = basis @ slopes
    top = logits.max()
    weights = np.exp(logits - top)
    total = weights.sum()
    return float(target @ slopes - top - np.log(total)), weights / total
