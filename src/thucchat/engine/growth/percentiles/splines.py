"""Cubic B-splines of prior scores, as growth percentiles use them. Scores are in points of their own test.

Knots at the 0.2, 0.4, 0.6, 0.8 quantiles of the reference pupils; boundaries a tenth of the range beyond
them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline

from thucchat.engine.errors import InvalidInput

DEGREE = 3
KNOT_QUANTILES = (0.2, 0.4, 0.6, 0.8)
BEYOND = 0.1  # of the range, on either side


@dataclass(frozen=True, slots=True)
class SplineBasis:
    """How one prior score is turned into columns."""

    knots: NDArray[np.float64]  # inner knots, points, rising
    low: float  # points; scores below are treated as this score
    high: float  # points; scores above are treated as this score

    def columns(self, prior: NDArray[np.float64]) -> NDArray[np.float64]:
        """All basis functions but the first, which the intercept replaces.

        Shapes:
            prior: (pupils,). Returns (pupils, knots + 3).
        """
        sequence = np.pad(self.knots, DEGREE + 1, constant_values=(self.low, self.high))
        inside = np.clip(prior, self.low, self.high)
        table = BSpline.design_matrix(inside, sequence, DEGREE).toarray()
        return np.asarray(table[:, 1:], dtype=np.float64)


def spline_basis(prior: NDArray[np.float64]) -> SplineBasis:
    """The basis for the reference pupils' prior scores. Equal quantiles give one knot.

    Shapes:
        prior: (pupils,), no NaN.
    Raises:
        InvalidInput: `percentiles.constant` when all have the same score.
    """
    low, high = float(prior.min()), float(prior.max())
    if low == high:
        raise InvalidInput(
            "percentiles.constant", "Một cột điểm đầu vào chỉ có một giá trị; hãy bỏ cột đó.", value=low
        )
    knots = np.unique(np.quantile(prior, KNOT_QUANTILES))
    margin = BEYOND * (high - low)
    return SplineBasis(knots, low - margin, high + margin)


def design(bases: tuple[SplineBasis, ...], priors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Intercept and the columns of all priors. Shapes: priors (pupils, priors); returns (pupils, columns)."""
    blocks = [basis.columns(prior) for basis, prior in zip(bases, priors.T, strict=True)]
    return np.column_stack([np.ones(len(priors)), *blocks])
