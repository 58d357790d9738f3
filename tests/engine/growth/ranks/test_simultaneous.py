import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.ranks.simultaneous import critical_value, draw_errors


def plain_critical_value(noise, errors, open_pairs, level):
    """All pairs of all draws, as the definition says."""
    spread = np.hypot(errors[:, None], errors[None, :])
    spread[spread == 0] = 1
    moved = noise.astype(float) * errors
    gaps = np.where(open_pairs, (moved[:, :, None] - moved[:, None, :]) / spread, -np.inf)
    safe = level + np.sqrt(level * (1 - level) / len(noise))
    return np.sort(gaps.max(axis=(1, 2)))[int(np.ceil((len(noise) + 1) * safe)) - 1]


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 60), st.floats(0, 2), st.floats(0.02, 1), st.integers(0, 2**32 - 1))
def test_only_extreme_units_are_looked_at_and_the_value_is_that_of_all_pairs(units, unevenness, share, seed):
    rng = np.random.default_rng(seed)
    errors = np.exp(unevenness * rng.standard_normal(units))
    errors[0] *= rng.integers(0, 2)
    open_pairs = (rng.random((units, units)) < share) & ~np.eye(units, dtype=bool)
    open_pairs[0, 1] = True
    noise = draw_errors(units, 199, rng)

    value = critical_value(noise, errors, open_pairs, level=0.9)

    assert value == pytest.approx(plain_critical_value(noise, errors, open_pairs, 0.9), abs=1e-6)


def test_two_units_need_the_normal_quantile():
    noise = draw_errors(2, 100_000, np.random.default_rng(5))

    value = critical_value(noise, np.array([1.0, 3.0]), ~np.eye(2, dtype=bool), level=0.9)

    # Both orders of one pair: the two-sided 90 % point of a standard normal variable.
    assert value == pytest.approx(1.6449, abs=0.02)


def test_a_handful_of_draws_cannot_carry_a_high_level():
    noise = draw_errors(3, 10, np.random.default_rng(0))
    with pytest.raises(InvalidInput) as refusal:
        critical_value(noise, np.ones(3), ~np.eye(3, dtype=bool), level=0.95)
    assert refusal.value.code == "rank.draws"
