from dataclasses import replace

import numpy as np
import pytest

from tests.engine.measurement.equating.worlds import common_item_forms
from thucchat.engine.measurement.equating.linear import (
    chained_linear,
    levine,
    match_means,
    match_two_moments,
    tucker,
)
from thucchat.engine.measurement.equating.moments import joint_moments

WEIGHTS = [0.0, 0.3, 1.0]


@pytest.fixture
def moments():
    return tuple(joint_moments(form, form.shares) for form in common_item_forms())


def lines(x, y, weight):
    return [
        tucker(x, y, weight).line,
        levine(x, y, weight, internal=True).line,
        levine(x, y, weight, internal=False).line,
        chained_linear(x, y),
    ]


@pytest.mark.parametrize("weight", WEIGHTS)
def test_equal_groups_on_the_anchor_leave_plain_linear_equating(moments, weight):
    x, y = moments
    x = replace(x, anchor_mean=y.anchor_mean, anchor_variance=y.anchor_variance)

    plain = match_two_moments((x.mean, x.variance), (y.mean, y.variance))

    for line in (tucker(x, y, weight).line, levine(x, y, weight, internal=True).line, chained_linear(x, y)):
        assert (line.slope, line.intercept) == pytest.approx((plain.slope, plain.intercept))


@pytest.mark.parametrize("weight", WEIGHTS)
def test_equating_back_is_the_inverse_line(moments, weight):
    for there, back in zip(lines(*moments, weight), lines(*moments[::-1], 1 - weight), strict=True):
        assert back.slope == pytest.approx(1 / there.slope)
        assert back.intercept == pytest.approx(-there.intercept / there.slope)


def test_tucker_is_the_regression_of_each_group_carried_to_the_other():
    x, y = common_item_forms()
    first, second = (joint_moments(form, form.shares) for form in (x, y))
    slope = first.covariance / first.anchor_variance
    of_y_group = first.mean + slope * (second.anchor_mean - first.anchor_mean)
    residual = first.variance - slope**2 * first.anchor_variance

    synthetic = tucker(first, second, 0.0)

    assert synthetic.mean_x == pytest.approx(float(of_y_group))
    assert synthetic.variance_x == pytest.approx(float(residual + slope**2 * second.anchor_variance))


def test_mean_equating_shifts_by_the_difference_of_means():
    assert match_means(np.array(12.0), np.array(10.5)).at(np.array([0.0, 8.0])).tolist() == [-1.5, 6.5]
