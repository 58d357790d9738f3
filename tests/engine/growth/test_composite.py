import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.composite import Scale, composite, scale_of

UNIT_SCALE = Scale(np.zeros(3), np.ones(3))


def test_the_index_is_the_sum_of_the_contributions_shown():
    result = composite(np.array([[1, 2, 3], [3, 2, -1.0]]), np.array([1, 1, 2]), UNIT_SCALE)

    assert result.weights.tolist() == [0.25, 0.25, 0.5]
    assert result.contributions.tolist() == [[0.25, 0.5, 1.5], [0.75, 0.5, -0.5]]
    assert result.index.tolist() == [2.25, 0.75]
    assert result.rank.tolist() == [1, 2]


def test_an_indicator_where_less_is_better_is_turned():
    indicators = np.array([[5.0, 1.0], [7.0, 2.0], [9.0, 3.0]])

    scale = scale_of(indicators, np.array([True, False]))
    result = composite(indicators, np.array([2.0, 1.0]), scale)

    assert result.rank.tolist() == [3, 2, 1]
    assert result.contributions[0] == pytest.approx([-np.sqrt(1.5) * 2 / 3, np.sqrt(1.5) / 3])


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(2, 12), st.integers(1, 5))
def test_no_weights_within_a_fifth_take_a_unit_out_of_its_range(seed, units, count):
    rng = np.random.default_rng(seed)
    indicators, weights = rng.standard_normal((units, count)), rng.uniform(0.5, 3, count)
    result = composite(indicators, weights, Scale(np.zeros(count), np.ones(count)))

    assert (result.best <= result.seen_best).all()
    assert (result.seen_best <= result.rank).all()
    assert (result.rank <= result.seen_worst).all()
    assert (result.seen_worst <= result.worst).all()
    for _ in range(20):
        index = indicators @ (weights * rng.uniform(0.8, 1.2, count))
        rank = 1 + (index[:, None] < index).sum(axis=1)
        assert ((result.best <= rank) & (rank <= result.worst)).all()


def test_two_units_that_trade_indicators_can_change_places():
    result = composite(np.array([[1, 0, 0], [0, 1.1, 0]]), np.ones(3), UNIT_SCALE)

    assert result.rank.tolist() == [2, 1]
    assert (result.best.tolist(), result.worst.tolist()) == ([1, 1], [2, 2])
    assert (result.seen_best.tolist(), result.seen_worst.tolist()) == ([1, 1], [2, 2])


def test_a_unit_that_leads_everywhere_leads_under_all_weights():
    result = composite(np.array([[3, 3, 3], [1, 2, 0.0]]), np.ones(3), UNIT_SCALE)

    assert (result.best.tolist(), result.worst.tolist()) == ([1, 2], [1, 2])


def test_a_unit_with_a_missing_indicator_has_no_rank():
    result = composite(np.array([[1, 1, 1], [2, np.nan, 2], [0, 0, 0.0]]), np.ones(3), UNIT_SCALE)

    assert result.rank.tolist() == [1, 0, 2]
    assert np.isnan(result.index[1])


def test_more_indicators_than_corners_can_be_tried_are_moved_one_by_one():
    rng = np.random.default_rng(0)
    result = composite(rng.standard_normal((5, 14)), np.ones(14), Scale(np.zeros(14), np.ones(14)))

    assert (result.best <= result.seen_best).all()
    assert (result.seen_worst <= result.worst).all()


@pytest.mark.parametrize(
    ("indicators", "weights", "code"),
    [
        (np.eye(3), np.array([1, 1, 0.0]), "weights"),
        (np.eye(3), np.ones(2), "weights"),
        (np.full((3, 3), np.nan), np.ones(3), "units"),
    ],
)
def test_what_gives_no_index_is_refused(indicators, weights, code):
    with pytest.raises(InvalidInput) as refusal:
        composite(indicators, weights, UNIT_SCALE)
    assert refusal.value.code == f"composite.{code}"


def test_an_indicator_without_spread_is_refused():
    with pytest.raises(InvalidInput, match="thứ 2") as refusal:
        scale_of(np.array([[1, 5], [2, 5.0]]), np.array([True, True]))
    assert refusal.value.code == "composite.constant"
