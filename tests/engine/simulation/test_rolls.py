import numpy as np
import pytest

from thucchat.engine.simulation.network import plan_network
from thucchat.engine.simulation.rolls import CAME, GRADUATED, REPEATING, RETAINED, WENT, simulate_rolls


@pytest.fixture(scope="module")
def network():
    return plan_network(0.3, np.random.default_rng(1))


@pytest.fixture(scope="module")
def rolls(network):
    return simulate_rolls(network, np.random.default_rng(2))


def test_the_grade_belongs_to_the_level_of_the_site(network, rolls):
    grades = {"TH": range(1, 6), "THCS": range(6, 10), "THPT": range(10, 13), "GDTX": range(10, 13)}
    for site, grade in set(zip(rolls.site.tolist(), rolls.grade.tolist(), strict=True)):
        assert any(grade in grades[level] for level in network.sites[site].levels)


def test_who_is_retained_repeats_the_grade(rolls):
    retained = np.flatnonzero((rolls.end_reason == RETAINED) & (rolls.year < 2))
    again = np.flatnonzero(rolls.start_reason == REPEATING)
    repeats = {(rolls.pupil[i], rolls.year[i], rolls.grade[i]) for i in again}

    assert {(rolls.pupil[i], rolls.year[i] + 1, rolls.grade[i]) for i in retained} == repeats


def test_a_transfer_in_the_year_leads_to_another_school_in_the_same_grade_and_district(network, rolls):
    came = np.flatnonzero(rolls.follows >= 0)
    left = {(rolls.pupil[i], rolls.year[i]): i for i in np.flatnonzero(rolls.end_reason == WENT)}

    before = np.array([left[rolls.pupil[i], rolls.year[i]] for i in came])

    assert len(came) == len(left) > 0
    assert (rolls.start_reason[came] == CAME).all()
    assert (rolls.grade[before] == rolls.grade[came]).all()
    assert (rolls.ends[before] == rolls.starts[came]).all()
    assert (network.district_of[rolls.site[before]] == network.district_of[rolls.site[came]]).all()
    schools = network.school_of[rolls.site, rolls.year]
    assert (schools[before] != schools[came]).all()


def test_only_the_twelfth_grade_graduates(rolls):
    assert set(rolls.grade[rolls.end_reason == GRADUATED]) == {12}


def test_the_gifted_school_takes_the_ablest_and_dropping_out_strikes_the_weaker(network, rolls):
    gifted = rolls.pupil[rolls.site == network.gifted]
    upper = rolls.pupil[rolls.grade >= 10]
    dropped = rolls.pupil[rolls.end_reason == 5]

    assert rolls.aptitude[gifted].mean() > rolls.aptitude[upper].mean() + 1
    assert rolls.aptitude[dropped].mean() < rolls.aptitude.mean() - 0.2
