"""Quantile curves of a score given prior scores: one hundred regressions, each started from its neighbour.

Only pupils near the plane can change it. Those far above or below have known signs; they enter the
programme as one sum, a small programme is solved on the band between, and the signs are checked
afterwards. A wrong sign puts the pupil back into the band, so the result is that of the full regression.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr

from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.growth.percentiles.interior import Plane, fit_plane
from thucchat.engine.growth.percentiles.slices import Tall, tall
from thucchat.engine.growth.percentiles.splines import SplineBasis, design, spline_basis

TAUS = (np.arange(100) + 0.5) / 100  # 0.005, 0.015, … 0.995
PUPILS_PER_COLUMN = 5  # below it the outer curves have no pupils to rest on
DEPENDENT = 1e-12  # squared length, relative, of what others leave of a column that says nothing new
FIRST_SAMPLE = 20_000  # pupils used to find the first plane
BAND, BAND_SHARE = 3000, 0.02  # pupils in the first band: at least, and of all


@dataclass(frozen=True, slots=True)
class GrowthCurves:
    """Quantiles of the score for any prior scores, from one group of reference pupils."""

    bases: tuple[SplineBasis, ...]  # one per prior
    coefficients: NDArray[np.float64]  # (taus, columns); 0 for columns the data cannot tell apart
    taus: NDArray[np.float64]  # (taus,)
    pupils: int  # reference pupils
    rounds: int  # interior-point steps in all
    converged: bool  # every curve

    def values(self, priors: NDArray[np.float64]) -> NDArray[np.float64]:
        """Quantiles in points, uncrossed by sorting. Shapes: (pupils, priors) to (pupils, taus)."""
        return np.sort(design(self.bases, priors) @ self.coefficients.T, axis=1)


@dataclass(frozen=True, slots=True)
class _Cohort:
    X: NDArray[np.float64]  # (pupils, columns)
    whole: Tall  # the same
    y: NDArray[np.float64]  # (pupils,)
    sensitivity: NDArray[np.float64]  # (pupils,), how far the plane moves there for a given change of data


def growth_curves(
    scores: NDArray[np.float64],
    priors: NDArray[np.float64],
    *,
    bases: tuple[SplineBasis, ...] | None = None,
    taus: NDArray[np.float64] = TAUS,
) -> GrowthCurves:
    """Fit the quantile curves of `scores` given `priors`. `bases` come from the priors unless handed in.

    Shapes:
        scores: (pupils,), points. priors: (pupils, priors), points. No NaN.
    Raises:
        InvalidInput: `percentiles.missing`, `percentiles.constant`.
        NoResult: `percentiles.few` when there are too few pupils for the number of columns.
    Source:
        Betebenner (2009), Educational Measurement: Issues and Practice 28(4), 42-51.
    """
    if not (np.isfinite(scores).all() and np.isfinite(priors).all()):
        raise InvalidInput("percentiles.missing", "Còn ô điểm trống; hãy bỏ những học sinh đó trước.")
    few = f"Chỉ có {len(scores)} học sinh, quá ít để dựng đường bách phân vị."
    if len(scores) < PUPILS_PER_COLUMN:
        raise NoResult("percentiles.few", few)
    bases = bases or tuple(map(spline_basis, priors.T))
    X = design(bases, priors)
    # Columns that few pupils reach are tiny; on one scale the solver treats all alike.
    sizes = np.sqrt((X**2).mean(axis=0))
    sizes[sizes == 0] = 1
    X /= sizes
    kept = _independent_columns(X)
    if len(scores) < PUPILS_PER_COLUMN * len(kept):
        raise NoResult("percentiles.few", f"{few[:-1]}: cần ít nhất {PUPILS_PER_COLUMN * len(kept)}.")
    planes = _fit_all(np.ascontiguousarray(X[:, kept]), scores, taus)
    coefficients = np.zeros((len(taus), X.shape[1]))
    coefficients[:, kept] = [plane.coefficients / sizes[kept] for plane in planes]
    return GrowthCurves(
        bases,
        coefficients,
        taus,
        len(scores),
        sum(plane.rounds for plane in planes),
        all(plane.converged for plane in planes),
    )


def _independent_columns(X: NDArray[np.float64]) -> NDArray[np.intp]:
    """Columns left when those that others determine are dropped (few distinct scores, equal priors)."""
    square = tall(X).weighted_square(np.ones(len(X)))
    triangle, order = qr(square, mode="r", pivoting=True)[:2]
    sizes = np.abs(np.diag(triangle))
    return np.sort(order[: int((sizes > DEPENDENT * sizes[0]).sum())])


def _fit_all(X: NDArray[np.float64], y: NDArray[np.float64], taus: NDArray[np.float64]) -> list[Plane]:
    """From the middle quantile outwards, so that each plane starts from a close one."""
    step = max(1, len(y) // FIRST_SAMPLE)
    sample, sampled = tall(X[::step]), y[::step]
    middle = len(taus) // 2
    ones = np.ones(len(sampled))
    least_squares = np.linalg.pinv(sample.weighted_square(ones)) @ sample.turned_times(sampled)
    goal = (1 - float(taus[middle])) * sample.turned_times(ones)
    first = fit_plane(sample, sampled, goal, start=least_squares).coefficients
    cohort = _cohort(X, y)
    return _walk(cohort, taus[:middle][::-1], first)[::-1] + _walk(cohort, taus[middle:], first)


def _walk(cohort: _Cohort, taus: Iterable[float], start: NDArray[np.float64]) -> list[Plane]:
    planes: list[Plane] = []
    for tau in taus:
        planes.append(_fit_banded(cohort, tau, start))
        start = planes[-1].coefficients
    return planes


def _cohort(X: NDArray[np.float64], y: NDArray[np.float64]) -> _Cohort:
    whole = tall(X)
    root = np.linalg.cholesky(whole.weighted_square(np.ones(len(y))))
    sensitivity = np.sqrt(((whole.slices @ np.linalg.inv(root).T) ** 2).sum(axis=2).ravel()[: len(y)])
    return _Cohort(X, whole, y, sensitivity)


def _fit_banded(cohort: _Cohort, tau: float, start: NDArray[np.float64]) -> Plane:
    y, whole = cohort.y, cohort.whole
    width, rounds = min(max(BAND, int(BAND_SHARE * len(y))), len(y)), 0
    share = np.full(len(y), 1 - tau)
    while True:
        above, below = _outside(y - whole.times(start), cohort.sensitivity, tau, width)
        while True:
            band = np.flatnonzero(~(above | below))
            plane = fit_plane(tall(cohort.X[band]), y[band], whole.turned_times(share - above), start=start)
            rounds += plane.rounds
            residual = y - whole.times(plane.coefficients)
            wrong = (above & (residual < 0)) | (below & (residual > 0))
            count = int(wrong.sum())
            if (plane.converged and not count) or len(band) == len(y):
                return Plane(plane.coefficients, rounds, plane.converged)
            if not plane.converged or count > width // 5:
                break
            above &= ~wrong
            below &= ~wrong
        width = min(4 * width, len(y))


def _outside(
    residual: NDArray[np.float64], sensitivity: NDArray[np.float64], tau: float, width: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Who is surely above, and below, the plane: all but the `width` pupils nearest to the τ quantile.

    Distance is counted in sensitivities: the plane can move further where few pupils hold it.
    """
    pupils = len(residual)
    if width >= pupils:
        nobody = np.zeros(pupils, dtype=np.bool_)
        return nobody, nobody.copy()
    place = min(int(tau * pupils), pupils - 1)
    lead = residual - np.partition(residual, place)[place]
    distance = np.abs(lead) / sensitivity
    far = distance > np.partition(distance, width - 1)[width - 1]
    return far & (lead > 0), far & (lead < 0)
