import numpy as np
import pytest
from scipy.special import ndtri

from thucchat.engine.growth.ranks.marginal import critical_values


def simulated(errors, row, upward, downward, level, draws=60_000):
    noise = np.random.default_rng(7).standard_normal((draws, len(errors))) * errors
    lead = (noise[:, [row]] - noise) / np.hypot(errors[row], errors)
    largest = np.maximum(
        np.where(upward, lead, -np.inf).max(axis=1), np.where(downward, -lead, -np.inf).max(axis=1)
    )
    return np.quantile(largest, level)


@pytest.mark.parametrize("unevenness", [0.0, 0.5, 1.2])
@pytest.mark.parametrize("level", [0.8, 0.9, 0.95])
def test_quadrature_equals_simulation(unevenness, level):
    rng = np.random.default_rng(11)
    units = 40
    errors = np.exp(unevenness * rng.standard_normal(units))
    rows = np.array([0, int(errors.argmax()), int(errors.argmin())])
    upward, downward = rng.random((2, units, units)) < 0.6
    for table in (upward, downward):
        np.fill_diagonal(table, val=False)

    values = critical_values(errors, rows, upward=upward[rows], downward=downward[rows], level=level)

    expected = [simulated(errors, row, upward[row], downward[row], level) for row in rows]
    assert values == pytest.approx(expected, abs=0.03)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.99])
def test_one_rival_needs_the_two_sided_normal_quantile(level):
    apart = ~np.eye(2, dtype=bool)

    values = critical_values(np.array([0.2, 0.7]), np.arange(2), upward=apart, downward=apart, level=level)

    assert values == pytest.approx(np.full(2, ndtri((1 + level) / 2)), abs=2e-3)


def test_a_unit_known_exactly_faces_independent_rivals():
    errors = np.array([0.0, 1.0, 1.0, 1.0])
    apart = ~np.eye(4, dtype=bool)

    value = critical_values(errors, np.array([0]), upward=apart[:1], downward=apart[:1], level=0.9)[0]

    assert value == pytest.approx(ndtri((1 + 0.9 ** (1 / 3)) / 2), abs=2e-3)
