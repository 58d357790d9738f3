import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from thucchat.engine.growth.percentiles.interior import fit_plane
from thucchat.engine.growth.percentiles.slices import tall


def loss(X, y, coefficients, tau):
    residual = y - X @ coefficients
    return (residual * (tau - (residual < 0))).sum()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(10, 120), st.floats(0.02, 0.98), st.booleans())
def test_the_plane_reaches_the_loss_of_an_independent_solver(seed, rows, tau, grid):
    rng = np.random.default_rng(seed)
    X = np.column_stack([np.ones(rows), rng.standard_normal((rows, 3))])
    y = X @ [1, 2, 0, -1] + rng.standard_t(3, rows)
    if grid:
        y = np.round(y * 4) / 4

    plane = fit_plane(tall(X), y, (1 - tau) * X.sum(axis=0), start=np.zeros(4))

    dual = linprog(-y, A_eq=X.T, b_eq=(1 - tau) * X.sum(axis=0), bounds=(0, 1))
    best = loss(X, y, -dual.eqlin.marginals, tau)
    assert plane.converged
    assert loss(X, y, plane.coefficients, tau) == pytest.approx(best, rel=1e-7, abs=1e-7)


def test_the_middle_plane_of_a_column_of_ones_is_the_median():
    y = np.array([3.0, 9, 1, 7, 5])

    plane = fit_plane(tall(np.ones((5, 1))), y, np.array([2.5]), start=np.zeros(1))

    assert plane.coefficients == pytest.approx([5], abs=1e-6)
