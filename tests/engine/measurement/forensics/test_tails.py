from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from thucchat.engine.measurement.forensics.tails import at_least, joint_tail, longest_run, run_at_least

RNG = np.random.default_rng(7)
RIGHT, WRONG = RNG.uniform(0.1, 0.5, 6), RNG.uniform(0.05, 0.4, 6)


def outcomes():
    """Every way six items can turn out, 0 differing, 1 right, 2 wrong, with its probability."""
    p = np.column_stack([1 - RIGHT - WRONG, RIGHT, WRONG])
    for way in product(range(3), repeat=6):
        yield np.array(way), p[np.arange(6), way].prod()


@given(st.floats(0, 1), st.integers(0, 9))
def test_equal_chances_give_the_binomial(chance, count):
    tail = at_least(np.full((1, 9), chance), np.array([count]))

    assert tail[0] == pytest.approx(binom.sf(count - 1, 9, chance), abs=1e-12)


@pytest.mark.parametrize("counts", [(0, 0), (2, 1), (1, 3), (5, 1)])
def test_the_joint_tail_is_that_of_all_ways_counted_one_by_one(counts):
    ways = [((way == 1).sum(), (way == 2).sum(), p) for way, p in outcomes()]

    def quadrant(m, n):
        return sum(p for right, wrong, p in ways if right >= m and wrong >= n)

    seen = quadrant(*counts)
    expected = sum(p for right, wrong, p in ways if quadrant(right, wrong) <= seen * (1 + 1e-9))

    assert joint_tail(RIGHT[None], WRONG[None], np.array([counts]))[0] == pytest.approx(expected)


def test_the_joint_tail_is_a_p_value():
    counts = np.array([(right, wrong) for right in range(7) for wrong in range(7 - right)])
    rows = len(counts)
    p = joint_tail(np.tile(RIGHT, (rows, 1)), np.tile(WRONG, (rows, 1)), counts)
    chance = np.zeros(rows)
    for way, probability in outcomes():
        chance[(counts == [(way == 1).sum(), (way == 2).sum()]).all(axis=1)] += probability

    for level in (0.01, 0.05, 0.3):
        assert chance[p <= level].sum() <= level


@pytest.mark.parametrize("length", [0, 1, 2, 4])
def test_runs_have_the_probability_of_all_ways_counted_one_by_one(length):
    expected = sum(p for way, p in outcomes() if longest(way) >= length)

    assert run_at_least(RIGHT[None], WRONG[None], np.array([length]))[0] == pytest.approx(expected)


def longest(way):
    both = np.ones((1, len(way)), bool)
    return longest_run((way == 1)[None], (way == 2)[None], both)[0]


@pytest.mark.parametrize(
    ("way", "run"), [("222", 3), ("21202", 2), ("2w2", 2), ("000", 0), ("02112", 2), ("2.0.2", 1)]
)
def test_only_a_differing_answer_ends_a_stretch(way, run):
    marks = np.array(list(way))[None]
    both = (marks != "w") & (marks != ".")

    assert longest_run(marks == "1", marks == "2", both)[0] == run
