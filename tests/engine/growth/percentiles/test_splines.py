import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.percentiles.splines import design, spline_basis


def test_knots_stand_at_the_quintiles_and_boundaries_a_tenth_beyond():
    basis = spline_basis(np.arange(101.0))

    assert basis.knots.tolist() == [20, 40, 60, 80]
    assert (basis.low, basis.high) == (-10, 110)


@given(st.integers(0, 2**32 - 1), st.integers(20, 300))
def test_the_columns_span_all_cubics(seed, pupils):
    prior = np.random.default_rng(seed).normal(5, 2, pupils)
    basis = spline_basis(prior)
    X = design((basis,), prior[:, None])

    for power in range(4):
        wanted = prior**power
        fitted = X @ np.linalg.lstsq(X, wanted, rcond=None)[0]
        assert fitted == pytest.approx(wanted, abs=1e-6 * max(1, np.abs(wanted).max()))


def test_scores_outside_the_boundaries_count_as_the_boundary():
    basis = spline_basis(np.arange(101.0))

    assert basis.columns(np.array([-50.0, 500])) == pytest.approx(basis.columns(np.array([-10.0, 110])))


def test_equal_quantiles_give_one_knot():
    assert spline_basis(np.repeat([1.0, 5, 9], [10, 80, 10])).knots.tolist() == [5]


def test_a_prior_without_spread_is_refused():
    with pytest.raises(InvalidInput) as refusal:
        spline_basis(np.full(9, 5.0))
    assert refusal.value.code == "percentiles.constant"
