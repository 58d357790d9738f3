import numpy as np
import pytest
from scipy.optimize import linprog

from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.growth.percentiles import curves as module
from thucchat.engine.growth.percentiles.curves import TAUS, growth_curves
from thucchat.engine.growth.percentiles.splines import design


def cohort(pupils, seed=0, grid=None):
    """Scores and two priors of one ability, on the 0-10 scale; on a grid where asked."""
    rng = np.random.default_rng(seed)
    ability = rng.standard_normal(pupils)
    scores, *priors = (5.5 + 1.6 * (0.9 * ability + 0.45 * rng.standard_normal(pupils)) for _ in range(3))
    table = np.column_stack([scores, *priors])
    if grid:
        table = np.clip(np.round(table / grid) * grid, 0, 10)
    return table[:, 0], table[:, 1:]


def losses(curves, scores, priors):
    residual = scores[:, None] - design(curves.bases, priors) @ curves.coefficients.T
    return (residual * (curves.taus - (residual < 0))).sum(axis=0)


@pytest.mark.parametrize("grid", [None, 0.25])
def test_every_curve_reaches_the_loss_of_an_independent_solver(grid):
    scores, priors = cohort(600, grid=grid)
    taus = TAUS[::11]

    found = growth_curves(scores, priors, taus=taus)

    X = design(found.bases, priors)
    best = []
    for tau in taus:
        answer = linprog(-scores, A_eq=X.T, b_eq=(1 - tau) * X.sum(axis=0), bounds=(0, 1))
        residual = scores + X @ answer.eqlin.marginals
        best.append((residual * (tau - (residual < 0))).sum())
    assert found.converged
    assert losses(found, scores, priors) == pytest.approx(best, rel=1e-8)


def test_looking_only_at_the_band_changes_nothing(monkeypatch):
    scores, priors = cohort(5000, grid=0.25)
    banded = growth_curves(scores, priors)
    monkeypatch.setattr(module, "BAND", 5000)

    whole = growth_curves(scores, priors)

    assert losses(banded, scores, priors) == pytest.approx(losses(whole, scores, priors), rel=1e-9)


def test_the_share_of_pupils_below_each_curve_is_its_quantile():
    scores, priors = cohort(3000, seed=3)

    values = growth_curves(scores, priors).values(priors)

    assert (scores[:, None] < values).mean(axis=0) == pytest.approx(TAUS, abs=0.007)


def test_curves_do_not_cross():
    scores, priors = cohort(300, seed=4)

    assert (np.diff(growth_curves(scores, priors).values(priors), axis=1) >= 0).all()


def test_priors_that_say_the_same_are_used_once():
    scores, priors = cohort(800, seed=5)
    doubled = np.column_stack([priors[:, 0], 2 * priors[:, 0] + 3])

    once, twice = growth_curves(scores, priors[:, :1]), growth_curves(scores, doubled)

    assert twice.values(doubled) == pytest.approx(once.values(priors[:, :1]), abs=1e-5)


def test_a_prior_with_four_distinct_scores_is_fitted_by_its_cells():
    rng = np.random.default_rng(6)
    priors = rng.integers(0, 4, (2001, 1)).astype(float)
    scores = priors[:, 0] + rng.standard_normal(2001)

    median = growth_curves(scores, priors, taus=np.array([0.5])).values(priors)[:, 0]

    for cell in range(4):
        inside = priors[:, 0] == cell
        assert median[inside] == pytest.approx(np.median(scores[inside]), abs=0.02)


@pytest.mark.parametrize(
    ("pupils", "change", "error", "code"),
    [
        (100, lambda table: table.__setitem__((3, 0), np.nan), InvalidInput, "missing"),
        (100, lambda table: table.__setitem__((slice(None), 1), 5.0), InvalidInput, "constant"),
        (40, lambda _: None, NoResult, "few"),
        (3, lambda _: None, NoResult, "few"),
    ],
)
def test_what_carries_no_curves_is_refused(pupils, change, error, code):
    scores, priors = cohort(pupils)
    table = np.column_stack([scores, priors])
    change(table)
    with pytest.raises(error) as refusal:
        growth_curves(table[:, 0], table[:, 1:])
    assert refusal.value.code == f"percentiles.{code}"
