import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ttest_1samp

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.gap import ALIKE, expected_marks, gaps

ONE_SUBJECT = np.zeros(2000, dtype=np.int64)


def candidates(seed, count=300, units=6):
    rng = np.random.default_rng(seed)
    scores = np.clip(np.round(4 * rng.normal(5.5, 1.6, count)) / 4, 0, 10)
    marks = np.clip(np.round(0.6 * scores + 3 + rng.normal(0, 0.8, count), 1), 0, 10)
    return marks, scores, rng.integers(0, units, count)


def found(marks, scores, unit, **options):
    options = {"units": int(unit.max()) + 1, "minimum": 2} | options
    return gaps(marks, scores, unit, ONE_SUBJECT[: len(marks)], **options)


def test_the_raw_gap_is_the_difference_of_means_on_the_same_candidates():
    marks, scores = np.array([8, 7, 9, np.nan, 6.0]), np.array([6, 6.5, np.nan, 3, 5.5])

    result = found(marks, scores, np.zeros(5, dtype=int))

    # Only the first, second and last have both: (8 + 7 + 6) / 3 - (6 + 6.5 + 5.5) / 3.
    assert result.count.tolist() == [3]
    assert (result.mark_mean[0], result.score_mean[0]) == (7, 6)
    assert result.gap[0] == pytest.approx(1)


@given(st.integers(0, 2**32 - 1))
def test_strictness_spread_and_order_add_up_to_the_mean_squared_difference(seed):
    marks, scores, unit = candidates(seed)

    result = found(marks, scores, unit)

    for code in range(6):
        own = unit == code
        assert result.mean_square[code] == pytest.approx(((marks - scores)[own] ** 2).mean())
        correlation = np.corrcoef(marks[own], scores[own])[0, 1]
        order = 2 * marks[own].std() * scores[own].std() * (1 - correlation)
        assert result.order[code] == pytest.approx(order, abs=1e-9)
    assert result.strictness + result.spread + result.order == pytest.approx(result.mean_square, abs=1e-12)


def test_the_conditional_gap_is_that_to_all_candidates_with_the_same_score():
    rng = np.random.default_rng(1)
    scores = rng.choice([2.0, 5, 8], 900)
    marks = rng.uniform(4, 9, 900)
    unit = rng.integers(0, 5, 900)

    result = found(marks, scores, unit)

    usual = {score: marks[scores == score].mean() for score in (2.0, 5, 8)}
    for code in range(5):
        own = unit == code
        difference = marks[own] - [usual[score] for score in scores[own]]
        assert result.conditional[code] == pytest.approx(difference.mean())
        interval = ttest_1samp(difference, 0).confidence_interval(0.9)
        assert [result.conditional_low[code], result.conditional_high[code]] == pytest.approx(list(interval))


def test_a_school_of_weak_pupils_marked_as_everywhere_has_a_raw_gap_but_no_conditional_one():
    rng = np.random.default_rng(2)
    unit = np.repeat([0, 1], 1000)
    scores = np.clip(np.round(4 * rng.normal(np.where(unit == 0, 4, 6.5), 1)) / 4, 0, 10)
    marks = 0.5 * scores + 4 + rng.normal(0, 0.5, 2000)

    result = found(marks, scores, unit)

    assert result.gap[0] - result.gap[1] > 1
    assert np.abs(result.conditional).max() < 0.05


@settings(max_examples=50)
@given(st.lists(st.sampled_from(np.arange(0, 10.25, 0.25).tolist()), min_size=1, max_size=400))
def test_every_yardstick_group_is_large_and_holds_neighbouring_scores(scores):
    scores = np.array(scores)
    marks = np.arange(len(scores), dtype=float)

    expected = expected_marks(marks, scores, ONE_SUBJECT[: len(scores)])

    values, sizes = np.unique(expected, return_counts=True)
    assert sizes.min() >= min(ALIKE, len(scores))
    assert expected.mean() == pytest.approx(marks.mean())
    order = np.argsort(scores, kind="stable")
    changes = (np.diff(expected[order]) != 0).sum()
    assert changes == len(values) - 1


def test_yardsticks_of_subjects_are_kept_apart():
    marks = np.concatenate([np.full(50, 9.0), np.full(50, 5.0)])
    subject = np.repeat([0, 1], 50)

    assert expected_marks(marks, np.full(100, 5.0), subject).tolist() == marks.tolist()


def test_small_units_get_no_result():
    result = found(*candidates(5, units=6)[:2], np.repeat([0, 1], [295, 5]), minimum=10)

    assert result.enough.tolist() == [True, False]
    assert result.count.tolist() == [295, 5]
    assert np.isnan([result.gap[1], result.conditional_low[1], result.order[1]]).all()


@pytest.mark.parametrize(
    ("marks", "scores", "code"), [([np.nan, 5], [5, np.nan], "gap.none"), ([5, 55], [5, 5], "gap.scale")]
)
def test_what_has_no_gap_is_refused(marks, scores, code):
    with pytest.raises(InvalidInput) as refusal:
        found(np.array(marks, dtype=float), np.array(scores, dtype=float), np.zeros(2, dtype=int))
    assert refusal.value.code == code
