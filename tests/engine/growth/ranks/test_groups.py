from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.ranks.groups import Membership, tie_groups, top_membership
from thucchat.engine.growth.ranks.sets import rank_sets


def sets(estimates, errors):
    return rank_sets(
        np.asarray(estimates, dtype=float),
        np.asarray(errors, dtype=float),
        draws=500,
        rng=np.random.default_rng(2),
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 20), st.floats(0.1, 8), st.integers(0, 2**32 - 1))
def test_between_groups_everyone_is_shown_better_and_no_finer_cut_would_be(units, spread, seed):
    rng = np.random.default_rng(seed)
    found = sets(spread * rng.standard_normal(units), rng.uniform(0.1, 1, units))

    groups = tie_groups(found)

    order = np.argsort(found.rank, kind="stable")
    for place, (upper, lower) in enumerate(pairwise(order), start=1):
        separated = found.better[np.ix_(order[:place], order[place:])].all()
        assert (groups[upper] < groups[lower]) == separated
    assert groups.min() == 1
    assert set(np.diff(groups[order])) <= {0, 1}


def test_a_lone_leader_a_tied_pair_and_a_lone_last_are_three_groups():
    assert tie_groups(sets([0.1, 9, -9, 0], [0.5, 0.5, 0.5, 0.5])).tolist() == [2, 1, 3, 2]


def test_top_membership_says_certain_possible_or_excluded():
    found = sets([0.1, 9, -9, 0], [0.5, 0.5, 0.5, 0.5])

    assert top_membership(found, 2) == [
        Membership.POSSIBLE,
        Membership.CERTAIN,
        Membership.EXCLUDED,
        Membership.POSSIBLE,
    ]


@pytest.mark.parametrize("count", [0, 5])
def test_a_top_outside_the_list_is_refused(count):
    with pytest.raises(InvalidInput) as refusal:
        top_membership(sets([0.1, 9, -9, 0], np.ones(4)), count)
    assert refusal.value.code == "rank.top"
