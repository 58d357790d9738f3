import numpy as np
import pytest
from scipy.stats import ttest_ind, ttest_rel

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth import policy
from thucchat.engine.growth.policy import policy_effect


def districts(seed, count=12, step=0.0, trend=0.0):
    rng = np.random.default_rng(seed)
    years = np.arange(4)
    return (
        5
        + rng.normal(0, 0.6, (count, 1))
        + trend * years
        + step * (years >= 2)
        + rng.normal(0, 0.15, (count, 4))
    )


def test_before_and_after_is_the_paired_t_test():
    series = districts(1, step=0.3)

    found = policy_effect(series).before_after

    expected = ttest_rel(series[:, 2:].mean(axis=1), series[:, :2].mean(axis=1))
    assert found.p_value == pytest.approx(expected.pvalue)
    assert [found.low, found.high] == pytest.approx(list(expected.confidence_interval(0.9)))


def test_the_step_of_the_interrupted_series_leaves_a_straight_trend_out():
    exact = np.tile([1.0, 1.5, 3.0, 3.5], (3, 1)) + np.arange(3)[:, None]

    found = policy_effect(exact)

    # Half a point a year, and one point more from the third year on.
    assert found.step.estimate == pytest.approx(1)
    assert found.drift.estimate == pytest.approx(0.5)
    assert found.before_after.estimate == pytest.approx(2)


def test_difference_in_differences_is_welchs_comparison_of_changes():
    series, others = districts(2, step=0.4, trend=0.2), districts(3, count=9, trend=0.2)

    found = policy_effect(series, others)

    changes = [table[:, 2:].mean(axis=1) - table[:, :2].mean(axis=1) for table in (series, others)]
    expected = ttest_ind(*changes, equal_var=False)
    assert found.difference.estimate == pytest.approx(changes[0].mean() - changes[1].mean())
    assert found.difference.p_value == pytest.approx(expected.pvalue)
    assert found.difference.estimate == pytest.approx(0.4, abs=0.2)


def test_what_it_cannot_show_is_part_of_the_result():
    alone = policy_effect(districts(4))
    compared = policy_effect(districts(5), districts(6, count=5))

    assert set(alone.cautions) == {policy.ALONE, policy.TREND, policy.DELAY, policy.CHOSEN}
    assert set(compared.cautions) == {
        *(policy.PARALLEL, policy.TREND, policy.DELAY, policy.CHOSEN, policy.SCARCE)
    }


def test_groups_that_already_moved_apart_are_pointed_out():
    moved = districts(7)
    moved[:, 1:] += 1

    found = policy_effect(moved, districts(8))

    assert found.placebo.p_value < 0.01
    assert policy.APART in found.cautions


def test_intervals_cover_the_true_difference():
    covered = 0
    for seed in range(500):
        found = policy_effect(districts(2 * seed, step=0.3), districts(2 * seed + 1)).difference
        covered += found.low <= 0.3 <= found.high
    assert covered / 500 == pytest.approx(0.9, abs=0.03)


def test_units_that_never_vary_have_a_certain_change():
    found = policy_effect(np.tile([1.0, 1, 2, 2], (3, 1))).before_after

    assert (found.estimate, found.error, found.p_value) == (1, 0, 0)


@pytest.mark.parametrize(
    ("series", "code"),
    [(np.ones((5, 3)), "years"), (np.ones((1, 4)), "units"), (np.full((5, 4), np.nan), "missing")],
)
def test_what_cannot_be_read_is_refused(series, code):
    with pytest.raises(InvalidInput) as refusal:
        policy_effect(series)
    assert refusal.value.code == f"policy.{code}"
