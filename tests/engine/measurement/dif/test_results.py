import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.measurement.dif.results import (
    Size,
    benjamini_hochberg,
    delta_class,
    ets_class,
    r2_class,
    smd_class,
)


@pytest.mark.parametrize(
    ("delta", "error", "size"),
    [(0.9, 0.1, "A"), (1.4, 0.9, "A"), (-1.2, 0.3, "B"), (1.8, 0.6, "B"), (-1.8, 0.3, "C"), (np.nan, 1, "")],
)
def test_ets_classes_ask_for_size_and_certainty(delta, error, size):
    assert ets_class(delta, error) == Size(size)


def test_classes_by_size_alone_follow_their_limits():
    assert [delta_class(value) for value in (-0.99, 1.0, -1.5)] == ["A", "B", "C"]
    assert [r2_class(value) for value in (0.034, 0.035, 0.07, np.nan)] == ["A", "B", "C", ""]
    assert [smd_class(0.2, p) for p in (0.01, 0.2)] == ["B", "A"]


def test_adjusted_p_values_of_a_worked_example():
    p = np.array([0.01, 0.04, 0.03, np.nan, 0.005])

    assert benjamini_hochberg(p) == pytest.approx([0.02, 0.04, 0.04, np.nan, 0.02], nan_ok=True)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.floats(0.01, 0.5))
def test_what_is_found_is_what_the_step_up_rule_finds(p, level):
    values = np.array(p)
    ordered = np.sort(values)
    below = np.flatnonzero(ordered <= level * np.arange(1, len(p) + 1) / len(p))
    limit = ordered[below[-1]] if below.size else -1.0

    adjusted = benjamini_hochberg(values)

    clear = np.abs(adjusted - level) > 1e-12
    assert ((adjusted <= level) == (values <= limit))[clear].all()
