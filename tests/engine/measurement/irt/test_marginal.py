import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, logsumexp

from tests.engine.measurement.irt.banks import bank_of
from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.measurement.irt.calibration import reported_items
from thucchat.engine.measurement.irt.items import Model
from thucchat.engine.measurement.irt.marginal import Setting, calibrate_marginal, expected_abilities
from thucchat.engine.measurement.irt.prior import GuessingPrior
from thucchat.engine.measurement.irt.simulate import simulate_responses
from thucchat.engine.measurement.responses import MISSING, Responses, responses_from_scores


def drawn(models, persons, *, seed=3, mean=0.0, sd=1.0) -> Responses:
    rng = np.random.default_rng(seed)
    return simulate_responses(bank_of(*models), mean + sd * rng.standard_normal(persons), rng)


def test_a_general_optimiser_finds_the_same_top():
    data = drawn([Model.TWO_PL] * 5, 400)
    x = data.codes.T.astype(float)
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)

    def loss(v):
        z = np.outer(nodes, v[:5]) + v[5:]
        likelihood = x @ np.log(expit(z)).T + (1 - x) @ np.log(expit(-z)).T
        return -logsumexp(likelihood, b=weights / weights.sum(), axis=1).sum()

    best = minimize(loss, np.r_[np.ones(5), np.zeros(5)], method="BFGS", options={"gtol": 1e-6})
    found = calibrate_marginal(data, [Model.TWO_PL] * 5)

    assert found.record.converged
    assert found.log_likelihood == pytest.approx(-best.fun, abs=1e-6)
    assert found.bank.parameters[:, :2].T.ravel() == pytest.approx(best.x, abs=1e-4)


@pytest.mark.parametrize(
    "models",
    [
        [Model.RASCH] * 12,
        [Model.PCM] * 8,
        [Model.TWO_PL] * 12,
        [Model.GPCM] * 8,
        [Model.GRM] * 8,
        [Model.TWO_PL] * 6 + [Model.GPCM] * 2 + [Model.GRM] * 2,
    ],
    ids=lambda models: "+".join(dict.fromkeys(models)),
)
def test_true_parameters_lie_within_a_few_standard_errors(models):
    truth = bank_of(*models).parameters
    found = calibrate_marginal(drawn(models, 3000), models)

    error = np.sqrt(np.diag(found.covariance))[: found.free.of_items]
    z = (found.bank.parameters - truth)[found.free.items] / error
    assert found.record.converged
    assert np.abs(z).max() < 4
    assert 0.6 < np.sqrt(np.mean(z**2)) < 1.4


def test_three_parameters_converge_with_the_stated_prior():
    models = [Model.THREE_PL] * 20
    found = calibrate_marginal(drawn(models, 2000), models)

    c = [item.c for item in reported_items(found)]
    assert found.record.converged
    assert found.prior == GuessingPrior(6, 16)
    assert np.mean(c) == pytest.approx(0.2, abs=0.05)


def test_rasch_frees_the_variance_and_slopes_fix_it():
    wide = drawn([Model.RASCH] * 15, 2000, sd=1.5)

    rasch = calibrate_marginal(wide, [Model.RASCH] * 15)
    two = calibrate_marginal(wide, [Model.TWO_PL] * 15)

    assert rasch.latent.sd[0] == pytest.approx(1.5, abs=0.1)
    assert two.latent.sd[0] == 1
    assert two.bank.parameters[:, 0].mean() == pytest.approx(1.5, abs=0.15)


def test_responses_missing_by_design_leave_estimates_unbiased():
    models = [Model.TWO_PL] * 20
    data = drawn(models, 4000)
    data.codes[:6, ::2] = MISSING
    data.codes[14:, 1::2] = MISSING

    found = calibrate_marginal(data, models)

    error = np.sqrt(np.diag(found.covariance))
    z = (found.bank.parameters - bank_of(*models).parameters)[found.free.items] / error
    assert np.abs(z).max() < 4


def test_scattered_blanks_and_designs_give_the_same_answer():
    models = [Model.TWO_PL] * 6
    data = drawn(models, 600)
    data.codes[:2, ::2] = MISSING
    scattered = data.of_persons(np.arange(600))
    by_design = calibrate_marginal(data, models)
    scattered.codes[5, 0] = MISSING  # one more design that few share
    scattered.codes[4, 1] = MISSING

    other = calibrate_marginal(scattered, models)

    assert other.bank.parameters == pytest.approx(by_design.bank.parameters, abs=0.05)


def test_a_second_group_gets_its_own_mean_and_spread():
    models = [Model.TWO_PL] * 15
    strong = drawn(models, 2000, seed=8, mean=0.7, sd=0.8)
    both = drawn(models, 2000)
    data = Responses(both.items, np.hstack([both.codes, strong.codes]), both.scores)

    found = calibrate_marginal(data, models, Setting(np.repeat([0, 1], 2000), ("A", "B")))

    error = np.sqrt(np.diag(found.covariance))[-2:]
    assert found.latent.mean == pytest.approx([0, 0.7], abs=4 * error[0])
    assert found.latent.sd == pytest.approx([1, 0.8], abs=4 * error[1])
    assert error.max() < 0.05


