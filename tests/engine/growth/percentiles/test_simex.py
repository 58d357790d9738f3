import numpy as np
import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.percentiles.curves import growth_curves
from thucchat.engine.growth.percentiles.scores import percentile_of
from thucchat.engine.growth.percentiles.simex import corrected_curves


def schools(reliability, pupils=4000, seed=30):
    """Two kinds of school that add the same; the first takes pupils one standard deviation lower."""
    rng = np.random.default_rng(seed)
    unit = np.repeat([0, 1], pupils // 2)
    true = rng.standard_normal(pupils) + unit - 0.5
    scores = 5 + 1.5 * (0.8 * true + 0.6 * rng.standard_normal(pupils))
    error = np.sqrt(true.var() * (1 / reliability - 1))
    return scores, (true + error * rng.standard_normal(pupils))[:, None], np.full((pupils, 1), error), unit


def test_the_advantage_of_schools_that_take_strong_pupils_is_taken_away():
    scores, priors, errors, unit = schools(0.8)
    naive = percentile_of(growth_curves(scores, priors), scores, priors, tie=0)
    curves = corrected_curves(scores, priors, errors, replicates=4, rng=np.random.default_rng(1))

    corrected = percentile_of(curves, scores, priors, tie=0)

    before, after = (found[unit == 1].mean() - found[unit == 0].mean() for found in (naive, corrected))
    assert before > 6
    assert abs(after) < before / 3


def test_without_error_to_correct_the_call_is_refused():
    scores, priors, errors, _ = schools(0.8, pupils=200)
    for bad in (0 * errors, -errors, errors * np.nan):
        with pytest.raises(InvalidInput) as refusal:
            corrected_curves(scores, priors, bad, rng=np.random.default_rng(1))
        assert refusal.value.code == "simex.errors"


def test_a_tiny_error_changes_next_to_nothing():
    scores, priors, errors, _ = schools(0.8, pupils=1500)

    curves = corrected_curves(scores, priors, 1e-4 * errors, replicates=2, rng=np.random.default_rng(1))

    grid = np.linspace(-2, 2, 9)[:, None]
    assert curves.values(grid)[:, 10:90] == pytest.approx(
        growth_curves(scores, priors).values(grid)[:, 10:90], abs=0.05
    )
