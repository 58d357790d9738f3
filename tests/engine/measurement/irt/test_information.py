from dataclasses import replace

import numpy as np
import pytest

from tests.engine.measurement.irt.banks import bank_of
from thucchat.engine.measurement.irt.information import evaluate, outer_products
from thucchat.engine.measurement.irt.items import Model, curves, free_parameters
from thucchat.engine.measurement.irt.latent import even_grid
from thucchat.engine.measurement.irt.packing import pack
from thucchat.engine.measurement.irt.places import FreePlaces
from thucchat.engine.measurement.irt.posterior import expected_counts
from thucchat.engine.measurement.irt.simulate import simulate_responses
from thucchat.engine.measurement.responses import MISSING

LINEAR = (Model.RASCH, Model.TWO_PL, Model.TWO_PL, Model.PCM, Model.GPCM)
MIXED = (Model.TWO_PL, Model.THREE_PL, Model.GRM, Model.GPCM, Model.RASCH)
GROUP = np.repeat([0, 1], [170, 130])


def case(models, missing, *, by_design):
    """A likelihood away from its top, in two groups, one with its own mean and spread."""
    bank, rng = bank_of(*models), np.random.default_rng(5)
    data = simulate_responses(bank, rng.standard_normal(300), rng)
    if missing == "design":
        data.codes[:2, ::2] = MISSING
    elif missing == "random":
        data.codes[rng.random(data.codes.shape) < 0.2] = MISSING
    free = FreePlaces(free_parameters(bank), np.array([[False, False], [True, True]]))
    latent = even_grid(np.array([0.0, 0.3]), np.array([1.0, 1.2]), 31)
    return pack(data, GROUP, by_design=by_design), bank, latent, free


CASES = [
    (LINEAR, None, True),
    (LINEAR, "design", True),
    (LINEAR, "random", True),
    (MIXED, None, False),
    (MIXED, "random", False),
]


@pytest.mark.parametrize(("models", "missing", "by_design"), CASES)
def test_gradient_and_information_are_derivatives_of_the_likelihood(models, missing, by_design):
    packed, bank, latent, free = case(models, missing, by_design=by_design)
    found = evaluate(packed, bank, latent, free)
    step = 1e-5

    gradient, information = np.empty(free.count), np.empty((free.count, free.count))
    for place in range(free.count):
        change = np.zeros(free.count)
        change[place] = step
        there, back = (evaluate(packed, *free.step(bank, latent, sign * change), free) for sign in (1, -1))
        gradient[place] = (there.expected.log_likelihood - back.expected.log_likelihood) / (2 * step)
        information[place] = (back.gradient - there.gradient) / (2 * step)

    assert found.gradient == pytest.approx(gradient, abs=1e-5)
    assert found.complete - found.lost == pytest.approx(information, abs=1e-5)


@pytest.mark.parametrize("missing", [None, "design", "random"])
def test_the_short_way_for_linear_items_equals_the_general_one(missing):
    packed, bank, latent, free = case(LINEAR, missing, by_design=True)
    bent = (bank.models[0], Model.GRM, *bank.models[2:])  # a graded item of two categories is a 2PL
    other = type(bank)(bank.names, bent, bank.categories, bank.parameters)
    general, *_ = case(LINEAR, missing, by_design=False)

    short = evaluate(packed, bank, latent, free)
    long = evaluate(general, other, latent, free)

    assert short.expected.log_likelihood == pytest.approx(long.expected.log_likelihood, rel=1e-12)
    assert short.lost == pytest.approx(long.lost, abs=1e-8)


@pytest.mark.parametrize(("models", "missing"), [(LINEAR, "design"), (MIXED, None), (MIXED, "random")])
def test_outer_products_are_those_of_each_persons_gradient(models, missing):
    packed, bank, latent, free = case(models, missing, by_design=False)

    one_by_one = np.zeros((free.count, free.count))
    for section in packed.sections:
        for person in range(section.start, section.stop):
            alone = replace(section, start=0, stop=1)
            rows = packed.rows[:, [person]]
            score = evaluate(replace(packed, rows=rows, sections=(alone,)), bank, latent, free).gradient
            one_by_one += np.outer(score, score)

    assert outer_products(packed, bank, latent, free) == pytest.approx(one_by_one, rel=1e-9, abs=1e-9)


def test_single_precision_agrees_with_double():
    packed, bank, latent, free = case(LINEAR, None, by_design=True)
    single = type(packed)(*(getattr(packed, name) for name in packed.__slots__[:-1]), np.dtype(np.float32))

    double, single = (evaluate(which, bank, latent, free) for which in (packed, single))

    assert single.expected.log_likelihood == pytest.approx(double.expected.log_likelihood, rel=1e-6)
    assert single.lost == pytest.approx(double.lost, rel=1e-3, abs=1e-3)


def test_expected_counts_add_up_to_persons():
    packed, bank, latent, _ = case(MIXED, "random", by_design=False)

    expected = expected_counts(packed, curves(bank, latent.nodes), latent)

    assert expected.nodes.sum(axis=1) == pytest.approx([170, 130])
    presented = [(packed.rows[(packed.item == item) & (packed.category == 0)]).sum() for item in range(5)]
    assert expected.counts.sum(axis=(1, 2)) == pytest.approx(presented)
