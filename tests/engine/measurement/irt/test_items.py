import numpy as np
import pytest

from tests.engine.measurement.irt.banks import bank_of
from thucchat.engine.measurement.irt.items import ItemBank, Model, curves, free_parameters

ALL = (Model.RASCH, Model.TWO_PL, Model.THREE_PL, Model.PCM, Model.GPCM, Model.GRM)
THETA = np.linspace(-3, 3, 7)


def test_the_categories_of_an_item_share_all_probability():
    bank = bank_of(*ALL)

    p = np.exp(curves(bank, THETA).log_p)

    assert p.sum(axis=1) == pytest.approx(np.ones((6, 7)))
    assert not p[0, 2:].any()


def test_scores_are_the_derivatives_of_the_curves():
    bank, step = bank_of(*ALL), 1e-6
    free = free_parameters(bank)
    score = curves(bank, THETA).score

    for item, parameter in zip(*np.nonzero(free), strict=True):
        there, back = (moved(bank, item, parameter, shift) for shift in (step, -step))
        exists = slice(0, bank.categories[item])
        slope = (curves(there, THETA).log_p - curves(back, THETA).log_p)[item, exists] / (2 * step)
        assert score[item, parameter, exists] == pytest.approx(slope, abs=1e-7)
    assert not score[~free & (np.arange(score.shape[1]) > 0)].any()


def moved(bank: ItemBank, item: int, parameter: int, shift: float) -> ItemBank:
    parameters = bank.parameters.copy()
    parameters[item, parameter] += shift
    return bank.at(parameters)


def test_two_categories_make_partial_credit_a_rasch_item():
    rasch, partial = (
        ItemBank(("c",), (model,), np.array([2]), np.array([[1.0, -0.5, 0.0]]))
        for model in (Model.RASCH, Model.PCM)
    )

    assert np.array_equal(curves(rasch, THETA).log_p, curves(partial, THETA).log_p)


def test_guessing_raises_the_floor():
    bank = ItemBank(("c",), (Model.THREE_PL,), np.array([2]), np.array([[2.0, 0.0, np.log(1 / 3)]]))

    low = np.exp(curves(bank, np.array([-20.0])).log_p[0, 1, 0])

    assert low == pytest.approx(0.25)


def test_graded_curves_that_nearly_touch_keep_their_digits():
    bank = ItemBank(("c",), (Model.GRM,), np.array([3]), np.array([[1.0, 1e-9, 0.0, 0.0]]))

    middle = curves(bank, np.array([0.0])).log_p[0, 1, 0]

    assert np.exp(middle) == pytest.approx(0.25e-9, rel=1e-6)
