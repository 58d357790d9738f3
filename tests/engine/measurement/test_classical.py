import numpy as np
import pytest

from thucchat.engine.errors import NoResult
from thucchat.engine.measurement.classical import alpha_without_each, correlation, item_statistics, totals
from thucchat.engine.measurement.reliability import reliability


@pytest.fixture
def scores():
    rng = np.random.default_rng(3)
    z = rng.normal(size=(300, 1)) + np.array([-1, 0, 0, 1, 2])
    return (rng.random((300, 5)) < 1 / (1 + np.exp(-z))).astype(float)


def analysed(scores, answers=None, keys=None):
    items = scores.shape[1]
    names, none = [f"c{n}" for n in range(items)], [None] * items
    return item_statistics(names, scores, np.ones(items), answers or none, keys or none)


def test_the_rest_correlation_leaves_the_item_out(scores):
    found = analysed(scores)[2]

    total = scores.sum(axis=1)
    assert found.difficulty == scores[:, 2].mean()
    assert found.item_total == pytest.approx(np.corrcoef(scores[:, 2], total)[0, 1])
    assert found.item_rest == pytest.approx(np.corrcoef(scores[:, 2], total - scores[:, 2])[0, 1])


def test_alpha_without_an_item_is_alpha_of_the_others(scores):
    without = alpha_without_each(scores)

    for item in range(5):
        assert without[item] == pytest.approx(reliability(np.delete(scores, item, axis=1)).alpha)


def test_every_answer_is_listed_with_what_it_drew(scores):
    answers = np.where(scores[:, 0] == 1, "A", np.where(scores[:, 1] == 1, "B", "C")).astype(np.str_)

    found = analysed(scores, [answers, None, None, None, None], ["A", None, None, None, None])[0]

    assert [option.option for option in found.options] == ["A", "B", "C"]
    assert [option.key for option in found.options] == [True, False, False]
    assert sum(option.count for option in found.options) == 300
    assert found.options[0].item_rest == pytest.approx(found.item_rest)
    assert found.options[0].mean_rest == pytest.approx(scores[scores[:, 0] == 1, 1:].sum(axis=1).mean())


def test_a_key_nobody_chose_is_still_listed(scores):
    answers = np.full(300, "A")

    found = analysed(scores, [answers] + [None] * 4, ["D"] + [None] * 4)[0]

    assert [(option.option, option.count) for option in found.options] == [("A", 300), ("D", 0)]


def test_the_strongest_third_chooses_the_key_more_often(scores):
    right = analysed(scores)[1].options[1].by_third

    assert right[0] < right[2]


def test_totals_with_missing_items_are_brought_to_the_whole_test():
    found = totals(np.array([[1, 1, np.nan, np.nan], [1, 0, 1, 0], [np.nan] * 4]))

    assert found.total[:2].tolist() == [4, 2]
    assert np.isnan(found.total[2])
    assert found.rest[0, 0] == 3


def test_an_item_without_spread_has_no_discrimination(scores):
    scores[:, 3] = 1

    found = analysed(scores)[3]

    assert np.isnan(found.item_rest)
    assert found.sd == 0


def test_correlation_ignores_persons_without_both():
    assert correlation(np.array([0, 1, np.nan, 1]), np.array([1, 2, 5, 2.0])) == pytest.approx(1)


def test_one_person_is_refused():
    with pytest.raises(NoResult) as refusal:
        analysed(np.ones((1, 3)))
    assert refusal.value.code == "persons.few"
