"""Solves with a matrix C too costly to factorise: conjugate gradients on top of what a splitting keeps.

The nodes with a home come first: their part of C is K + N, K inside the homes and N between them. With
E = K^-1 N small, (K + N)^-1 = K^-1 - K^-1 N K^-1 + K^-1 N K^-1 N K^-1 - ..., so inside homes it is
(K - G)^-1 up to third order, G being what N K^-1 N has inside homes; and log |K + N| =
log |K| - tr(E^2) / 2 + ..., of which the rest is measured once, at the end, by stochastic Lanczos
quadrature with fixed probes. The few nodes without a home are eliminated exactly: with F their columns of
C and Y = (K + N)^-1 F, their Schur complement is S = C_cc - F'Y.
Source: Hestenes and Stiefel (1952); Ubaru, Chen, Saad (2017), SIAM J. Matrix Anal. Appl. 38(4), 1075-1099.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from thucchat.engine.errors import NoResult
from thucchat.engine.growth.mixed.dense import inverted
from thucchat.engine.growth.mixed.design import Codes, Floats
from thucchat.engine.growth.mixed.elimination import (
    Factor,
    Inverse,
    factorise,
    inverse_entries,
    root_times,
    solve,
)
from thucchat.engine.growth.mixed.splitting import Splitting

TOLERANCE = 1e-10  # of the residual of a solve, relative to the right side
ROUGH = 1e-5  # of the columns Y: what depends on it alone has the square of this as its error
MOST_ROUNDS = 500
PROBES = 24

Product = Callable[[Floats], Floats]  # (nodes, columns) to the same


@dataclass(frozen=True, slots=True)
class Iteration:
    """A matrix C given by its products, with a factor of what the splitting keeps."""

    product: Product
    coarse: Codes  # nodes without a home
    factor: Factor  # of K, and of the diagonal of the coarse nodes
    columns: Floats  # (nodes, coarse): Y, zero at the coarse nodes
    schur_inverse: Floats  # (coarse, coarse): S^-1
    entries: Inverse  # of C^-1: by node, and along the plan's edges
    log_determinant: float  # log |C| to second order


def iteration(
    splitting: Splitting, matrix: tuple[Floats, Floats], product: Product, *, own_edges: int
) -> Iteration:
    """Prepare solves with the matrix of the given diagonal and edges.

    Of the inverse, only the first `own_edges` edges, those within a level, are completed.
    """
    diagonal, edges = matrix
    kept = np.concatenate([edges[splitting.kept], np.zeros(splitting.extra)])
    factor = factorise(splitting.plan, diagonal, kept)
    inverse = inverse_entries(factor)
    correction, squared = _second_order(splitting, edges[splitting.cut], inverse)
    refined = _refined(splitting, (diagonal, kept), correction) or inverse
    columns, schur = _coarse_part(splitting.coarse, factor, product)
    schur_inverse = inverted(schur)
    through = np.einsum("ij,ij->i", columns @ schur_inverse, columns)
    through[splitting.coarse] = np.diag(schur_inverse) - refined.diagonal[splitting.coarse]
    log_determinant = factor.log_determinant - float(np.log(diagonal[splitting.coarse]).sum())
    log_determinant += float(np.linalg.slogdet(schur)[1]) - squared / 2
    entries = Inverse(refined.diagonal + through, refined.edges)
    _complete_own(splitting, entries, (columns, schur_inverse), own_edges)
    return Iteration(product, splitting.coarse, factor, columns, schur_inverse, entries, log_determinant)


def _second_order(splitting: Splitting, cut: Floats, inverse: Inverse) -> tuple[Floats, float]:
    """G along the diagonal and the plan's edges, and tr(E^2)."""
    known = np.concatenate([inverse.diagonal, inverse.edges])
    both = cut[splitting.one] * cut[splitting.two]
    left, right = known[splitting.left], known[splitting.right]
    correction: Floats = np.zeros(len(known))
    correction += np.bincount(splitting.left, both * right, len(known))
    correction += np.bincount(splitting.right, both * left, len(known))
    # An ordered pair and its reverse name the same off-diagonal entry: half of each belongs to the edge.
    correction[len(inverse.diagonal) :] /= 2
    return correction, 2 * float((both * left * right).sum())


def _refined(splitting: Splitting, matrix: tuple[Floats, Floats], correction: Floats) -> Inverse | None:
    """Entries of (K - G)^-1; None far from the solution, where the correction can be too large."""
    diagonal, kept = matrix
    nodes = len(diagonal)
    try:
        return inverse_entries(
            factorise(splitting.plan, diagonal - correction[:nodes], kept - correction[nodes:])
        )
    except NoResult:
        return None


