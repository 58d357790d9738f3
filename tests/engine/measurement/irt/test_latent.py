import numpy as np
import pytest

from tests.engine.measurement.irt.banks import bank_of
from thucchat.engine.measurement.irt.items import Model
from thucchat.engine.measurement.irt.latent import ability_score, even_grid, fine_grid, information_curve

GROUPS = np.array([0.0, 1.5]), np.array([1.0, 0.5])


def test_weights_sum_to_one_with_the_moments_asked_for():
    latent = even_grid(*GROUPS, 61)
    weights = np.exp(latent.log_weights)

    assert weights.sum(axis=1) == pytest.approx([1, 1])
    assert weights @ latent.nodes == pytest.approx(GROUPS[0], abs=1e-6)


def test_scores_are_the_derivatives_of_the_weights():
    latent, step = even_grid(*GROUPS, 61), 1e-6
    by_mean = latent.moved(latent.mean + step, latent.sd).log_weights - latent.log_weights
    by_spread = latent.moved(latent.mean, latent.sd * np.exp(step)).log_weights - latent.log_weights

    assert latent.score[:, 0] == pytest.approx(by_mean / step, abs=1e-3)
    assert latent.score[:, 1] == pytest.approx(by_spread / step, abs=1e-3)


def test_a_steeper_bank_gets_a_finer_grid():
    bank = bank_of(*[Model.TWO_PL] * 200)
    steep = bank.at(bank.parameters * 4)

    few, many = (fine_grid(which, np.zeros(1), np.ones(1)) for which in (bank, steep))

    assert 41 < len(few.nodes) < len(many.nodes)


def test_information_is_the_expected_square_of_the_score():
    bank, step = bank_of(Model.GRM, Model.PCM, Model.THREE_PL), 1e-5
    theta = np.array([-0.7, 0.4])
    from thucchat.engine.measurement.irt.items import curves

    slope = (curves(bank, theta + step).log_p - curves(bank, theta - step).log_p) / (2 * step)

    assert ability_score(bank, theta) == pytest.approx(slope, abs=1e-6)
    assert information_curve(bank, theta) == pytest.approx(
        (np.exp(curves(bank, theta).log_p) * slope**2).sum(axis=(0, 1)), abs=1e-6
    )
