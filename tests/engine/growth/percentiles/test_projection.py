import numpy as np
import pytest

from tests.engine.growth.percentiles.test_curves import cohort
from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.percentiles.curves import growth_curves
from thucchat.engine.growth.percentiles.projection import project


def test_one_step_is_the_curves_themselves_and_the_chance_is_right():
    scores, priors = cohort(3000, seed=20)
    curves = growth_curves(scores, priors)

    found = project([curves], priors, 6.5)

    assert found.scores == pytest.approx(curves.values(priors))
    reached = found.needed <= 50
    assert (reached == found.on_track).mean() > 0.99
    # Needing percentile p means 100 - p of a hundred alike get there.
    likely = np.nan_to_num(found.needed, nan=100) <= 20
    assert (scores[likely] >= 6.5).mean() > 0.8


def test_a_second_step_follows_each_path_along_its_own_curve():
    scores, priors = cohort(2000, seed=21)
    first, second = growth_curves(scores, priors[:, :1]), growth_curves(scores + 1, priors)

    found = project([first, second], priors, 7.0)

    middle = first.values(priors[:, :1])[:, 50]
    expected = second.values(np.column_stack([middle, priors[:, 0]]))[:, 50]
    assert found.scores[:, 50] == pytest.approx(expected, abs=0.02)


def test_a_target_beyond_all_curves_needs_more_than_any_growth():
    scores, priors = cohort(1000, seed=22)

    found = project([growth_curves(scores, priors)], priors, 99.0)

    assert np.isnan(found.needed).all()
    assert not found.on_track.any()


def test_a_step_that_needs_more_history_is_refused():
    scores, priors = cohort(1000, seed=23)
    with pytest.raises(InvalidInput) as refusal:
        project([growth_curves(scores, priors)], priors[:, :1], 5.0)
    assert refusal.value.code == "projection.history"
