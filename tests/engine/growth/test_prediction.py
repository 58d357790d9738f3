import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from thucchat.engine.errors import EngineError
from thucchat.engine.growth.prediction import PULL, chance_model, mark_model
from thucchat.engine.growth.prediction_score import score_chances


def pupils(seed, count=3000, slope=2.0):
    rng = np.random.default_rng(seed)
    ability = rng.normal(0, 1, count)
    signals = 5 + 1.5 * (ability[:, None] + rng.normal(0, 0.6, (count, 3)))
    chance = expit(1.5 + slope * ability)
    return signals, rng.random(count) < chance, 5.5 + 1.4 * ability + rng.normal(0, 0.5, count)


def test_coefficients_are_the_penalised_optimum_of_another_optimiser():
    signals, passed, _ = pupils(1)
    model = chance_model(signals, passed, rng=np.random.default_rng(0))
    X = np.column_stack([np.ones(len(signals)), (signals - signals.mean(axis=0)) / signals.std(axis=0)])

    def cost(b):
        logit = X @ b
        return np.logaddexp(0, logit).sum() - logit[passed].sum() + PULL / 2 * b[1:] @ b[1:]

    best = minimize(cost, np.zeros(4), method="BFGS", options={"gtol": 1e-6})
    assert model.converged
    assert model.coefficients == pytest.approx(best.x, abs=1e-4)


def test_chances_hold_on_next_years_pupils():
    model = chance_model(*pupils(2)[:2], rng=np.random.default_rng(0))
    signals, passed, _ = pupils(3, count=6000)

    score = score_chances(model.chances(signals), passed)

    assert score.skill > 0.15
    assert score.reliability < 0.002
    inside = [entry.low <= entry.predicted <= entry.high for entry in score.curve]
    assert sum(inside) >= 7


def test_a_survey_that_separates_all_still_gives_finite_chances():
    signals = np.linspace(0, 10, 200)[:, None]

    model = chance_model(signals, signals[:, 0] > 3, rng=np.random.default_rng(0))

    chances = model.chances(np.array([[0.0], [3.0], [10.0], [np.nan]]))
    assert (np.diff(chances[:3]) > 0).all()
    assert np.isnan(chances[3])


def test_mark_intervals_cover_next_years_marks():
    signals, _, marks = pupils(4)
    model = mark_model(signals, marks)
    new_signals, _, new_marks = pupils(5)

    expected, half = model.marks(new_signals)

    assert (np.abs(new_marks - expected) <= half).mean() == pytest.approx(0.9, abs=0.02)
    X = np.column_stack([np.ones(len(signals)), signals])
    assert model.coefficients == pytest.approx(np.linalg.lstsq(X, marks, rcond=None)[0])


@pytest.mark.parametrize(
    ("signals", "passed", "code"),
    [
        (np.random.default_rng(0).random((100, 1)), np.ones(100, dtype=bool), "one_outcome"),
        (np.random.default_rng(0).random((30, 1)), np.arange(30) > 9, "few"),
        (np.ones((100, 1)), np.arange(100) > 9, "constant"),
        (np.full((100, 1), np.nan), np.arange(100) > 9, "missing"),
    ],
)
def test_what_teaches_nothing_is_refused(signals, passed, code):
    with pytest.raises(EngineError) as refusal:
        chance_model(signals, passed, rng=np.random.default_rng(0))
    assert refusal.value.code == f"prediction.{code}"


def test_missing_marks_are_refused():
    with pytest.raises(EngineError) as refusal:
        mark_model(np.random.default_rng(0).random((50, 1)), np.full(50, np.nan))
    assert refusal.value.code == "prediction.missing"
