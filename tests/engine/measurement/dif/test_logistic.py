import numpy as np
import pytest
from scipy.optimize import minimize

from tests.engine.measurement.dif.worlds import two_groups
from thucchat.engine.measurement.dif.logistic import fit_logistic, logistic_item, nagelkerke

EVERYTHING = np.ones(16, bool)


def test_the_fit_is_the_maximum_that_a_general_optimiser_finds():
    data = two_groups(persons=300)
    design = np.column_stack([np.ones(300), data.scores.sum(axis=1) / 16, data.focal])
    right = data.scores[:, 4]

    def loss(slopes):
        logits = design @ slopes
        return np.logaddexp(0, logits).sum() - right @ logits

    best = minimize(loss, np.zeros(3), method="BFGS", options={"gtol": 1e-7})
    fit = fit_logistic(design, right)

    assert fit is not None
    assert fit.slopes == pytest.approx(best.x, abs=1e-4)
    assert fit.deviance == pytest.approx(2 * best.fun, abs=1e-8)


def test_groups_that_are_told_apart_perfectly_have_no_fit():
    design = np.column_stack([np.ones(20), np.arange(20.0) - 9.5])

    assert fit_logistic(design, (np.arange(20) > 9).astype(float)) is None


def test_both_kinds_are_the_uniform_and_the_non_uniform_part_together():
    data = two_groups(planted={3: 0.6})

    both, uniform, turned = (
        logistic_item(data, 3, EVERYTHING, kind=kind) for kind in ("both", "uniform", "nonuniform")
    )

    assert both.statistic == pytest.approx(uniform.statistic + turned.statistic)
    assert both.uniform == pytest.approx((uniform.statistic, uniform.p))
    assert both.effect == pytest.approx(uniform.effect + turned.effect)
    assert uniform.p < 0.001


def test_a_turned_curve_is_seen_by_the_non_uniform_part():
    data = two_groups(persons=3000, turned={8: 2.5}, apart=0.0)

    result = logistic_item(data, 8, EVERYTHING)

    assert result.non_uniform is not None
    assert result.non_uniform[1] < 0.001


def test_nagelkerke_is_one_for_a_perfect_fit_and_zero_for_none():
    assert nagelkerke(0.0, 100.0, 80) == pytest.approx(1)
    assert nagelkerke(100.0, 100.0, 80) == pytest.approx(0)


def test_an_item_without_variation_is_left_without_a_value():
    data = two_groups()
    data.scores[:, 3] = 0

    assert np.isnan(logistic_item(data, 3, EVERYTHING).p)
