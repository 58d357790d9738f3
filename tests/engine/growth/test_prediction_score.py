import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.prediction_score import score_chances


def test_the_score_of_four_pupils_is_that_of_the_hand_calculation():
    found = score_chances(np.array([0.9, 0.8, 0.3, 0.4]), np.array([True, True, False, True]), bins=2)

    assert found.brier == pytest.approx((0.01 + 0.04 + 0.09 + 0.36) / 4)
    assert found.brier_base == pytest.approx(0.75 * 0.25)
    assert found.skill == pytest.approx(1 - 0.125 / 0.1875)
    assert found.log_score == pytest.approx(-np.log([0.9, 0.8, 0.7, 0.4]).mean())
    assert [(entry.pupils, entry.predicted, entry.observed) for entry in found.curve] == [
        (2, pytest.approx(0.35), 0.5),
        (2, pytest.approx(0.85), 1.0),
    ]


@given(st.integers(0, 2**32 - 1), st.integers(1, 5))
def test_with_one_chance_per_bin_the_brier_score_is_its_three_parts(seed, bins):
    rng = np.random.default_rng(seed)
    chances = np.repeat(rng.permutation(9)[:bins] / 10 + 0.05, 20)
    passed = rng.random(len(chances)) < chances

    found = score_chances(chances, passed, bins=bins)

    assert found.brier == pytest.approx(found.reliability - found.resolution + found.brier_base)


def test_certain_and_right_is_perfect():
    found = score_chances(np.array([1.0, 0, 1]), np.array([True, False, True]))

    assert (found.brier, found.skill, found.reliability) == (0, 1, 0)


@pytest.mark.parametrize(
    ("chances", "code"), [([], "none"), ([0.5, 1.5], "chance"), ([0.5, np.nan], "chance")]
)
def test_what_is_no_chance_is_refused(chances, code):
    with pytest.raises(InvalidInput) as refusal:
        score_chances(np.array(chances, dtype=float), np.ones(len(chances), dtype=bool))
    assert refusal.value.code == f"prediction.{code}"
