import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.measurement.reliability import (
    conditional_error,
    covariance_matrix,
    reliability,
    stratified_alpha,
)

answer_sheets = arrays(float, (12, 4), elements=st.sampled_from([0.0, 0.25, 0.5, 1.0]))


@given(answer_sheets)
def test_alpha_is_the_scaled_mean_covariance(scores):
    covariance = np.cov(scores, rowvar=False)
    assume(covariance.sum() > 0.01)
    between_items = (covariance.sum() - covariance.trace()) / (4 * 3)

    alpha = reliability(scores).alpha

    assert alpha == pytest.approx(4**2 * between_items / covariance.sum(), abs=1e-9)


@given(answer_sheets)
def test_guttmans_second_bound_is_never_below_alpha(scores):
    assume(np.cov(scores, rowvar=False).sum() > 0.01)

    found = reliability(scores)

    assert found.lambda_1 <= found.alpha + 1e-9 or found.alpha < 0
    assert found.alpha <= found.lambda_2 + 1e-9


def test_pairs_with_missing_cells_use_the_persons_who_have_both():
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(200, 3))
    scores[:60, 0] = np.nan

    covariance = covariance_matrix(scores)

    assert covariance[0, 1] == pytest.approx(np.cov(scores[60:, :2], rowvar=False)[0, 1])
    assert covariance[1, 2] == pytest.approx(np.cov(scores[:, 1:], rowvar=False)[0, 1])


def test_one_stratum_is_plain_alpha_and_parts_can_only_help():
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(2, 300, 1))
    scores = np.hstack([first + rng.normal(size=(300, 3)), second + rng.normal(size=(300, 3))])

    whole = stratified_alpha(scores, [range(6)])

    assert whole == pytest.approx(reliability(scores).alpha)
    assert stratified_alpha(scores, [range(3), range(3, 6)]) > whole + 0.05


def test_strata_must_cover_the_items_once():
    with pytest.raises(InvalidInput) as refusal:
        stratified_alpha(np.eye(4), [[0, 1], [1, 2, 3]])
    assert refusal.value.code == "strata.cover"


def test_the_error_is_largest_in_the_middle_and_averages_to_the_overall_one():
    rng = np.random.default_rng(2)
    scores = (rng.random((4000, 20)) < 1 / (1 + np.exp(-rng.normal(size=(4000, 1))))).astype(float)
    right = scores.sum(axis=1).astype(np.int64)
    found = reliability(scores)

    error = conditional_error(right, 20, found.alpha).standard_error

    assert error[0] == error[20] == 0
    assert error.argmax() == 10
    assert np.sqrt(np.mean(error[right] ** 2)) == pytest.approx(found.standard_error, rel=0.01)


@pytest.mark.parametrize(
    ("scores", "code"),
    [
        (np.eye(1, 5), "scores.few"),
        (np.ones((5, 3)), "scores.equal"),
        (np.array([[1, np.nan], [np.nan, 1.0]]), "items.apart"),
    ],
)
def test_what_cannot_be_measured_is_refused(scores, code):
    with pytest.raises(NoResult) as refusal:
        reliability(scores)
    assert refusal.value.code == code
