import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.measurement.responses import (
    MISSING,
    designs,
    linked_parts,
    responses_from_scores,
    usable,
)

cells = st.sampled_from([np.nan, 0.0, 0.25, 1.0, 2.0])


@given(arrays(float, (6, 3), elements=cells))
def test_points_survive_the_way_through_categories(scores):
    data = responses_from_scores([*"abc"], scores)

    assert np.array_equal(data.points(), scores, equal_nan=True)


def test_categories_are_counted_from_the_lowest_score_seen():
    data = responses_from_scores(["a"], np.array([[1.0], [3.0], [2.0], [np.nan]]))

    assert data.codes.tolist() == [[0, 2, 1, MISSING]]
    assert data.scores == ((1, 2, 3),)
    assert not data.caveats


def test_a_score_that_nobody_reached_is_told():
    data = responses_from_scores(["a", "b"], np.array([[0.0, 0], [3.0, 1], [2.0, 0]]))

    assert data.codes[0].tolist() == [0, 2, 1]
    assert "“" not in data.caveats[0]
    assert "ở: a;" in data.caveats[0]


@pytest.mark.parametrize(
    ("items", "scores", "code"),
    [
        (["a", "a"], np.eye(2), "items.duplicate"),
        (["a"], np.eye(2), "scores.shape"),
        (["a"], np.arange(100.0)[:, None], "scores.many"),
    ],
)
def test_tables_that_are_no_responses_are_refused(items, scores, code):
    with pytest.raises(InvalidInput) as refusal:
        responses_from_scores(items, scores)
    assert refusal.value.code == code


def test_what_carries_no_information_is_left_out():
    scores = np.array([[0, 1, np.nan, 0], [1, 1, np.nan, 1], [np.nan] * 4])

    kept = usable(responses_from_scores([*"abcd"], scores))

    assert kept.responses.items == ("a", "d")
    assert kept.persons.tolist() == [True, True, False]
    assert len(kept.caveats) == 3


def test_one_item_is_not_a_test():
    with pytest.raises(NoResult) as refusal:
        usable(responses_from_scores(["a", "b"], np.array([[0, 1.0], [1, 1.0]])))
    assert refusal.value.code == "items.few"


def test_designs_are_the_different_sets_of_items():
    scores = np.array([[1, 1, np.nan], [np.nan, 1, 1], [0, 0, np.nan]])
    found = designs(responses_from_scores([*"abc"], scores))

    assert found.presented[found.of_person].tolist() == (~np.isnan(scores)).tolist()
    assert len(found.presented) == 2


def test_items_are_linked_through_persons_and_through_other_items():
    n = np.nan
    chain = np.array([[1, 0, n, n], [n, 1, 0, n], [n, n, 1, 0]])
    apart = np.array([[1, 0, n, n], [n, n, 0, 1]])

    assert len(linked_parts(responses_from_scores([*"abcd"], chain))) == 1
    parts = linked_parts(responses_from_scores([*"abcd"], apart))
    assert [part.tolist() for part in parts] == [[0, 1], [2, 3]]
