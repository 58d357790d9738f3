import numpy as np
import pytest

from thucchat.engine.simulation.names import FEMALE, MALE, NAMES, people_names
from thucchat.engine.simulation.places import DISTRICTS
from thucchat.engine.vietnamese import tidy


@pytest.mark.parametrize(
    "ethnicity", sorted({code for district in DISTRICTS for code in district.ethnicities})
)
@pytest.mark.parametrize("sex", [MALE, FEMALE])
def test_every_group_of_the_province_has_names(ethnicity, sex):
    names = people_names(np.full(200, ethnicity), np.full(200, sex), np.random.default_rng(1))

    assert names.n_unique() > 40
    assert all(name == tidy(name) and len(name.split()) >= 3 for name in names)


def test_a_name_is_of_its_group_and_sex():
    ethnicity, sex = np.array(["08", "03"]), np.array([MALE, FEMALE])

    hmong, thai = people_names(ethnicity, sex, np.random.default_rng(4))

    assert hmong.split()[0] in NAMES["08"].family
    assert hmong.split()[-1] in NAMES["08"].given[MALE]
    assert thai.split()[0] in NAMES["03"].family
    assert thai.split()[-1] in NAMES["03"].given[FEMALE]


def test_no_name_says_the_same_word_twice_at_its_end():
    names = people_names(np.full(5000, "08"), np.full(5000, FEMALE), np.random.default_rng(2))

    assert not [name for name in names if name.split()[-1] == name.split()[-2]]
