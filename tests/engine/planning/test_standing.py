import numpy as np
import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.planning.standing import chances_of_reaching, error_of_count

ERROR, SPREAD = 0.85, 1.7


def test_chances_are_what_a_second_survey_shows():
    rng = np.random.default_rng(1)
    true = rng.normal(5, SPREAD, 40_000)
    first, second = (true + rng.normal(0, ERROR, true.size) for _ in range(2))
    chances = chances_of_reaching(first, ERROR, 5.0)

    for low in (0.1, 0.3, 0.5, 0.7, 0.9):
        near = abs(chances - low) < 0.05
        assert (second[near] >= 5.0).mean() == pytest.approx(chances[near].mean(), abs=0.03)


def test_who_was_not_measured_has_the_chance_of_everybody():
    rng = np.random.default_rng(2)
    scores = np.append(rng.normal(5.4, SPREAD, 20_000), np.nan)

    assert chances_of_reaching(scores, ERROR, 5.0)[-1] == pytest.approx((scores >= 5.0)[:-1].mean(), abs=0.02)


def test_the_error_of_a_count_is_that_of_repeated_surveys():
    rng = np.random.default_rng(3)
    true = rng.normal(5, SPREAD, 40)
    counts, stated = [], []
    for _ in range(4000):
        seen = true + rng.normal(0, ERROR, true.size)
        counts.append((seen >= 5).sum())
        stated.append(error_of_count(seen, ERROR, 5.0))

    assert np.mean(stated) == pytest.approx(np.std(counts), rel=0.12)


def test_one_pupil_tells_nothing_about_all():
    with pytest.raises(InvalidInput) as refusal:
        chances_of_reaching(np.array([5.0, np.nan]), ERROR, 5.0)
    assert refusal.value.code == "standing.few"
