from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.growth.mixed.examples import crossed_design, incidence, slow_criterion, slow_parts, term
from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.growth.mixed.checks import check_residuals, predictions
from thucchat.engine.growth.mixed.design import Design
from thucchat.engine.growth.mixed.effects import contributions
from thucchat.engine.growth.mixed.fit import fit_mixed

SHAPES = [{}, {"slopes": True}, {"weights": True}, {"members": True}, {"slopes": True, "members": True}]


@pytest.mark.parametrize("restricted", [True, False])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_log_likelihood_is_the_one_of_the_definition(shape, restricted):
    design = crossed_design(1, **shape)

    fit = fit_mixed(design, restricted=restricted)

    slow = slow_criterion(design, fit.covariances, fit.residual_variance, restricted=restricted)
    assert fit.converged
    assert fit.criterion == pytest.approx(slow, rel=1e-10)
    assert fit.criterion_error == 0


@pytest.mark.parametrize("shape", SHAPES)
def test_no_change_of_a_variance_makes_the_data_likelier(shape):
    design = crossed_design(2, **shape)
    fit = fit_mixed(design)
    best = slow_criterion(design, fit.covariances, fit.residual_variance, restricted=True)

    for place, covariance in enumerate(fit.covariances):
        for factor in (0.97, 1.03):
            changed = list(fit.covariances)
            changed[place] = covariance * factor
            assert slow_criterion(design, changed, fit.residual_variance, restricted=True) >= best - 1e-9
    for factor in (0.97, 1.03):
        assert slow_criterion(design, fit.covariances, fit.residual_variance * factor, restricted=True) > best


@pytest.mark.parametrize("shape", SHAPES)
def test_effects_are_the_conditional_means_and_variances(shape):
    design = crossed_design(3, **shape)
    fit = fit_mixed(design)
    v, z, g = slow_parts(design, fit.covariances, fit.residual_variance)
    inverse = np.linalg.inv(v)

    means = g @ z.T @ inverse @ (design.response - design.fixed @ fit.fixed)
    variances = np.diag(g - g @ z.T @ inverse @ z @ g)

    assert np.concatenate([part.estimates.ravel() for part in fit.effects]) == pytest.approx(means, abs=1e-8)
    errors = np.concatenate([part.errors.ravel() for part in fit.effects])
    assert errors == pytest.approx(np.sqrt(np.maximum(variances, 0)), rel=1e-6, abs=1e-8)
    assert fit.fixed_covariance == pytest.approx(
        np.linalg.inv(design.fixed.T @ inverse @ design.fixed), rel=1e-8
    )


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(-50, 50), st.floats(0.1, 20))
def test_moving_and_stretching_the_scores_moves_and_stretches_the_results(seed, shift, stretch):
    design = crossed_design(seed, rows=90)
    fit = fit_mixed(design)

    other = fit_mixed(replace(design, response=shift + stretch * design.response))

    assert other.residual_variance == pytest.approx(stretch**2 * fit.residual_variance, rel=1e-5)
    assert other.effects[0].estimates == pytest.approx(stretch * fit.effects[0].estimates, abs=1e-4 * stretch)
    assert other.fixed[1] == pytest.approx(stretch * fit.fixed[1], rel=1e-4, abs=1e-6 * stretch)


def test_the_size_of_a_slopes_column_does_not_matter():
    design = crossed_design(4, slopes=True)
    scale = np.array([1.0, 1e4])
    large = replace(design.random[0], columns=design.random[0].columns * scale[:, None])

    fit = fit_mixed(design)
    other = fit_mixed(replace(design, random=(large, *design.random[1:])))

    assert other.criterion == pytest.approx(fit.criterion, abs=1e-6)
    assert other.covariances[0] == pytest.approx(fit.covariances[0] / np.outer(scale, scale), rel=1e-5)


def test_a_model_without_groups_is_least_squares():
    design = replace(crossed_design(5), random=())

    fit = fit_mixed(design)

    beta, rss, *_ = np.linalg.lstsq(design.fixed, design.response, rcond=None)
    assert fit.fixed == pytest.approx(beta)
    assert fit.residual_variance == pytest.approx(rss[0] / (design.rows - 2))


def test_columns_that_repeat_others_are_left_out_and_named():
    design = crossed_design(6)
    doubled = np.column_stack([design.fixed, 3 - 2 * design.fixed[:, 1]])

    fit = fit_mixed(replace(design, fixed=doubled, fixed_names=("(Intercept)", "x", "again")))

    assert fit.dropped == ("again",)
    assert fit.criterion == pytest.approx(fit_mixed(design).criterion)


def test_the_interval_of_a_variance_holds_it_nine_times_in_ten():
    rng = np.random.default_rng(7)
    group = np.repeat(np.arange(60), 8)
    held = 0
    for _ in range(200):
        y = 0.6 * rng.normal(size=60)[group] + rng.normal(size=len(group))
        fit = fit_mixed(Design(y, np.ones((len(y), 1)), ("(Intercept)",), (term("group", group),)))
        held += fit.intervals[0].low < 0.6 < fit.intervals[0].high
    assert 0.84 <= held / 200 <= 0.96


def test_predictions_add_up_the_fixed_part_and_every_effect():
    design = crossed_design(8, slopes=True, members=True)
    fit = fit_mixed(design)

    by_hand = design.fixed @ fit.fixed
    for effects, random in zip(fit.effects, design.random, strict=True):
        by_hand += incidence(random) @ effects.estimates.ravel()

    assert predictions(design, fit) == pytest.approx(by_hand)
    assert sum(contributions(effects) for effects in fit.effects) == pytest.approx(
        by_hand - design.fixed @ fit.fixed
    )


def test_heavy_tails_are_noticed():
    design = crossed_design(9, rows=600)
    wild = design.response + np.random.default_rng(0).standard_t(2, design.rows) * 3

    checks = check_residuals(replace(design, response=wild), fit_mixed(replace(design, response=wild)))

    assert "heavy" in checks.warnings
    assert check_residuals(design, fit_mixed(design)).warnings == ()


@pytest.mark.parametrize("shift", [1e6, 1e9])
def test_a_large_mean_costs_no_digits(shift):
    design = crossed_design(10)
    fit = fit_mixed(design)

    other = fit_mixed(replace(design, response=design.response + shift))

    assert other.criterion == pytest.approx(fit.criterion, rel=1e-6)
    assert other.covariances[0] == pytest.approx(fit.covariances[0], rel=1e-4)


@pytest.mark.parametrize("column", ["fixed", "group"])
def test_results_that_are_told_exactly_leave_nothing_to_compare(column):
    design = crossed_design(11)
    exact = 3 + 2 * design.fixed[:, 1] if column == "fixed" else design.random[0].codes[0].astype(float)

    with pytest.raises(NoResult) as refusal:
        fit_mixed(replace(design, response=exact))
    assert refusal.value.code == "growth.exact"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"response": np.ones(160)}, "constant"),
        ({"weights": np.zeros(160)}, "weights"),
        ({"random": (term("one", np.zeros(160, int)),)}, "level_count"),
        ({"random": (term("each", np.arange(160)),)}, "level_count"),
        ({"fixed": np.random.default_rng(0).normal(size=(160, 160)), "fixed_names": ("a",) * 160}, "rows"),
    ],
)
def test_what_has_no_estimate_is_refused(change, code):
    with pytest.raises(InvalidInput) as refusal:
        fit_mixed(replace(crossed_design(), **change))
    assert refusal.value.code == f"growth.{code}"
