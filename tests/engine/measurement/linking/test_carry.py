import numpy as np
import pytest

from tests.engine.measurement.linking.worlds import A, B, source_items, target_items
from thucchat.engine.measurement.linking.carry import (
    carry_abilities,
    carry_items,
    chain,
    link_covariance,
    link_error_at,
    mean_change,
)
from thucchat.engine.measurement.linking.constants import estimate_link


@pytest.fixture
def link():
    target = target_items()
    return estimate_link(source_items(target, noise=0.1), target, method="mean-sigma")


def test_carried_items_stand_where_the_target_has_them():
    target = target_items()
    source = source_items(target)
    carried = carry_items(source, estimate_link(source, target))

    assert carried.slopes == pytest.approx(target.slopes, abs=1e-6)
    assert carried.steps == pytest.approx(target.steps, abs=1e-6, nan_ok=True)
    assert source.location_errors is not None
    assert carried.location_errors == pytest.approx(A * source.location_errors, rel=1e-5)


def test_errors_of_a_carried_ability_add_in_squares(link):
    carried = carry_abilities(np.array([-1.0, 2.0]), np.array([0.3, 0.4]), link)

    assert carried.theta == pytest.approx(np.array([-1, 2]) * link.slope + link.intercept)
    assert carried.measurement_error == pytest.approx(link.slope * np.array([0.3, 0.4]))
    assert carried.total_error**2 == pytest.approx(carried.measurement_error**2 + carried.link_error**2)
    covariance = link_covariance(link)
    expected = covariance[1, 1] + 2 * 2 * covariance[0, 1] + 4 * covariance[0, 0]
    assert carried.link_error[1] ** 2 == pytest.approx(expected)


def test_the_link_error_of_a_mean_does_not_shrink_with_the_group(link):
    large = mean_change((0.0, 1e-6), (0.5, 1e-6), link)

    assert large.change == pytest.approx(0.5 * link.slope + link.intercept)
    assert large.total_error == pytest.approx(large.link_error, rel=1e-4)
    assert large.link_error == pytest.approx(float(link_error_at(link, np.array([0.5]))[0]))


def test_a_chain_of_links_carries_step_by_step_and_adds_the_errors(link):
    both = chain(link, link)
    theta = np.array([0.7])
    once = theta * link.slope + link.intercept

    assert theta * both.slope + both.intercept == pytest.approx(once * link.slope + link.intercept)
    by_hand = (link.slope * link_error_at(link, theta)) ** 2 + link_error_at(link, once) ** 2
    assert link_error_at(both, theta) ** 2 == pytest.approx(by_hand, rel=1e-9)
    assert both.estimation_covariance is not None


def test_known_constants_are_recovered(link):
    assert (link.slope, link.intercept) == pytest.approx((A, B), abs=0.15)
