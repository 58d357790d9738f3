import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thucchat.engine.errors import NoResult
from thucchat.engine.growth.mixed import ordering
from thucchat.engine.growth.mixed.elimination import factorise, inverse_entries, root_times, solve
from thucchat.engine.growth.mixed.ordering import plan_elimination


def sparse_matrix(seed, nodes, density):
    """A positive definite matrix, and where it has entries."""
    rng = np.random.default_rng(seed)
    low, high = np.triu_indices(nodes, 1)
    chosen = rng.random(len(low)) < density
    low, high = low[chosen], high[chosen]
    values = rng.normal(size=len(low))
    matrix = np.zeros((nodes, nodes))
    matrix[low, high] = matrix[high, low] = values
    matrix += np.diag(np.abs(matrix).sum(axis=1) + 0.5)
    return matrix, low, high


@pytest.fixture(params=["waves", "dense"])
def eager(request, monkeypatch):
    """Waves to the last node, or the dense rest from the first."""
    monkeypatch.setattr(ordering, "PER_CUBE", 1e3 if request.param == "waves" else 0.0)


@pytest.mark.parametrize("density", [0.0, 0.05, 0.3, 1.0])
@pytest.mark.parametrize("seed", range(3))
def test_solves_determinant_and_inverse_equal_the_dense_ones(eager, seed, density):
    matrix, low, high = sparse_matrix(seed, 40, density)
    plan = plan_elimination(40, (low, high), [np.arange(5)])
    factor = factorise(plan, np.diag(matrix), matrix[low, high])
    right = np.random.default_rng(seed).normal(size=(40, 3))
    inverse = inverse_entries(factor)

    assert factor.log_determinant == pytest.approx(np.linalg.slogdet(matrix)[1])
    assert solve(factor, right) == pytest.approx(np.linalg.solve(matrix, right))
    assert inverse.diagonal == pytest.approx(np.diag(np.linalg.inv(matrix)))
    assert inverse.edges == pytest.approx(np.linalg.inv(matrix)[low, high])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.integers(1, 60), st.floats(0, 1))
def test_the_root_times_its_transpose_is_the_matrix(seed, nodes, density):
    matrix, low, high = sparse_matrix(seed, nodes, density)
    factor = factorise(plan_elimination(nodes, (low, high), []), np.diag(matrix), matrix[low, high])

    root = root_times(factor, np.eye(nodes))

    # The columns of the root stand in the order of elimination: any order has the same product.
    assert root @ root.T == pytest.approx(matrix)


def test_a_plan_that_would_cost_too_much_is_none(monkeypatch):
    _, low, high = sparse_matrix(0, 40, 0.3)
    monkeypatch.setattr(ordering, "LARGEST_CORE", 10)
    assert plan_elimination(40, (low, high), []) is None
    monkeypatch.setattr(ordering, "PER_CUBE", 1e3)
    assert plan_elimination(40, (low, high), []) is not None
    assert plan_elimination(40, (low, high), [], most_pairs=50) is None


def test_a_matrix_that_is_not_definite_is_refused():
    matrix, low, high = sparse_matrix(0, 20, 0.2)
    plan = plan_elimination(20, (low, high), [])
    with pytest.raises(NoResult) as refusal:
        factorise(plan, -np.diag(matrix), matrix[low, high])
    assert refusal.value.code == "growth.not_definite"