def test_fixed_items_carry_the_scale_to_new_persons_and_new_items():
    models = [Model.TWO_PL] * 16
    truth = bank_of(*models)
    old = type(truth)(truth.names[:8], truth.models[:8], truth.categories[:8], truth.parameters[:8])
    data = drawn(models, 4000, mean=-0.5, sd=1.2)

    found = calibrate_marginal(data, models, Setting(fixed=old))

    assert np.array_equal(found.bank.parameters[:8], truth.parameters[:8])
    assert found.latent.mean[0] == pytest.approx(-0.5, abs=0.08)
    assert found.latent.sd[0] == pytest.approx(1.2, abs=0.08)
    assert np.abs(found.bank.parameters[8:, :2] - truth.parameters[8:, :2]).max() < 0.3


def test_many_persons_go_by_sample_and_single_precision_to_the_same_top():
    models = [Model.TWO_PL] * 40
    data = drawn(models, 60_000)
    part = data.of_persons(np.arange(49_000, 60_000))

    whole, small = (calibrate_marginal(which, models) for which in (data, part))

    error = np.sqrt(np.diag(small.covariance))
    gap = (whole.bank.parameters - small.bank.parameters)[small.free.items] / error
    assert whole.record.converged
    assert np.sqrt(np.mean(gap**2)) < 1.2


def test_abilities_shrink_towards_the_mean():
    models = [Model.TWO_PL] * 10
    data = drawn(models, 1000)
    found = calibrate_marginal(data, models)

    moments = expected_abilities(found, data)

    assert moments.mean.mean() == pytest.approx(0, abs=1e-3)
    assert moments.mean.var() + (moments.sd**2).mean() == pytest.approx(1, abs=0.02)


def test_items_without_information_are_named_and_left_out():
    scores = drawn([Model.RASCH] * 6, 200).points()
    scores[:, 1] = 1
    scores[:, 2] = np.nan

    found = calibrate_marginal(responses_from_scores([*"abcdef"], scores), [Model.RASCH] * 6)

    assert found.bank.names == ("a", "d", "e", "f")
    assert any(
        "“b”: mọi thí sinh cùng được 1.0" in caveat or "“b”: mọi thí sinh" in caveat
        for caveat in found.caveats
    )
    assert any("“c”: không ai trả lời" in caveat for caveat in found.caveats)


def test_five_persons_are_refused():
    with pytest.raises(NoResult) as refusal:
        calibrate_marginal(drawn([Model.RASCH] * 6, 5), [Model.RASCH] * 6)
    assert refusal.value.code == "persons.few"


def test_groups_without_common_items_are_refused():
    data = drawn([Model.RASCH] * 6, 200)
    data.codes[:3, :100] = MISSING
    data.codes[3:, 100:] = MISSING

    with pytest.raises(InvalidInput) as refusal:
        calibrate_marginal(data, [Model.RASCH] * 6, Setting(np.repeat([0, 1], 100), ("A", "B")))
    assert refusal.value.code == "design.unlinked"


def test_one_population_without_common_items_gets_a_caveat():
    data = drawn([Model.RASCH] * 6, 400)
    data.codes[:3, :200] = MISSING
    data.codes[3:, 200:] = MISSING

    found = calibrate_marginal(data, [Model.RASCH] * 6)

    assert any("không thí sinh nào làm chung" in caveat for caveat in found.caveats)


def test_an_item_that_orders_persons_perfectly_is_reported():
    scores = np.zeros((60, 3))
    scores[30:, :2] = 1
    scores[::2, 2] = 1

    found = calibrate_marginal(responses_from_scores([*"abc"], scores), [Model.TWO_PL] * 3)

    assert found.caveats
    assert not found.record.converged or any("không có giới hạn" in caveat for caveat in found.caveats)


def test_guessing_that_nobody_does_stops_at_the_edge_and_says_so():
    bank, rng = bank_of(*[Model.TWO_PL] * 8), np.random.default_rng(12)
    data = simulate_responses(bank, rng.standard_normal(1500), rng)
    plain = calibrate_marginal(data, [Model.TWO_PL] * 8)

    found = calibrate_marginal(data, [Model.THREE_PL] * 8, Setting(prior=GuessingPrior(1, 1)))

    edge = found.bank.unguessed
    assert edge.any()
    assert found.log_likelihood >= plain.log_likelihood - 1e-3
    assert [bool(np.isnan(item.se_c)) for item in reported_items(found)] == edge.tolist()
    assert any("ở biên" in caveat for caveat in found.caveats)
    assert np.isfinite([item.se_a for item in reported_items(found)])[edge].all()
