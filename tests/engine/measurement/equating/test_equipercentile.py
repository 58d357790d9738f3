import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.measurement.equating.worlds import ANCHOR, SCALE, common_item_forms
from thucchat.engine.measurement.equating.equipercentile import (
    chained_equipercentile,
    equipercentile,
    frequency_estimation,
    percentile_ranks,
    ranks_at,
    scores_at,
)
from thucchat.engine.measurement.equating.forms import Scale

SEVEN = Scale(0, 6, 1)
full_counts = st.lists(st.integers(1, 50), min_size=7, max_size=7)
any_counts = st.lists(st.integers(0, 50), min_size=7, max_size=7).filter(any)


def shares(counts):
    return np.array(counts, float) / sum(counts)


def quantile_by_interpolation(rank, counts):
    """Inverse of the cumulative polygon, for distributions without empty scores."""
    return np.interp(rank, np.concatenate([[0], np.cumsum(shares(counts))]), np.arange(8) - 0.5)


@given(full_counts, full_counts)
def test_equivalents_are_the_inverse_of_the_cumulative_polygon(x, y):
    ranks = np.cumsum(shares(x)) - shares(x) / 2

    assert equipercentile(SEVEN, shares(x), shares(y)) == pytest.approx(quantile_by_interpolation(ranks, y))


@given(full_counts)
def test_a_form_is_equivalent_to_itself(counts):
    assert equipercentile(SEVEN, shares(counts), shares(counts)) == pytest.approx(np.arange(7.0))


@given(any_counts, any_counts)
def test_equivalents_never_fall_and_stay_within_half_a_step_of_the_scale(x, y):
    equivalents = equipercentile(SEVEN, shares(x), shares(y))

    assert (np.diff(equivalents) >= -1e-9).all()
    assert -0.5 <= equivalents.min() <= equivalents.max() <= 6.5


@given(full_counts, st.floats(-0.5, 6.5))
def test_rank_and_score_are_inverse(counts, score):
    rank = ranks_at(np.array([score]), SEVEN, shares(counts))

    assert scores_at(rank, SEVEN, shares(counts)) == pytest.approx([score], abs=1e-7)


def test_a_rank_shared_by_empty_scores_gives_their_middle():
    half = scores_at(np.array([0.5]), SEVEN, shares([0, 4, 0, 0, 4, 0, 0]))

    assert half.tolist() == [2.5]


def test_ranks_of_a_batch_are_those_of_its_members():
    batch = np.stack([shares([1, 2, 3, 4, 5, 6, 7]), shares([7, 6, 5, 4, 3, 2, 1])])

    together = equipercentile(SEVEN, batch, batch[::-1])

    assert together[1].tolist() == equipercentile(SEVEN, batch[1], batch[0]).tolist()


def test_chaining_is_two_equatings_one_after_the_other():
    x, y = common_item_forms()
    to_anchor = equipercentile(ANCHOR, x.shares.sum(axis=1), x.shares.sum(axis=0))
    ranks = ranks_at(to_anchor, ANCHOR, y.shares.sum(axis=0))

    chained = chained_equipercentile((ANCHOR, SCALE), x.shares, y.shares)

    assert chained.tolist() == scores_at(ranks, SCALE, y.shares.sum(axis=1)).tolist()


def test_frequency_estimation_follows_its_definition_cell_by_cell():
    x, y = common_item_forms()
    expected = np.zeros(31)
    for score in range(31):
        for anchor in range(11):
            conditional = x.shares[score, anchor] / x.shares[:, anchor].sum()
            expected[score] += 0.25 * x.shares[score, anchor]
            expected[score] += 0.75 * conditional * y.shares[:, anchor].sum()

    synthetic_x, synthetic_y = frequency_estimation(x.shares, y.shares, 0.25)

    assert synthetic_x == pytest.approx(expected)
    assert synthetic_y.sum() == pytest.approx(1)


def test_all_weight_on_one_group_leaves_its_own_distribution():
    x, y = common_item_forms()

    assert frequency_estimation(x.shares, y.shares, 1.0)[0] == pytest.approx(x.shares.sum(axis=1))
    assert percentile_ranks(x.shares.sum(axis=1))[-1] <= 1
