"""Newton's method for the criterion of a mixed model, with a record of every step.

The criterion does not change when a column of L changes its sign, so theta is free of bounds.
"""

from dataclasses import dataclass, replace

import numpy as np

from thucchat.engine.errors import NoResult
from thucchat.engine.growth.mixed.design import Floats
from thucchat.engine.growth.mixed.likelihood import Point, Slope, derivatives, evaluate
from thucchat.engine.growth.mixed.system import System

MOST_STEPS = 200
DECREMENT = 1e-8  # expected fall of the criterion below which the search has converged
SMALL = 3_000  # random effects of a model for which further steps cost next to nothing
POLISH = 2  # such steps, which make the estimates of small models exact
EXACT = 1e-14  # expected fall that rounding hides: no step is worth taking
NEAR = 1e-2  # expected fall below which the exact curvature of a model of few effects is worth its price
FEW = 400  # random effects of such a model
PATIENCE = 15  # steps after which it is so for every small model
DIFFERENCE = 1e-4  # of theta, for the exact curvature
LONGEST_STEP = 2.0  # in units of the scale of each column
ROUNDING = 1e-13  # of the criterion's own size


@dataclass(frozen=True, slots=True)
class Step:
    """One accepted step."""

    criterion: float
    decrement: float  # expected fall of the criterion, by the quadratic approximation
    length: float  # share of the full step that was taken


@dataclass(frozen=True, slots=True)
class Search:
    """Where the search ended and how."""

    point: Point
    slope: Slope | None  # None without random terms
    steps: tuple[Step, ...]
    converged: bool


def minimise(system: System, start: Floats, *, restricted: bool, near: bool = False) -> Search:
    """Least criterion from `start`, or only a point near it."""
    point = evaluate(system, start, restricted=restricted)
    if not len(start):
        return Search(point, None, (), converged=True)
    steps: list[Step] = []
    while True:
        slope = derivatives(system, point, restricted=restricted)
        move, decrement = _newton_move(slope)
        if (
            system.nodes <= SMALL
            and not near
            and ((decrement < NEAR and system.nodes <= FEW) or len(steps) > PATIENCE)
        ):
            slope = _with_exact_curvature(system, (point, slope), restricted=restricted)
            move, decrement = _newton_move(slope)
        polished = sum(step.decrement < DECREMENT for step in steps)
        enough = decrement < (DECREMENT if system.nodes > SMALL else NEAR if near else EXACT)
        if enough or polished == POLISH or len(steps) == MOST_STEPS:
            return Search(point, slope, tuple(steps), converged=decrement < DECREMENT)
        better = _line_search(system, (point, slope), move, restricted=restricted)
        if better is None:
            noise = 1e3 * ROUNDING * abs(point.criterion) + 1e-9
            return Search(point, slope, tuple(steps), converged=decrement < noise)
        point, length = better
        steps.append(Step(point.criterion, decrement, length))


def _with_exact_curvature(system: System, here: tuple[Point, Slope], *, restricted: bool) -> Slope:
    """The slope with the Hessian by differences of gradients.

    Near singular covariances average information can be far from the curvature, and Newton's method slow.
    """
    point, slope = here
    rows = []
    for direction in DIFFERENCE * np.eye(len(point.theta)):
        ends = [
            derivatives(
                system,
                evaluate(system, point.theta + side * direction, restricted=restricted),
                restricted=restricted,
            ).gradient
            for side in (1, -1)
        ]
        rows.append((ends[0] - ends[1]) / (2 * DIFFERENCE))
    hessian = np.array(rows)
    return replace(slope, hessian=(hessian + hessian.T) / 2)


def _newton_move(slope: Slope) -> tuple[Floats, float]:
    """The step and the fall expected of it; directions of negative curvature are turned downhill."""
    scale = np.sqrt(np.maximum(np.abs(np.diag(slope.hessian)), 1e-12))
    values, vectors = np.linalg.eigh(slope.hessian / np.outer(scale, scale))
    curvature = np.maximum(np.abs(values), 1e-8)
    along = vectors.T @ (slope.gradient / scale)
    move = -(vectors @ (along / curvature)) / scale
    return move, float(along @ (along / curvature)) / 2


def _line_search(
    system: System, here: tuple[Point, Slope], move: Floats, *, restricted: bool
) -> tuple[Point, float] | None:
    point, slope = here
    longest = float(np.max(np.abs(move) / (np.abs(point.theta) + LONGEST_STEP)))
    length = min(1.0, 1.0 / longest) if longest > 0 else 1.0
    expected = float(slope.gradient @ move)
    allowance = ROUNDING * abs(point.criterion)
    for _ in range(30):
        try:
            trial = evaluate(system, point.theta + length * move, restricted=restricted)
        except NoResult:
            length /= 4
            continue
        if trial.criterion <= point.criterion + 1e-4 * length * expected + allowance:
            return trial, length
        length /= 2
    return None
