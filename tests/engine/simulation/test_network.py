from collections import Counter

import numpy as np
import pytest

from thucchat.engine.simulation.network import plan_network
from thucchat.engine.simulation.places import DISTRICTS
from thucchat.engine.simulation.years import FIRST_YEARS, starts


@pytest.fixture(scope="module", params=[0.01, 0.2, 1.0, 3.0])
def network(request):
    return plan_network(request.param, np.random.default_rng(3))


def test_every_road_stays_in_the_district_and_leads_to_the_next_level(network):
    for roads, level in ((network.lower_of, "THCS"), (network.upper_of, "THPT")):
        senders = np.flatnonzero(roads >= 0)
        assert (network.district_of[senders] == network.district_of[roads[senders]]).all()
        assert all(level in network.sites[target].levels for target in roads[senders])


def test_every_site_of_a_level_that_ends_has_a_road(network):
    for index, site in enumerate(network.sites):
        assert (network.lower_of[index] >= 0) == ("TH" in site.levels)
        assert (network.upper_of[index] >= 0) == ("THCS" in site.levels)


def test_a_school_of_several_levels_keeps_its_pupils(network):
    for index, site in enumerate(network.sites):
        if site.levels == ("TH", "THCS"):
            assert network.lower_of[index] == index


def test_new_pupils_are_spread_by_the_weights_of_the_districts(network):
    weights = np.zeros(network.districts)
    np.add.at(weights, network.district_of, [site.weight for site in network.sites])
    whole = sum(district.weight for district in DISTRICTS)
    rural = sum(district.weight for district in DISTRICTS[1 : network.districts])

    assert weights[0] == pytest.approx(DISTRICTS[0].weight / whole)
    for place in range(1, network.districts):
        assert weights[place] == pytest.approx(DISTRICTS[place].weight / rural * (1 - weights[0]))


def test_a_site_is_in_a_school_that_stands_in_that_year(network):
    for site in network.sites:
        for first_year, index in zip(FIRST_YEARS, site.schools, strict=True):
            school = network.schools[index]
            assert school.valid_from <= starts(first_year)
            assert school.valid_to is None or school.valid_to > starts(first_year)


def test_every_standing_school_has_a_site_and_every_ended_one_an_heir(network):
    used = set(network.school_of.reshape(-1).tolist())
    ended = {index for index, school in enumerate(network.schools) if school.valid_to is not None}

    assert used == set(range(len(network.schools)))
    assert ended == {before for change in network.changes for before in change.before}
    assert [change.kind for change in network.changes] == ["merge", "split", "closure"]


def test_names_and_codes_tell_schools_apart(network):
    assert max(Counter(school.code for school in network.schools).values()) == 1
    standing = [school.name for school in network.schools if school.valid_to is None]
    assert max(Counter(standing).values()) == 1


def test_few_schools_are_large_and_many_are_small():
    network = plan_network(1.0, np.random.default_rng(5))
    sizes = np.sort([site.weight for site in network.sites if site.levels == ("TH",)])[::-1]

    largest_fifth = sizes[: len(sizes) // 5].sum() / sizes.sum()

    assert 0.35 < largest_fifth < 0.6
    assert np.median(sizes) < sizes.mean()
