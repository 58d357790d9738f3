import numpy as np
import pytest
from scipy.optimize import brentq

from tests.engine.measurement.irt.banks import bank_of
from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.abilities import eap, likelihood_ability, matched
from thucchat.engine.measurement.irt.items import Model, curves
from thucchat.engine.measurement.irt.latent import ability_score, even_grid, item_information
from thucchat.engine.measurement.irt.simulate import simulate_responses
from thucchat.engine.measurement.responses import MISSING, responses_from_scores

NORMAL = even_grid(np.zeros(1), np.ones(1), 41)
MIXED = [Model.TWO_PL, Model.THREE_PL, Model.GRM, Model.GPCM, Model.RASCH, Model.PCM] * 2


@pytest.fixture(scope="module")
def bank():
    return bank_of(*MIXED)


@pytest.fixture(scope="module")
def data(bank):
    rng = np.random.default_rng(6)
    data = simulate_responses(bank, rng.standard_normal(60), rng)
    data.codes[0, :20] = MISSING
    return data


def test_maximum_likelihood_is_where_the_score_is_zero(bank, data):
    found = likelihood_ability(bank, data, weighted=False)

    for person in np.flatnonzero(~np.isnan(found.theta))[:20]:
        seen = data.codes[:, person] != MISSING
        rows = np.flatnonzero(seen), data.codes[seen, person]
        value = ability_score(bank, found.theta[[person]])[*rows, 0].sum()
        information = item_information(bank, found.theta[[person]])[seen].sum()
        assert value == pytest.approx(0, abs=1e-4)
        assert found.se[person] == pytest.approx(information**-0.5, rel=1e-3)


def test_weighted_likelihood_solves_warms_equation_for_the_rasch_model():
    bank = bank_of(*[Model.RASCH] * 9)
    scores = np.tril(np.ones((10, 9)), -1)
    data = responses_from_scores(bank.names, scores)

    found = likelihood_ability(bank, data, weighted=True)

    def equation(theta, right):
        p = 1 / (1 + np.exp(-(theta + bank.parameters[:, 1])))
        q = p * (1 - p)
        return right - p.sum() + (q * (1 - 2 * p)).sum() / (2 * q.sum())

    by_hand = [brentq(equation, -10, 10, args=(right,)) for right in range(10)]
    assert found.theta == pytest.approx(by_hand, abs=1e-6)


def test_all_right_and_all_wrong_have_no_maximum_but_a_weighted_one():
    bank = bank_of(*[Model.TWO_PL] * 30)
    codes = np.vstack([np.zeros(30), np.ones(30)])
    data = matched(bank, ((0.0, 1.0),) * 30, responses_from_scores(bank.names, codes))

    assert np.isnan(likelihood_ability(bank, data, weighted=False).theta).all()
    weighted = likelihood_ability(bank, data, weighted=True).theta
    assert weighted[0] < -2 < 2 < weighted[1]


def test_the_posterior_mean_is_the_integral(bank, data):
    found = eap(bank, data, NORMAL)

    nodes = np.linspace(-8, 8, 2001)
    log_p = curves(bank, nodes).log_p
    person = 25
    rows = np.arange(12), data.codes[:, person]
    weight = np.exp(log_p[rows].sum(axis=0) - nodes**2 / 2)
    weight /= weight.sum()
    mean = weight @ nodes
    assert found.theta[person] == pytest.approx(mean, abs=1e-7)
    assert found.se[person] == pytest.approx(np.sqrt(weight @ (nodes - mean) ** 2), abs=1e-7)


def test_nobody_answered_leaves_the_prior(bank):
    data = matched(bank, tuple(tuple(map(float, range(n))) for n in bank.categories), _empty(bank))

    assert eap(bank, data, NORMAL).theta == pytest.approx([0], abs=1e-9)
    assert eap(bank, data, NORMAL).se == pytest.approx([1], abs=1e-6)
    assert np.isnan(likelihood_ability(bank, data, weighted=True).theta).all()


def _empty(bank):
    return responses_from_scores(bank.names, np.full((1, len(bank.names)), np.nan))


def test_scores_are_matched_by_their_points_not_their_rank():
    bank = bank_of(Model.PCM, Model.RASCH)
    data = responses_from_scores(["c2", "c1"], np.array([[1.0, 0.5], [0.0, 1.0]]))

    codes = matched(bank, ((0.0, 0.25, 0.5, 1.0), (0.0, 1.0)), data).codes

    assert codes.tolist() == [[2, 3], [1, 0]]


def test_a_score_never_calibrated_is_refused():
    data = responses_from_scores(["c1"], np.array([[2.0], [0.0]]))
    with pytest.raises(InvalidInput) as refusal:
        matched(bank_of(Model.RASCH), ((0.0, 1.0),), data)
    assert refusal.value.code == "scores.unknown"


def test_a_file_without_known_items_is_refused():
    with pytest.raises(InvalidInput) as refusal:
        matched(bank_of(Model.RASCH), ((0.0, 1.0),), responses_from_scores(["x"], np.eye(2)[:, :1]))
    assert refusal.value.code == "items.unknown"
