import numpy as np
import pytest

from tests.engine.measurement.dif.worlds import two_groups
from thucchat.engine.measurement.dif.likelihood_ratio import compare, likelihood_ratio_item
from thucchat.engine.measurement.dif.score_test import _halves, focal_scores, score_test_items


@pytest.fixture(scope="module")
def comparison():
    return compare(two_groups(persons=1500, items=12, planted={3: 0.5}), "rasch")


def test_scores_of_the_groups_cancel_at_the_maximum(comparison):
    of_reference, of_focal = (focal_scores(half, comparison.base).scores for half in _halves(comparison))

    assert np.abs(of_focal).max() > 1
    assert np.abs(of_focal + of_reference).max() < 0.01


@pytest.mark.parametrize("model", ["rasch", "2pl"])
def test_scores_and_likelihood_ratio_agree(model):
    comparison = compare(two_groups(persons=1500, items=12, planted={3: 0.5}), model)

    scores = score_test_items(comparison, range(len(comparison.data.items)))

    for item in (0, 3, 7):
        ratio = likelihood_ratio_item(comparison, item)
        assert scores[item].statistic == pytest.approx(ratio.statistic, rel=0.03, abs=0.1)
        if model == "rasch":  # the 2PL's ratio test lets slopes differ as well
            assert scores[item].effect == pytest.approx(ratio.effect, rel=0.01, abs=0.005)
            assert scores[item].effect_error == pytest.approx(ratio.effect_error, rel=0.01)


def test_a_large_shift_takes_a_second_step():
    comparison = compare(two_groups(persons=1500, items=12, planted={3: 1.5}), "rasch")

    effect = score_test_items(comparison, [3])[0].effect

    assert effect == pytest.approx(likelihood_ratio_item(comparison, 3).effect, rel=0.03)


def test_partial_credit_items_shift_as_a_whole():
    data = two_groups(persons=1500, items=12, planted={3: 0.5})
    data.scores[:, 5] = data.scores[:, 5] + data.scores[:, 6]
    comparison = compare(data.of_items(np.array([0, 1, 2, 3, 4, 5, 7, 8])), "rasch")

    scores = score_test_items(comparison, range(len(comparison.data.items)))

    assert scores[5].degrees_of_freedom == 2
    for item in (3, 5):
        ratio = likelihood_ratio_item(comparison, item)
        assert scores[item].effect == pytest.approx(ratio.effect, abs=0.05)
