import numpy as np
import pytest

from tests.engine.measurement.dif.worlds import in_steps, two_groups
from thucchat.engine.measurement.dif.likelihood_ratio import compare, likelihood_ratio_item, varies_in_both


@pytest.fixture(scope="module")
def planted():
    return two_groups(persons=1500, items=12, planted={3: 0.8})


def test_a_planted_shift_is_measured_on_the_delta_scale(planted):
    result = likelihood_ratio_item(compare(planted, "rasch"), 3)

    assert result.effect == pytest.approx(-2.35 * 0.8, abs=2.5 * result.effect_error)
    assert result.degrees_of_freedom == 1
    # The Wald test and the likelihood-ratio test agree in large samples.
    assert result.statistic == pytest.approx((result.effect / result.effect_error) ** 2, rel=0.1)


def test_slopes_may_differ_too_under_the_two_parameter_model(planted):
    result = likelihood_ratio_item(compare(planted, "2pl"), 3)

    assert result.degrees_of_freedom == 2
    assert result.p < 1e-5


def test_items_in_steps_have_as_many_degrees_of_freedom_as_steps(planted):
    result = likelihood_ratio_item(compare(in_steps(planted, 3), "rasch"), 3)

    assert result.degrees_of_freedom == 2
    assert result.effect < 0


def test_responses_missing_by_design_leave_the_effect_where_it_was(planted):
    scores = planted.scores.copy()
    scores[::2, 6:] = np.nan
    data = type(planted)(planted.items, scores, planted.focal)

    result = likelihood_ratio_item(compare(data, "rasch"), 3)

    assert result.effect == pytest.approx(-2.35 * 0.8, abs=3 * result.effect_error)


def test_an_item_that_does_not_vary_in_one_group_is_named(planted):
    scores = planted.scores.copy()
    scores[planted.focal, 5] = 1

    assert np.flatnonzero(~varies_in_both(type(planted)(planted.items, scores, planted.focal))).tolist() == [
        5
    ]
