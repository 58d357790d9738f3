import numpy as np
import pytest
from scipy.stats import kstest

from tests.engine.measurement.irt.banks import bank_of
from thucchat.engine.errors import NoResult
from thucchat.engine.measurement.abilities import likelihood_ability
from thucchat.engine.measurement.irt.fit import (
    item_fit,
    person_fit,
    residual_correlations,
    test_information,
)
from thucchat.engine.measurement.irt.items import Model
from thucchat.engine.measurement.irt.marginal import calibrate_marginal
from thucchat.engine.measurement.irt.simulate import simulate_responses
from thucchat.engine.measurement.responses import MISSING

test_information.__test__ = False
MODELS = [Model.TWO_PL] * 16 + [Model.GPCM] * 2


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(11)
    return simulate_responses(bank_of(*MODELS), rng.standard_normal(2000), rng)


@pytest.fixture(scope="module")
def found(data):
    return calibrate_marginal(data, MODELS)


def test_items_that_follow_the_model_are_seldom_flagged(found, data):
    fits = item_fit(found, data)

    assert all(fit.freedom > 5 for fit in fits)
    assert kstest([fit.p for fit in fits], "uniform").pvalue > 0.01


def test_an_item_with_a_dip_is_flagged(found, data):
    codes = data.codes.copy()
    total = codes.sum(axis=0)
    codes[3] = np.where(np.abs(total - np.median(total)) < 3, 0, codes[3])

    fits = item_fit(found, type(data)(data.items, codes, data.scores))

    assert fits[3].p < 1e-6


def test_item_fit_needs_everybody_on_the_same_items(found, data):
    codes = data.codes.copy()
    codes[0, 0] = MISSING

    with pytest.raises(NoResult) as refusal:
        item_fit(found, type(data)(data.items, codes, data.scores))
    assert refusal.value.code == "fit.missing"


def test_person_fit_is_about_standard_normal_under_the_model():
    models = [Model.TWO_PL] * 60
    rng = np.random.default_rng(1)
    data = simulate_responses(bank_of(*models), rng.standard_normal(4000), rng)

    fit = person_fit(bank_of(*models), data)

    assert np.nanmean(fit.lz_star) == pytest.approx(0, abs=0.09)
    assert np.nanstd(fit.lz_star) == pytest.approx(1, abs=0.06)
    assert np.nanmean(fit.p < 0.05) == pytest.approx(0.05, abs=0.015)


def test_answers_out_of_order_stand_out():
    models = [Model.RASCH] * 40
    bank = bank_of(*models)
    rng = np.random.default_rng(1)
    data = simulate_responses(bank, np.zeros(50), rng)
    easiest_first = np.argsort(-bank.parameters[:, 1])
    data.codes[easiest_first[:20], 0], data.codes[easiest_first[20:], 0] = 0, 1

    fit = person_fit(bank, data)

    assert fit.lz_star[0] < -5


def test_copies_of_an_item_show_in_the_residuals(found, data):
    codes = data.codes.copy()
    codes[1] = np.where(np.random.default_rng(0).random(2000) < 0.6, codes[0], codes[1])
    changed = type(data)(data.items, codes, data.scores)

    table = residual_correlations(found.bank, changed, likelihood_ability(found.bank, changed, weighted=True))

    assert table[0, 1] > np.nanmean(table) + 0.2
    assert np.nanmean(table[2:, 2:]) == pytest.approx(-1 / 17, abs=0.02)


def test_information_is_the_variance_of_the_score():
    bank = bank_of(Model.RASCH, Model.THREE_PL, Model.GRM)
    theta = np.array([-1.0, 0.5])

    found = test_information(bank, theta)

    p = 1 / (1 + np.exp(-(theta + bank.parameters[0, 1])))
    assert found.by_item[0] == pytest.approx(p * (1 - p))
    assert found.standard_error == pytest.approx(found.by_item.sum(axis=0) ** -0.5)
