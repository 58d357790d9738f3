import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, ttest_ind

from thucchat.engine.growth.gap import gaps
from thucchat.engine.growth.gap_change import false_discovery, gap_fall


def year(seed, units, leniency, pupils=40):
    rng = np.random.default_rng(seed)
    unit = np.repeat(np.arange(units), pupils)
    scores = np.clip(rng.normal(5, 1.5, len(unit)), 0, 10)
    marks = np.clip(scores + np.asarray(leniency)[unit] + rng.normal(0, 0.7, len(unit)), 0, 10)
    return gaps(marks, scores, unit, np.zeros_like(unit), units=units), (marks - scores).reshape(
        units, pupils
    )


def test_the_test_is_welchs_one_sided():
    before, first = year(1, 5, np.full(5, 1.0))
    after, second = year(2, 5, np.linspace(0, 1, 5))

    change = gap_fall(before, after)

    expected = ttest_ind(first, second, axis=1, equal_var=False, alternative="greater").pvalue
    assert change.p_value == pytest.approx(expected)
    assert change.fall == pytest.approx(first.mean(axis=1) - second.mean(axis=1))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_values_are_those_of_scipy_and_missing_ones_do_not_count(p_values):
    padded = np.concatenate([[np.nan], p_values])

    adjusted = false_discovery(padded)

    assert np.isnan(adjusted[0])
    assert adjusted[1:] == pytest.approx(false_discovery_control(p_values))


def test_false_announcements_stay_below_the_rate_and_true_falls_are_found():
    truth = np.repeat([1.0, 0.0], [20, 80])
    false, found = [], []
    for run in range(60):
        before, _ = year(2 * run, 100, np.full(100, 1.2))
        after, _ = year(2 * run + 1, 100, 1.2 - 0.6 * truth)
        fell = gap_fall(before, after, rate=0.1).fell
        false.append((fell & (truth == 0)).sum() / max(fell.sum(), 1))
        found.append((fell & (truth == 1)).mean() * 5)

    assert np.mean(false) < 0.1
    assert np.mean(found) > 0.85


def test_a_unit_without_both_years_is_not_announced():
    before, _ = year(1, 3, np.full(3, 3.0), pupils=9)
    after, _ = year(2, 3, np.zeros(3))

    change = gap_fall(before, after)

    assert np.isnan(change.q_value).all()
    assert not change.fell.any()
