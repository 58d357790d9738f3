import numpy as np
import pytest

from tests.engine.measurement.irt.banks import bank_of
from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.irt.items import Model
from thucchat.engine.measurement.irt.simulate import simulate_responses
from thucchat.engine.measurement.plausible import combined_mean, plausible_values

BANK = bank_of(*[Model.TWO_PL] * 12)


@pytest.fixture(scope="module")
def drawn():
    rng = np.random.default_rng(7)
    boy = (rng.random(3000) < 0.5).astype(float)
    theta = 0.3 - 0.5 * boy + 0.8 * rng.standard_normal(3000)
    data = simulate_responses(BANK, theta, rng)
    return boy, theta, plausible_values(BANK, data, boy[:, None], draws=10, rng=rng)


def test_the_regression_finds_the_difference_between_groups(drawn):
    _, _, found = drawn

    error = np.sqrt(np.diag(found.regression.covariance))
    assert found.regression.converged
    assert np.abs((found.regression.coefficients - [0.3, -0.5]) / error).max() < 3
    assert found.regression.residual_sd == pytest.approx(0.8, abs=0.05)


def test_draws_keep_the_spread_that_estimates_lose(drawn):
    boy, theta, found = drawn

    assert found.values.var(axis=0).mean() == pytest.approx(theta.var(), abs=0.05)
    assert found.values[boy == 1].mean() == pytest.approx(theta[boy == 1].mean(), abs=0.06)


def test_variances_of_a_mean_add_up(drawn):
    _, _, found = drawn

    mean = combined_mean(found.values)

    assert mean.sampling_variance == pytest.approx(found.values.var(ddof=1) / 3000, rel=0.02)
    assert mean.se**2 == pytest.approx(mean.sampling_variance + mean.measurement_variance)
    assert mean.estimate == pytest.approx(found.values.mean())


def test_draws_repeat_with_the_same_generator():
    data = simulate_responses(BANK, np.zeros(100), np.random.default_rng(1))

    first, second = (
        plausible_values(BANK, data, None, draws=2, rng=np.random.default_rng(3)).values for _ in range(2)
    )

    assert np.array_equal(first, second)


@pytest.mark.parametrize(
    ("covariates", "code"), [(np.full((50, 1), np.nan), "missing"), (np.ones((50, 1)), "dependent")]
)
def test_a_background_that_cannot_be_used_is_refused(covariates, code):
    data = simulate_responses(BANK, np.zeros(50), np.random.default_rng(1))
    with pytest.raises(InvalidInput) as refusal:
        plausible_values(BANK, data, covariates, draws=1, rng=np.random.default_rng(1))
    assert refusal.value.code == f"covariates.{code}"
