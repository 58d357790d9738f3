"""(Restricted) likelihood of a mixed model, profiled over fixed effects and residual variance.

The criterion is minus twice the log-likelihood, all constants included. theta holds, term by term and
column by column, the lower triangle of each block of the relative covariance factor L.
Source: Bates et al. (2015), sections 3.4-3.6; derivatives after Gilmour, Thompson, Cullis (1995),
Biometrics 51, 1440-1450 (average information), here in terms of L.
"""

from dataclasses import dataclass

import numpy as np

from thucchat.engine.errors import NoResult
from thucchat.engine.growth.mixed.dense import inverted, solved
from thucchat.engine.growth.mixed.design import Floats
from thucchat.engine.growth.mixed.elimination import Factor, Inverse
from thucchat.engine.growth.mixed.solver import Solver, entries_of_inverse, prepare, solve_with
from thucchat.engine.growth.mixed.system import (
    Blocks,
    System,
    blocks_of,
    gather,
    inverse_blocks,
    split,
    spread,
)

TINY = 1e-9  # below it an entry of L counts as zero when a slope is divided by it


@dataclass(frozen=True, slots=True)
class Point:
    """The criterion at one theta, and what solving for it gave."""

    theta: Floats
    blocks: Blocks
    solver: Solver
    criterion: float
    beta: Floats  # (p,)
    residual_variance: float
    information: Floats  # (p, p): X'H^-1X, with V = residual variance * H
    spherical: Floats  # (nodes, 1): u with b = L u
    adjusted: Floats  # (nodes, p + 1): Z'H^-1 [X y]
    score: Floats  # (nodes, 1): Z'Py
    quadratic: float  # y'Py


@dataclass(frozen=True, slots=True)
class Slope:
    """First and (approximate) second derivatives of the criterion by theta."""

    gradient: Floats  # (theta,)
    hessian: Floats  # (theta, theta): average information plus curvature of L L'
    variance_slope: Floats  # (theta,): derivative of log residual variance
    inverse: Inverse


def evaluate(system: System, theta: Floats, *, restricted: bool) -> Point:
    """The criterion at `theta`: REML when `restricted`, else ML."""
    moments, blocks = system.moments, blocks_of(system, theta)
    solver = prepare(system, blocks)
    spherical = solve_with(solver, gather(system, blocks, moments.projected))
    adjusted = moments.projected - system.gram @ spread(system, blocks, spherical)
    cross = moments.cross - spherical.T @ gather(system, blocks, moments.projected)
    information, right = cross[:-1, :-1], cross[:-1, -1]
    beta = solved(information, right)
    quadratic = float(cross[-1, -1] - right @ beta)
    degrees = moments.rows - (len(beta) if restricted else 0)
    if not quadratic > 0:
        raise NoResult("growth.exact", "Mô hình tính ra đúng từng kết quả nên không còn gì để so sánh.")
    criterion = solver.log_determinant - moments.log_weights
    criterion += degrees * (1 + np.log(2 * np.pi * quadratic / degrees))
    if restricted:
        criterion += np.linalg.slogdet(information)[1]
    contrast = np.append(-beta, 1.0)[:, None]
    return Point(
        theta=theta,
        blocks=blocks,
        solver=solver,
        criterion=float(criterion),
        beta=beta,
        residual_variance=quadratic / degrees,
        information=information,
        spherical=spherical @ contrast,
        adjusted=adjusted,
        score=adjusted @ contrast,
        quadratic=quadratic,
    )


def derivatives(system: System, point: Point, *, restricted: bool) -> Slope:
    """Gradient and average-information Hessian at `point`."""
    moments = system.moments
    degrees = moments.rows - (moments.columns if restricted else 0)
    inverse = entries_of_inverse(system, point.solver)
    scale = degrees / point.quadratic
    gradient, curvatures = [], []
    for trace, excess, block in zip(
        _traces(system, point, inverse),
        _excesses(system, point, scale, restricted=restricted),
        point.blocks,
        strict=True,
    ):
        columns, rows = np.triu_indices(len(block))
        gradient.append(2 * (trace + excess @ block)[rows, columns])
        curvature = _divided(trace, block) + excess
        curvatures.append(curvature + curvature.T)
    information, along = _information(system, point, _directions(system, point))
    hessian = scale * (information - np.outer(along, along) / point.quadratic)
    hessian += _curvature(system, curvatures)
    return Slope(np.concatenate(gradient), hessian, -along / point.quadratic, inverse)


