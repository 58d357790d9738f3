import numpy as np
import pytest

from tests.engine.growth.mixed.examples import crossed_design, term
from thucchat.engine.errors import NoResult
from thucchat.engine.growth.mixed import integration
from thucchat.engine.growth.mixed.design import Design
from thucchat.engine.growth.mixed.fit import fit_mixed
from thucchat.engine.growth.mixed.integration import average_over_theta
from thucchat.engine.growth.mixed.likelihood import evaluate
from thucchat.engine.growth.mixed.preparation import prepared


def few_groups(seed, groups=6, spread=0.5):
    rng = np.random.default_rng(seed)
    codes = np.arange(groups * 10) % groups
    y = spread * rng.normal(size=groups)[codes] + rng.normal(size=len(codes))
    return Design(y, np.ones((len(y), 1)), ("(Intercept)",), (term("school", codes),))


@pytest.mark.parametrize("spread", [0.0, 0.5, 2.0])
def test_averages_are_those_of_a_fine_grid(spread):
    design = few_groups(3, spread=spread)
    system = prepared(design).system
    grid = np.geomspace(1e-4, 60, 2_000)
    heights = np.array([-evaluate(system, np.array([one]), restricted=True).criterion / 2 for one in grid])
    heights += np.log(grid) - 1.5 * np.log1p(grid**2)
    weights = np.exp(heights - heights.max()) * grid  # steps grow with the grid
    weights /= weights.sum()
    # What effects depend on: how much of a group's mean is kept.
    exact = weights @ (grid**2 / (grid**2 + 0.1))

    found = average_over_theta(system, fit_mixed(design).theta, lambda point: point.theta)

    kept = found.visited[:, 0] ** 2 / (found.visited[:, 0] ** 2 + 0.1)
    assert found.weights.sum() == pytest.approx(1)
    assert found.weights @ kept == pytest.approx(exact, abs=0.02)


def test_correlated_coefficients_are_averaged_whatever_the_sign_of_a_column():
    design = crossed_design(1, slopes=True)
    fit = fit_mixed(design)
    system = prepared(design).system
    flipped = fit.theta * np.array([-1, -1, 1, 1, 1])

    one, other = (
        average_over_theta(system, theta, lambda point: point.theta) for theta in (fit.theta, flipped)
    )

    assert (one.visited[:, [0, 2, 3, 4]] >= 0).all()
    spreads = [np.sqrt(each.weights @ each.visited[:, [0, 2, 3, 4]] ** 2) for each in (one, other)]
    assert spreads[0] == pytest.approx(spreads[1], rel=0.2)


def test_the_same_data_give_the_same_points():
    design = few_groups(5)
    system, mode = prepared(design).system, fit_mixed(design).theta

    first, second = (average_over_theta(system, mode, lambda point: point.theta) for _ in range(2))

    assert np.array_equal(first.visited, second.visited)
    assert first.effective >= integration.ENOUGH


def test_points_that_cannot_be_solved_have_no_weight(monkeypatch):
    def refuse(*_, **__):
        raise NoResult("growth.not_definite", "")

    design = few_groups(5)
    system, mode = prepared(design).system, fit_mixed(design).theta
    monkeypatch.setattr(integration, "_first_spread", lambda *_: np.ones(1))
    monkeypatch.setattr(integration, "evaluate", refuse)

    with pytest.raises(NoResult) as refusal:
        average_over_theta(system, mode, lambda point: point.theta)
    assert refusal.value.code == "growth.not_definite"
