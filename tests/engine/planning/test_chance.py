from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit

from thucchat.engine.errors import InvalidInput
from thucchat.engine.planning.chance import EXACT, chance_of_count, chance_of_mean


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.integers(0, 9))
def test_the_count_is_that_of_all_outcomes_added_up(chances, at_least):
    p = np.array(chances)
    outcomes = np.array(list(product([0, 1], repeat=p.size)))
    weights = np.where(outcomes == 1, p, 1 - p).prod(axis=1)

    chance = chance_of_count(p, at_least)

    assert chance == pytest.approx(weights[outcomes.sum(axis=1) >= at_least].sum(), abs=1e-9)


def test_large_counts_agree_with_the_exact_distribution():
    p = np.random.default_rng(1).beta(3, 2, EXACT)
    more = np.concatenate([p, [0.0]])  # one pupil without a chance changes nothing but the method

    for at_least in (280, 300, 320):
        assert chance_of_count(more, at_least) == pytest.approx(chance_of_count(p, at_least), abs=2e-4)


def test_a_shared_part_widens_the_count_without_moving_its_mean():
    random = np.random.default_rng(2)
    p, sd = random.beta(4, 3, 60), 0.6
    inner = logit(p) * np.sqrt(1 + sd**2 * (16 * np.sqrt(3) / (15 * np.pi)) ** 2)
    years = expit(inner[None, :] + sd * random.normal(size=(40_000, 1)))
    counts = (random.random(years.shape) < years).sum(axis=1)

    for at_least in (28, 34, 40, 46):
        assert chance_of_count(p, at_least, shared_sd=sd) == pytest.approx(
            (counts >= at_least).mean(), abs=0.01
        )
    assert counts.mean() == pytest.approx(p.sum(), rel=0.01)


def test_the_chance_of_a_mean_is_that_of_simulated_means():
    random = np.random.default_rng(4)
    expected, sds = random.uniform(3, 7, 30), random.uniform(0.5, 1.5, 30)
    means = (expected + sds * random.normal(size=(50_000, 30))).mean(axis=1) + 0.2 * random.normal(
        size=50_000
    )

    chance = chance_of_mean(expected, sds, 5.0, shared_sd=0.2)

    assert chance == pytest.approx((means >= 5.0).mean(), abs=0.01)


def test_what_is_certain_is_certain():
    assert chance_of_count(np.array([1.0, 1.0]), 2) == 1
    assert chance_of_count(np.array([0.5]), 0) == 1
    assert chance_of_count(np.array([0.5]), 2) == 0
    assert chance_of_mean(np.array([5.0]), np.array([0.0]), 5.0) == 1


@pytest.mark.parametrize(("chances", "sd", "code"), [([1.2], 0, "range"), ([0.5], -1, "shared")])
def test_impossible_chances_are_refused(chances, sd, code):
    with pytest.raises(InvalidInput) as refusal:
        chance_of_count(np.array(chances), 1, shared_sd=sd)
    assert refusal.value.code == f"chance.{code}"
