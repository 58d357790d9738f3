import numpy as np
import pytest

from tests.engine.measurement.dif.worlds import two_groups
from thucchat.engine.errors import EngineError
from thucchat.engine.measurement.dif.design import GroupedResponses, check_groups, match


def test_persons_with_equal_sums_share_a_stratum():
    data = two_groups(persons=200)

    matching = match(data, 3, np.ones(16, bool))

    assert matching.score.tolist() == data.scores.sum(axis=1).tolist()
    assert (
        np.unique(np.stack([matching.score, matching.stratum]), axis=1).shape[1]
        == np.unique(matching.score).size
    )


def test_the_studied_item_counts_even_when_it_is_no_anchor():
    data = two_groups(persons=200)
    anchors = np.zeros(16, bool)
    anchors[:4] = True

    assert match(data, 9, anchors).score.tolist() == data.scores[:, [0, 1, 2, 3, 9]].sum(axis=1).tolist()


def test_missing_is_never_zero_and_other_papers_are_other_strata():
    data = two_groups(persons=200)
    scores = data.scores.copy()
    scores[:50, 0] = np.nan
    scores[50:60, 5] = np.nan

    matching = match(GroupedResponses(data.items, scores, data.focal), 5, np.ones(16, bool))

    assert matching.used.sum() == 190
    assert not set(matching.stratum[:50]) & set(matching.stratum[50:])


@pytest.mark.parametrize(
    ("focal", "items", "code"),
    [
        (np.zeros(30, bool), 4, "dif.group"),
        (np.arange(30) < 5, 4, "dif.few"),
        (np.arange(30) < 15, 1, "dif.items"),
    ],
)
def test_groups_that_cannot_be_compared_are_refused(focal, items, code):
    data = GroupedResponses(tuple("abcd"[:items]), np.ones((30, items)), focal)

    with pytest.raises(EngineError) as refusal:
        check_groups(data)
    assert refusal.value.code == code


def test_small_groups_are_reported():
    assert (
        "nhóm quan tâm có 20 thí sinh"
        in check_groups(GroupedResponses(("a", "b"), np.ones((200, 2)), np.arange(200) < 20))[0].lower()
    )
