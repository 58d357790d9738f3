"""Cholesky factor of a large sparse matrix by waves: log-determinant, solves, entries of the inverse.

The entries of the inverse are found where the matrix (or its factor) has entries, from the last node
back to the first. Source: Takahashi, Fagan, Chin (1973); Erisman and Tinney (1975), CACM 18(3).
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.linalg import lapack

from thucchat.engine.errors import NoResult
from thucchat.engine.growth.mixed.design import Floats
from thucchat.engine.growth.mixed.ordering import Plan, Wave


@dataclass(frozen=True, slots=True)
class Factor:
    """A factorised positive definite matrix C; positions are those of the plan's order."""

    plan: Plan
    pivots: Floats  # (nodes - core,)
    steps: tuple[sp.csr_array, ...]  # per wave (eliminated, later nodes): entries divided by pivots
    core: Floats  # (core, core): lower Cholesky factor of the dense rest

    @property
    def log_determinant(self) -> float:
        """log |C|."""
        return float(np.log(self.pivots).sum() + 2 * np.log(np.diag(self.core)).sum())


@dataclass(frozen=True, slots=True)
class Inverse:
    """Entries of the inverse where the matrix has entries."""

    diagonal: Floats  # (nodes,), by node
    edges: Floats  # (edges,), as the edges were given to the plan


def factorise(plan: Plan, diagonal: Floats, edges: Floats) -> Factor:
    """Factor the matrix with `diagonal` (by node) and `edges` (as given to the plan).

    Raises:
        NoResult: `growth.not_definite`.
    """
    remaining = diagonal[plan.order]
    pivots, steps = [], []
    for wave in plan.waves:
        size = wave.stop - wave.start
        pivot, remaining = remaining[:size], remaining[size:]
        cut = edges[wave.cut]
        multiplier = cut / pivot[wave.owners]
        remaining = remaining - np.bincount(wave.others, cut * multiplier, len(remaining))
        edges = _updated(wave, edges, cut[wave.one] * multiplier[wave.two])
        pivots.append(pivot)
        steps.append(_step(wave, multiplier, len(remaining)))
    all_pivots = np.concatenate(pivots) if pivots else np.zeros(0)
    core = _dense(plan, remaining, edges)
    core, failed = lapack.dpotrf(core, lower=1, overwrite_a=1) if plan.core else (core, 0)
    if failed or not (all_pivots > 0).all():
        raise NoResult(
            "growth.not_definite", "Ma trận của mô hình không xác định dương; hãy bỏ bớt nhóm trùng."
        )
    return Factor(plan, all_pivots, tuple(steps), core)


def _updated(wave: Wave, edges: Floats, products: Floats) -> Floats:
    after: Floats = np.zeros(wave.edges)
    if len(products):
        after -= np.bincount(wave.targets, products, wave.edges)
    after[wave.keep_slots] += edges[wave.keep]
    return after


def _dense(plan: Plan, diagonal: Floats, edges: Floats) -> Floats:
    core = np.zeros((plan.core, plan.core), order="F")
    core[plan.core_high, plan.core_low] = edges
    core[np.arange(plan.core), np.arange(plan.core)] = diagonal
    # Positions of a core edge follow node numbers, so the higher one stands below the diagonal.
    return core


def solve(factor: Factor, right: Floats) -> Floats:
    """C^-1 right. Shapes: right (nodes, columns), by node."""
    plan = factor.plan
    x = right[plan.order]
    for wave, step in zip(plan.waves, factor.steps, strict=True):
        x[wave.stop :] -= step.T @ x[wave.start : wave.stop]
    start = len(x) - plan.core
    x[:start] /= factor.pivots[:, None]
    if plan.core:
        x[start:] = lapack.dpotrs(factor.core, x[start:], lower=1)[0]
    for wave, step in zip(reversed(plan.waves), reversed(factor.steps), strict=True):
        x[wave.start : wave.stop] -= step @ x[wave.stop :]
    result = np.empty_like(x)
    result[plan.order] = x
    return result


def root_times(factor: Factor, right: Floats) -> Floats:
    """R' right with C = R'R. Shapes: right and result (nodes, columns), by node."""
    plan = factor.plan
    x = right.copy()
    start = len(x) - plan.core
    x[:start] *= np.sqrt(factor.pivots)[:, None]
    if plan.core:
        x[start:] = np.tril(factor.core) @ x[start:]
    for wave, step in zip(reversed(plan.waves), reversed(factor.steps), strict=True):
        x[wave.stop :] += step.T @ x[wave.start : wave.stop]
    result = np.empty_like(x)
    result[plan.order] = x
    return result


def _step(wave: Wave, multiplier: Floats, later: int) -> sp.csr_array:
    return sp.csr_array((multiplier, wave.others, wave.cut_starts), (wave.stop - wave.start, later))


def inverse_entries(factor: Factor) -> Inverse:
    """Diagonal of C^-1 and its entries along the edges of C."""
    plan = factor.plan
    diagonal, edges = _core_inverse(factor)
    for wave, step in zip(reversed(plan.waves), reversed(factor.steps), strict=True):
        multiplier: Floats = step.data
        between = edges[wave.targets]
        cuts = len(wave.cut)
        cut = multiplier * diagonal[wave.others]
        if len(between):
            cut += np.bincount(wave.one, multiplier[wave.two] * between, cuts)
            cut += np.bincount(wave.two, multiplier[wave.one] * between, cuts)
        size = wave.stop - wave.start
        own = 1 / factor.pivots[wave.start : wave.stop]
        own += np.bincount(wave.owners, multiplier * cut, size) if cuts else 0.0
        diagonal = np.concatenate([own, diagonal])
        before = np.empty(cuts + len(wave.keep))
        before[wave.keep] = edges[wave.keep_slots]
        before[wave.cut] = -cut
        edges = before
    by_node = np.empty_like(diagonal)
    by_node[plan.order] = diagonal
    return Inverse(by_node, edges)


def _core_inverse(factor: Factor) -> tuple[Floats, Floats]:
    plan = factor.plan
    if not plan.core:
        return np.zeros(0), np.zeros(0)
    inverse, _ = lapack.dpotri(factor.core, lower=1)
    return np.diag(inverse).copy(), inverse[plan.core_high, plan.core_low]
