"""One door to solves with C, whether it is factorised whole or only what a splitting keeps of it."""

from typing import TypeAlias

import numpy as np

from thucchat.engine.growth.mixed.design import Floats
from thucchat.engine.growth.mixed.elimination import Factor, Inverse, factorise, inverse_entries, solve
from thucchat.engine.growth.mixed.iterative import Iteration, iteration, solve_iteratively
from thucchat.engine.growth.mixed.system import Blocks, System, gather, matrix_entries, spread

Solver: TypeAlias = Factor | Iteration


def prepare(system: System, blocks: Blocks) -> Solver:
    """Factor C for the covariance factor given by `blocks`."""
    entries = matrix_entries(system, blocks)
    if system.plan is not None:
        return factorise(system.plan, *entries)
    assert system.splitting is not None

    def product(right: Floats) -> Floats:
        return right + gather(system, blocks, system.gram @ spread(system, blocks, right))

    own_edges = sum(
        own.shape[0] * (term.factors - term.width)
        for own, term in zip(system.moments.own, system.terms, strict=True)
    )
    return iteration(system.splitting, entries, product, own_edges=own_edges)


def solve_with(solver: Solver, right: Floats) -> Floats:
    """C^-1 right. Shapes: right (nodes, columns)."""
    return solve(solver, right) if isinstance(solver, Factor) else solve_iteratively(solver, right)


def entries_of_inverse(system: System, solver: Solver) -> Inverse:
    """Entries of C^-1 by node and by edge; zero along edges that a splitting cut."""
    if isinstance(solver, Factor):
        return inverse_entries(solver)
    splitting = system.splitting
    assert splitting is not None
    edges = np.zeros(system.edges)
    edges[splitting.kept] = solver.entries.edges[: len(splitting.kept)]
    return Inverse(solver.entries.diagonal, edges)
