import numpy as np
import pytest

from tests.engine.measurement.dif.worlds import two_groups
from thucchat.engine.measurement.dif.likelihood_ratio import compare, likelihood_ratio_item
from thucchat.engine.measurement.dif.score_test import _person_scores, score_sums, score_test_items
from thucchat.engine.measurement.irt.items import curves
from thucchat.engine.measurement.responses import responses_from_scores


@pytest.fixture(scope="module")
def comparison():
    return compare(two_groups(persons=1500, items=12, planted={3: 0.5}), "rasch")


def test_scores_sum_to_zero_at_the_maximum(comparison):
    data, base = comparison.data, comparison.base
    responses = responses_from_scores(data.items, data.scores)
    shape = curves(base.bank, base.latent.nodes)

    scores = _person_scores(responses, base, shape, persons=(slice(0, data.persons), data.focal))

    assert np.abs(scores.sum(axis=0)).max() < 0.01


def test_sums_over_blocks_do_not_depend_on_the_blocks(comparison, monkeypatch):
    whole = score_sums(comparison.data, comparison.base)
    monkeypatch.setattr("thucchat.engine.measurement.dif.score_test.BLOCK", 100)

    pieces = score_sums(comparison.data, comparison.base)

    assert pieces.all_products == pytest.approx(whole.all_products)


def test_score_and_likelihood_ratio_agree_where_differences_are_small(comparison):
    scores = score_test_items(comparison)

    for item in (0, 3, 7):
        ratio = likelihood_ratio_item(comparison, item)
        assert scores[item].statistic == pytest.approx(ratio.statistic, rel=0.15, abs=0.3)
        assert scores[item].effect == pytest.approx(ratio.effect, abs=0.15)
