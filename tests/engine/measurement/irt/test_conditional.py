import numpy as np
import pytest

from tests.engine.measurement.irt.banks import bank_of
from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.measurement.irt.calibration import reported_items
from thucchat.engine.measurement.irt.conditional import (
    calibrate_conditional,
    conditional_slope,
    design_counts,
)
from thucchat.engine.measurement.irt.items import Model
from thucchat.engine.measurement.irt.marginal import calibrate_marginal
from thucchat.engine.measurement.irt.simulate import simulate_responses
from thucchat.engine.measurement.responses import MISSING, Responses, responses_from_scores

MODELS = [Model.RASCH] * 5 + [Model.PCM] * 3


def drawn(persons=1500, seed=2) -> Responses:
    rng = np.random.default_rng(seed)
    # Abilities far from normal: conditional likelihood does not care.
    return simulate_responses(bank_of(*MODELS), rng.choice([-1.5, 0.2, 1.0], persons), rng)


def test_difficulties_sum_to_zero():
    found = calibrate_conditional(drawn())

    assert sum(item.b for item in reported_items(found)) == pytest.approx(0, abs=1e-12)


def test_true_steps_lie_within_a_few_standard_errors():
    truth = bank_of(*MODELS)
    found = calibrate_conditional(drawn())

    items = reported_items(found)
    true_steps = [
        -np.diff(row[:count], prepend=0)[1:]
        for row, count in zip(
            np.hstack([np.zeros((8, 1)), truth.parameters[:, 1:-1]]), truth.categories, strict=True
        )
    ]
    shift = np.mean([steps.mean() for steps in true_steps])
    z = np.concatenate(
        [
            (np.array(item.steps) - steps + shift) / np.array(item.se_steps)
            for item, steps in zip(items, true_steps, strict=True)
        ]
    )
    assert found.record.converged
    assert np.abs(z).max() < 4


def test_gradient_and_information_are_derivatives():
    data = drawn(200)
    data.codes[:3, ::3] = MISSING
    bank, counts = bank_of(*MODELS), design_counts(data)
    free = bank.parameters[:, 1:-1] != 0
    here, step = conditional_slope(bank, counts), 1e-6

    for place in range(int(free.sum())):
        slopes = []
        for sign in (1, -1):
            parameters = bank.parameters.copy()
            inner = parameters[:, 1:-1][free]
            inner[place] += sign * step
            parameters[:, 1:-1][free] = inner
            slopes.append(conditional_slope(bank.at(parameters), counts))
        assert here.gradient[place] == pytest.approx(
            (slopes[0].value - slopes[1].value) / (2 * step), abs=1e-4
        )
        curve = (slopes[1].gradient - slopes[0].gradient) / (2 * step)
        assert here.information[place] == pytest.approx(curve, abs=1e-4)


def test_conditional_and_marginal_agree_when_abilities_are_normal():
    rng = np.random.default_rng(4)
    models = [Model.RASCH] * 12
    data = simulate_responses(bank_of(*models), rng.standard_normal(4000), rng)

    conditional, marginal = (
        np.array([item.b for item in reported_items(found)])
        for found in (calibrate_conditional(data), calibrate_marginal(data, models))
    )

    assert conditional == pytest.approx(marginal - marginal.mean(), abs=0.02)


def test_the_ability_distribution_is_estimated_with_items_fixed():
    rng = np.random.default_rng(4)
    models = [Model.RASCH] * 20
    data = simulate_responses(bank_of(*models), 0.4 + 1.3 * rng.standard_normal(3000), rng)

    found = calibrate_conditional(data)

    shift = np.mean(bank_of(*models).parameters[:, 1])
    assert found.latent.mean[0] == pytest.approx(0.4 + shift, abs=0.1)
    assert found.latent.sd[0] == pytest.approx(1.3, abs=0.08)


def test_items_that_share_no_persons_are_refused():
    data = drawn()
    data.codes[:4, ::2] = MISSING
    data.codes[4:, 1::2] = MISSING

    with pytest.raises(InvalidInput) as refusal:
        calibrate_conditional(data)
    assert refusal.value.code == "design.unlinked"


def test_five_persons_are_refused():
    with pytest.raises(NoResult) as refusal:
        calibrate_conditional(drawn(5))
    assert refusal.value.code == "persons.few"


def test_an_item_ordered_perfectly_below_the_others_is_reported():
    scores = np.array([[1, 0, 0], [1, 1, 0], [1, 0, 1], [0, 0, 0]] * 6, dtype=float)

    found = calibrate_conditional(responses_from_scores([*"abc"], scores))

    assert not found.record.converged
    assert any("Chưa hội tụ" in caveat for caveat in found.caveats)
