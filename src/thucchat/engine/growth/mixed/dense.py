"""Small dense linear algebra in double precision, for matrices of coefficients."""

import numpy as np

from thucchat.engine.errors import NoResult
from thucchat.engine.growth.mixed.design import Floats


def solved(matrix: Floats, right: Floats) -> Floats:
    """matrix^-1 right, also for stacks of either.

    Raises:
        NoResult: `growth.not_definite`.
    """
    try:
        return np.asarray(np.linalg.solve(matrix, right), dtype=np.float64)
    except np.linalg.LinAlgError as error:
        raise NoResult(
            "growth.not_definite", "Các cột của mô hình trùng nhau nên không tách được."
        ) from error


def inverted(matrix: Floats) -> Floats:
    """matrix^-1."""
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)
