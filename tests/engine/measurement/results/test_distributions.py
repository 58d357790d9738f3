import statistics
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.results.bins import rule_for
from thucchat.engine.measurement.results.distributions import Absences, distribution

score_lists = st.lists(st.integers(0, 1000), min_size=1, max_size=60)


def described(scores, subject="toan", **options):
    """Distribution of candidates' scores given one by one, in hundredths."""
    values, counts = np.unique(np.array(scores, dtype=np.int64), return_counts=True)
    return distribution(subject, values, counts, **options)


@given(score_lists)
def test_the_mean_is_the_decimal_mean_to_the_last_digit(scores):
    exact = Fraction(sum(Decimal(score) / 100 for score in scores)) / len(scores)

    assert described(scores).mean == float(exact)


@given(score_lists.filter(lambda scores: len(scores) > 1))
def test_the_deviation_is_that_of_a_sample(scores):
    assert described(scores).sd == pytest.approx(statistics.stdev(scores) / 100, abs=1e-12)


@given(score_lists)
def test_quantiles_agree_with_linear_interpolation_of_the_ordered_scores(scores):
    found = described(scores)

    expected = np.quantile(np.array(scores) / 100, [one.share for one in found.quantiles], method="linear")
    assert [one.score for one in found.quantiles] == pytest.approx(expected.tolist(), abs=1e-9)
    assert found.median == pytest.approx(statistics.median(scores) / 100)
    assert (found.q1, found.q3) == (found.quantiles[2].score, found.quantiles[4].score)


@given(score_lists, st.sampled_from([20, 25, 50, 100]))
def test_every_candidate_stands_in_one_bin_and_one_point_span(scores, width):
    found = described(scores, width=width)

    assert sum(found.bins) == sum(found.by_point) == found.count == len(scores)
    assert found.bins[-1] == found.ten
    assert found.bins[0] == sum(score < width for score in scores)


def test_shares_count_the_boundary_on_the_side_people_mean():
    found = described([0, 100, 101, 499, 500, 799, 800, 1000])

    shares = (found.below_5, found.from_8, found.at_most_1, found.zero, found.ten)
    assert shares == (4, 2, 2, 1, 1)


def test_ten_belongs_to_the_last_point_span():
    assert described([900, 950, 1000]).by_point == (0, 0, 0, 0, 0, 0, 0, 0, 0, 3)


def test_the_interval_of_the_mean_is_students():
    scores = [400, 550, 600, 725]

    found = described(scores)

    points = np.array(scores) / 100
    expected = stats.t.interval(0.95, 3, points.mean(), stats.sem(points))
    assert (found.mean_low, found.mean_high) == pytest.approx(expected)


def test_one_candidate_has_a_mean_but_no_spread():
    found = described([725])

    assert (found.mean, found.sd, found.mean_low, found.median) == (7.25, None, None, 7.25)


def test_a_subject_nobody_sat_has_no_statistics_and_empty_bins():
    found = described([], absences=Absences(absent=2))

    assert (found.count, found.mean, found.median, found.mode, found.quantiles) == (0, None, None, None, ())
    assert (found.absent, sum(found.bins)) == (2, 0)


def test_the_most_frequent_score_is_the_lowest_of_several():
    assert described([500, 500, 700, 700, 900]).mode == 5.0


def test_bars_follow_the_rule_of_the_year_or_the_marking_step():
    assert described([20, 40], rule=rule_for(2024)).bin_width == 20
    assert described([20, 40], "van", rule=rule_for(2024)).bin_width == 25
    assert described([500, 525]).bin_width == 25
    assert described([520, 540]).bin_width == 20
    assert described([505]).bin_width == 25


def test_a_score_outside_the_scale_is_refused():
    with pytest.raises(InvalidInput) as refusal:
        described([1001])
    assert refusal.value.code == "score.scale"
