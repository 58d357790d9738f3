import numpy as np
import pytest

from tests.engine.measurement.forensics.worlds import answers, examination
from thucchat.engine.errors import NoResult
from thucchat.engine.measurement.forensics.model import GRID, NODES, fit_curves, likeliest, log_curves


def test_curves_of_two_options_recover_a_logistic_item():
    rng = np.random.default_rng(3)
    theta, slope, difficulty = rng.normal(size=6000), rng.uniform(0.8, 1.6, 25), rng.normal(size=25)
    p = 1 / (1 + np.exp(-slope * (theta[:, None] - difficulty)))
    codes = (rng.random(p.shape) >= p).astype(np.int8)

    curves = fit_curves(answers(codes), rng)

    at = np.abs(GRID) <= 2
    truth = 1 / (1 + np.exp(-slope * (GRID[at, None] - difficulty)))
    assert curves.converged
    assert np.abs(curves.p[at, :, 0] - truth).max() < 0.06
    assert np.corrcoef(GRID[curves.place], theta)[0, 1] > 0.85


def test_a_sample_gives_nearly_the_curves_of_all(monkeypatch):
    table, _, _ = examination(np.random.default_rng(4), rooms=120)
    whole = fit_curves(table, np.random.default_rng(0))

    monkeypatch.setattr("thucchat.engine.measurement.forensics.model.LARGEST_SAMPLE", 1500)
    part = fit_curves(table, np.random.default_rng(0))

    at = np.abs(GRID) < 1.5
    assert len(part.place) == len(table.codes)
    assert np.abs(part.p - whole.p)[at].max() < 0.12


def test_probabilities_add_up_and_vanish_for_options_that_do_not_exist():
    exists = np.array([[True, True, False]])

    p = np.exp(log_curves(np.ones((1, 3, 2)), exists, NODES))

    assert p.sum(axis=2) == pytest.approx(1)
    assert (p[:, 0, 2] == 0).all()


def test_nobody_is_placed_by_what_was_not_answered():
    table, _, _ = examination(np.random.default_rng(5))
    log_p = np.log(fit_curves(table, np.random.default_rng(0)).p)
    halved = table.codes.copy()
    halved[:, 15:] = -1

    place = likeliest(answers(halved), log_p)

    assert place.tolist() == likeliest(answers(halved[:, :15]), log_p[:, :15]).tolist()


def test_too_few_persons_are_refused():
    with pytest.raises(NoResult) as refusal:
        fit_curves(answers(np.zeros((19, 30), np.int8)), np.random.default_rng(0))

    assert refusal.value.code == "persons.few"
