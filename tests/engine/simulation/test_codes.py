import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.simulation.codes import ministry_codes, personal_ids


@given(st.integers(1, 5000), st.integers(0, 2**32))
def test_ministry_codes_are_different_and_of_ten_digits(count, seed):
    codes = ministry_codes("11", count, np.random.default_rng(seed))

    assert codes.n_unique() == count
    assert codes.str.contains(r"^11\d{8}$").all()


def test_a_million_codes_are_different():
    assert ministry_codes("11", 1_000_000, np.random.default_rng(1)).n_unique() == 1_000_000


def test_a_personal_id_agrees_with_sex_and_birth():
    """Regulations §10.1: 2 and 3 for boys and girls of the 2000s, 0 and 1 for those of the 1900s."""
    birth = np.array(["2012-05-01", "2009-12-31", "1985-01-01", "1999-07-07"], "datetime64[D]")
    sex = np.array(["02", "01", "02", "01"])

    ids = personal_ids(birth, sex, np.random.default_rng(1))

    assert ids.str.slice(0, 6).to_list() == ["011312", "011209", "011185", "011099"]
    assert ids.str.contains(r"^\d{12}$").all()


def test_personal_ids_of_one_year_and_sex_are_different():
    birth = np.full(100_000, np.datetime64("2015-03-03"))

    ids = personal_ids(birth, np.full(100_000, "01"), np.random.default_rng(2))

    assert ids.n_unique() == 100_000
