import numpy as np
import pytest

from tests.engine.measurement.raters.worlds import marking
from thucchat.engine.errors import NoResult
from thucchat.engine.measurement.raters.agreement import agreement
from thucchat.engine.measurement.raters.marks import marks_of


def of(pairs):
    scripts = [f"s{place}" for place in range(len(pairs)) for _ in range(2)]
    return agreement(marks_of(scripts, ["a", "b"] * len(pairs), np.array(pairs).ravel()))


def test_shares_count_the_limits_in():
    found = of([(6.5, 6.5), (6.5, 6.25), (7.0, 6.5), (7.0, 6.0), (7.0, 5.5), (7.0, 5.25)])

    assert (found.exact, found.within_quarter, found.within_half) == (1 / 6, 2 / 6, 3 / 6)
    assert (found.from_one, found.above_one_and_half) == (2 / 6, 1 / 6)
    assert found.mean_absolute == pytest.approx(5.0 / 6)


def test_each_marker_is_compared_with_the_partners():
    found = of([(7.0, 6.0), (5.0, 5.0), (6.0, 5.5)])

    one, two = found.raters
    assert one.mean_difference == pytest.approx(0.5)
    assert two.mean_difference == pytest.approx(-0.5)
    assert one.error == pytest.approx(0.5 / np.sqrt(3))


def test_the_correlation_is_that_of_the_analysis_of_variance():
    pairs = np.random.default_rng(1).normal(6, 1, (40, 2)) + np.random.default_rng(2).normal(size=(40, 1))
    between = 2 * ((pairs.mean(axis=1) - pairs.mean()) ** 2).sum() / 39
    within = ((pairs - pairs.mean(axis=1, keepdims=True)) ** 2).sum() / 40

    found = of(pairs)

    assert found.icc_single == pytest.approx((between - within) / (between + within))
    assert found.icc_mean == pytest.approx((between - within) / between)


def test_the_correlation_recovers_the_share_of_true_variance():
    marks, _ = marking(np.random.default_rng(3), scripts=4000, severity=(0.0, 0.0, 0.0), error=0.65)

    assert agreement(marks).icc_single == pytest.approx(1.69 / (1.69 + 0.4225), abs=0.02)


def test_scripts_marked_once_or_thrice_do_not_count():
    marks = marks_of(
        ["s1", "s2", "s2", "s3", "s3", "s4", "s4", "s4"],
        ["a", "a", "b", "a", "b", "a", "b", "c"],
        np.array([1.0, 2, 2, 3, 3, 4, 5, 6]),
    )

    assert agreement(marks).scripts == 2
    assert np.isnan(agreement(marks).raters[2].mean_difference)


def test_single_marking_has_no_agreement():
    with pytest.raises(NoResult) as refusal:
        agreement(marks_of(["s1", "s2"], ["a", "b"], np.ones(2)))

    assert refusal.value.code == "scripts.few"