def _coarse_part(coarse: Codes, factor: Factor, product: Product) -> tuple[Floats, Floats]:
    """Y and S. What a rough Y leaves out of S is of second order in its residual."""
    unit = np.zeros((len(factor.plan.order), len(coarse)))
    if not len(coarse):
        return unit, np.zeros((0, 0))
    unit[coarse, np.arange(len(coarse))] = 1.0
    right = product(unit)
    inner = right[coarse].copy()
    right[coarse] = 0.0

    def housed(values: Floats) -> Floats:
        image = product(values)
        image[coarse] = 0.0
        return image

    columns, *_ = _gradients(housed, lambda values: solve(factor, values), right, tolerance=ROUGH)
    residual = right - housed(columns)
    reached = columns.T @ right + residual.T @ columns
    return columns, inner - (reached + reached.T) / 2


def _complete_own(
    splitting: Splitting, entries: Inverse, coarse: tuple[Floats, Floats], own_edges: int
) -> None:
    """Add Y S^-1 Y' to the entries within a level, in place."""
    columns, schur_inverse = coarse
    own = np.flatnonzero(splitting.kept < own_edges)
    low, high = splitting.kept_low[own], splitting.kept_high[own]
    entries.edges[own] += np.einsum("ij,ij->i", columns[low] @ schur_inverse, columns[high])


def solve_iteratively(iteration: Iteration, right: Floats) -> Floats:
    """C^-1 right by preconditioned conjugate gradients, all columns together.

    Raises:
        NoResult: `growth.solver`.
    """

    def prepared(values: Floats) -> Floats:
        # The inverse of C with K in place of K + N: positive definite whatever the error of Y.
        coarse, columns = iteration.coarse, iteration.columns
        outer = iteration.schur_inverse @ (values[coarse] - columns.T @ values)
        result = solve(iteration.factor, values) - columns @ outer
        result[coarse] = outer
        return result

    return _gradients(iteration.product, prepared, right, tolerance=TOLERANCE)[0]


def _gradients(
    product: Product, prepare: Product, right: Floats, *, tolerance: float
) -> tuple[Floats, list[Floats], list[Floats]]:
    """The solution, and per round the step lengths and direction updates of every column."""
    x, residual = np.zeros_like(right), right.copy()
    wanted = tolerance * np.linalg.norm(right, axis=0)
    prepared = prepare(residual)
    direction = prepared.copy()
    size = np.einsum("ij,ij->j", residual, prepared)
    lengths: list[Floats] = []
    updates: list[Floats] = []
    for _ in range(MOST_ROUNDS):
        image = product(direction)
        length = size / np.maximum(np.einsum("ij,ij->j", direction, image), 1e-300)
        x += length * direction
        residual -= length * image
        lengths.append(length)
        if (np.linalg.norm(residual, axis=0) <= wanted).all():
            return x, lengths, updates
        prepared = prepare(residual)
        before, size = size, np.einsum("ij,ij->j", residual, prepared)
        update = size / np.maximum(before, 1e-300)
        direction *= update
        direction += prepared
        updates.append(update)
    raise NoResult("growth.solver", "Phép giải lặp của mô hình không hội tụ; hãy bớt nhóm đan chéo.")


def measured_log_determinant(iteration: Iteration) -> tuple[float, float]:
    """log |C| and the standard error that the probes leave in it."""
    factor, coarse = iteration.factor, iteration.coarse
    nodes = len(factor.plan.order)
    signs = np.random.default_rng(20240830).choice([-1.0, 1.0], (nodes, PROBES))
    start = root_times(factor, signs)
    start[coarse] = 0.0

    def housed(values: Floats) -> Floats:
        image = iteration.product(values)
        image[coarse] = 0.0
        return image

    _, lengths, updates = _gradients(housed, lambda values: solve(factor, values), start, tolerance=TOLERANCE)
    logs = np.array(
        [
            _quadrature([part[column] for part in lengths], [part[column] for part in updates])
            for column in range(PROBES)
        ]
    )
    # The first two orders are known exactly; the probes' own values of them are taken out.
    rest = (nodes - len(coarse)) * logs - _first_orders(factor, housed, start)
    total = iteration.log_determinant + float(rest.mean())
    return total, float(rest.std(ddof=1) / np.sqrt(PROBES))


def _first_orders(factor: Factor, housed: Product, start: Floats) -> Floats:
    """s'(E - E^2/2)s of the symmetric E for each probe s, from start = R's."""
    prepared = solve(factor, start)
    image = housed(prepared) - start
    first = np.einsum("ij,ij->j", prepared, image)
    second = np.einsum("ij,ij->j", image, solve(factor, image))
    result: Floats = first - second / 2
    return result


def _quadrature(lengths: list[float], updates: list[float]) -> float:
    """e1' log(T) e1 of the Lanczos matrix T behind the rounds of conjugate gradients."""
    rounds = len(lengths)
    diagonal = np.array([1 / length for length in lengths])
    diagonal[1:] += np.array(updates[: rounds - 1]) / np.array(lengths[:-1])
    beside = np.sqrt(np.array(updates[: rounds - 1])) / np.array(lengths[:-1])
    matrix = np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1)
    values, vectors = np.linalg.eigh(matrix)
    return float(vectors[0] ** 2 @ np.log(np.maximum(values, 1e-12)))
