import numpy as np
import pytest
from scipy.optimize import linprog

from tests.engine.growth.percentiles.test_curves import cohort
from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.percentiles.curves import TAUS, growth_curves
from thucchat.engine.growth.percentiles.scores import Absence, growth_percentiles, percentile_of
from thucchat.engine.growth.percentiles.splines import design


@pytest.mark.parametrize("grid", [None, 0.25])
def test_percentiles_are_those_of_an_independent_quantile_regression(grid):
    scores, priors = cohort(1500, seed=8, grid=grid)
    X = design(growth_curves(scores, priors).bases, priors)
    planes = [
        -linprog(-scores, A_eq=X.T, b_eq=(1 - tau) * X.sum(axis=0), bounds=(0, 1)).eqlin.marginals
        for tau in TAUS
    ]
    tie = 1e-6 * np.ptp(scores)
    expected = np.clip((np.sort(X @ np.transpose(planes), axis=1) < scores[:, None] - tie).sum(axis=1), 1, 99)

    found = growth_percentiles(scores, priors)

    assert found.converged
    assert (np.abs(found.percentile - expected) <= 1).mean() >= 0.99


def test_a_pupil_on_a_curve_is_not_above_it():
    scores, priors = cohort(500, seed=9)
    curves = growth_curves(scores, priors)
    on_curve = curves.values(priors)[:, 30]

    found = percentile_of(curves, on_curve, priors, tie=1e-6)

    assert (found <= 30).all()
    assert np.median(found) == 30


def test_percentiles_are_spread_evenly_and_do_not_depend_on_the_start():
    scores, priors = cohort(5000, seed=10)

    found = growth_percentiles(scores, priors).percentile

    assert np.histogram(found, bins=10, range=(0.5, 99.5))[0] / 5000 == pytest.approx([0.1] * 10, abs=0.015)
    low = priors[:, 0] < np.quantile(priors[:, 0], 0.1)
    assert found[low].mean() == pytest.approx(50, abs=2)


def test_a_pupil_without_one_prior_is_compared_on_the_other():
    scores, priors = cohort(2000, seed=11)
    priors[:50, 1] = np.nan
    priors[50] = np.nan
    scores[51] = np.nan

    found = growth_percentiles(scores, priors)

    alone = growth_curves(
        scores[np.isfinite(scores) & np.isfinite(priors[:, 0])],
        priors[np.isfinite(scores) & np.isfinite(priors[:, 0]), :1],
    )
    assert (
        found.percentile[:50].tolist()
        == percentile_of(alone, scores[:50], priors[:50, :1], tie=1e-5).tolist()
    )
    assert found.priors_used[[0, 50, 52]].tolist() == [1, 0, 2]
    assert found.reason[50:53] == [Absence.PRIOR, Absence.SCORE, Absence.NONE]
    assert np.isfinite(found.percentile).tolist() == [reason is Absence.NONE for reason in found.reason]


def test_too_few_pupils_alike_is_said_and_not_guessed():
    scores, priors = cohort(60, seed=12)
    priors[:20, 0] = np.nan

    found = growth_percentiles(scores, priors)

    assert set(found.reason) == {Absence.COHORT, Absence.NONE}
    assert np.isnan(found.percentile[found.priors_used == 2]).all()


def test_a_cohort_above_its_reference_has_high_percentiles():
    scores, priors = cohort(2000, seed=13)
    later, later_priors = cohort(2000, seed=14)

    found = growth_percentiles(later + 0.7, later_priors, reference=(scores, priors)).percentile
    own = growth_percentiles(later + 0.7, later_priors).percentile

    assert found.mean() > 65
    assert own.mean() == pytest.approx(50, abs=1)


def test_scores_and_priors_must_belong_together():
    with pytest.raises(InvalidInput) as refusal:
        growth_percentiles(np.ones(3), np.ones((4, 1)))
    assert refusal.value.code == "percentiles.shape"