def _excesses(system: System, point: Point, scale: float, *, restricted: bool) -> list[Floats]:
    """Per term, what data and fixed effects take off the trace, summed over levels. Shapes: (k, k)."""
    excesses, inverse = [], inverted(point.information)
    for part, adjusted, block in zip(
        split(system, point.score), split(system, point.adjusted), point.blocks, strict=True
    ):
        score = part.reshape(-1, len(block))
        excess = -scale * (score.T @ score)
        if restricted:
            fixed = adjusted[:, :-1].reshape(len(score), len(block), -1)
            excess = excess - np.einsum("nap,nbp->ab", fixed @ inverse, fixed)
        excesses.append(excess)
    return excesses


def _traces(system: System, point: Point, inverse: Inverse) -> list[Floats]:
    """Per term, the sum over its levels of (A L C^-1) within the level. Shapes: (k, k)."""
    own, between = inverse_blocks(system, inverse.diagonal, inverse.edges)
    if not isinstance(point.solver, Factor):
        # L'(A L C^-1) = I - C^-1 within a level: no entries between levels are needed, but L must be regular.
        return [
            _left_divided(np.eye(len(b)) * len(part) - part.sum(axis=0), b)
            for part, b in zip(own, point.blocks, strict=True)
        ]
    traces = [
        np.einsum("nab,bc,ncd->ad", gram, block, part, optimize=True)
        for gram, block, part in zip(system.moments.own, point.blocks, own, strict=True)
    ]
    for pairs, part in zip(system.moments.pairs, between, strict=True):
        first, second = point.blocks[pairs.first], point.blocks[pairs.second]
        traces[pairs.first] = traces[pairs.first] + np.einsum(
            "nab,bc,ndc->ad", pairs.blocks, second, part, optimize=True
        )
        traces[pairs.second] = traces[pairs.second] + np.einsum(
            "nba,bc,ncd->ad", pairs.blocks, first, part, optimize=True
        )
    return traces


def _divided(trace: Floats, block: Floats) -> Floats:
    """trace L^-1, with near-zero pivots of L lifted: only a curvature, so it need not be exact."""
    return solved(_lifted(block).T, trace.T).T


def _left_divided(trace: Floats, block: Floats) -> Floats:
    return solved(_lifted(block).T, trace)


def _lifted(block: Floats) -> Floats:
    pivots = np.diag(block)
    lifted: Floats = block + np.diag(np.where(np.abs(pivots) < TINY, TINY, 0.0))
    return lifted


def _directions(system: System, point: Point) -> Floats:
    """(dL L' + L dL') Z'Py for each entry of theta. Shapes: (nodes, theta)."""
    columns = []
    for index, (term, block) in enumerate(zip(system.terms, point.blocks, strict=True)):
        score = split(system, point.score)[index].reshape(-1, term.width)
        inner = score @ block
        for column, row in zip(*np.triu_indices(term.width), strict=True):
            change = np.outer(score[:, row], block[:, column])
            change[:, row] += inner[:, column]
            whole = np.zeros(system.nodes)
            start = system.offsets[index]
            whole[start : start + term.nodes] = change.ravel()
            columns.append(whole)
    return np.column_stack(columns)


def _information(system: System, point: Point, directions: Floats) -> tuple[Floats, Floats]:
    """Inner products h'Z'PZh of the directions, and h'Z'Py."""
    image = system.gram @ directions
    gathered = gather(system, point.blocks, image)
    inner = directions.T @ image - gathered.T @ solve_with(point.solver, gathered)
    fixed = point.adjusted[:, :-1].T @ directions
    inner -= fixed.T @ solved(point.information, fixed)
    return inner, (point.score.T @ directions)[0]


def _curvature(system: System, curvatures: list[Floats]) -> Floats:
    """Second derivatives that come from L L' being quadratic in L."""
    size = sum(term.factors for term in system.terms)
    hessian = np.zeros((size, size))
    start = 0
    for term, curvature in zip(system.terms, curvatures, strict=True):
        columns, rows = np.triu_indices(term.width)
        same_column = columns[:, None] == columns[None, :]
        stop = start + term.factors
        hessian[start:stop, start:stop] = same_column * curvature[np.ix_(rows, rows)]
        start = stop
    return hessian
