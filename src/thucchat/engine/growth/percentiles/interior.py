"""One quantile regression as a linear programme, by a primal-dual interior-point method.

maximise y'a subject to X'a = t and 0 ≤ a ≤ 1, whose multipliers are the coefficients b of the fitted plane.
With t = (1 - τ) X'1 it is the regression of the τ quantile; other t keep rows that are already known to lie
above or below the plane out of the problem.

Source: Portnoy & Koenker (1997), Statistical Science 12(4), 279-300; Mehrotra (1992), SIAM J. Optim.
2(4), 575-601.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.growth.percentiles.slices import Tall

Vector = NDArray[np.float64]
BACK_OFF = 0.9995  # share of the step to the boundary
ROUNDS = 100
GAP = 1e-9  # duality gap, as a share of the sum of absolute residuals
MISS = 1e-6  # of the constraints, relative
EXPLODED, GONE = 1e3, 1e-9
RIDGE = 1e-13  # relative, keeps the normal equations positive definite near the vertex


@dataclass(frozen=True, slots=True)
class Plane:
    """A fitted plane, with the record of its iteration."""

    coefficients: Vector  # (columns,)
    rounds: int
    converged: bool


@dataclass(slots=True)
class _Point:
    a: Vector  # (rows,), weights
    s: Vector  # (rows,), 1 - a
    z: Vector  # (rows,), multiplier of a ≥ 0
    w: Vector  # (rows,), multiplier of s ≥ 0
    b: Vector  # (columns,), coefficients; always y - X b = w - z


def fit_plane(X: Tall, y: Vector, t: Vector, *, start: Vector) -> Plane:
    """Solve the programme above from the plane `start`.

    Shapes:
        X: rows and columns, the first column of ones. y: (rows,). t, start: (columns,).
    """
    point = _start(X, y, t, start)
    residuals = np.abs(point.w - point.z)
    allowed_gap = GAP * float(residuals.sum()) + np.finfo(float).tiny
    allowed_miss = MISS * max(1.0, float(np.abs(t).max()))
    least_gap = np.inf
    for rounds in range(ROUNDS):
        miss = t - X.turned_times(point.a)
        gap = float((point.z * point.a + point.w * point.s).sum())
        least_gap = min(least_gap, gap)
        close = float(np.abs(miss).max()) <= allowed_miss
        if gap <= allowed_gap and close:
            return Plane(point.b, rounds, converged=True)
        # A gap that explodes: no a meets the constraints. One that is gone: nothing moves any more.
        stuck = gap > EXPLODED * least_gap or gap < GONE * allowed_gap
        if stuck or not _advance(point, X, miss, gap):
            break
    return Plane(point.b, ROUNDS, converged=bool(gap <= 1e4 * allowed_gap and close))


def _start(X: Tall, y: Vector, t: Vector, start: Vector) -> _Point:
    share = min(max(float(t[0]) / len(y), 0.05), 0.95)
    residual = y - X.times(start)
    offset = 0.5 * float(np.abs(residual).mean()) + 1e-10
    a = np.full(len(y), share)
    below = np.maximum(-residual, 0) + offset
    return _Point(a, 1 - a, below, below + residual, start.copy())


def _advance(point: _Point, X: Tall, miss: Vector, gap: float) -> bool:
    """One predictor-corrector step in place. False when the equations can no longer be solved."""
    a, s, z, w = point.a, point.s, point.z, point.w
    q = 1 / (z / a + w / s)
    normal = X.weighted_square(q)
    normal.flat[:: len(normal) + 1] *= 1 + RIDGE
    try:
        inverse = np.linalg.inv(normal)
    except np.linalg.LinAlgError:
        return False

    def direction(centre_z: Vector, centre_w: Vector) -> tuple[Vector, Vector, Vector, Vector]:
        lean = centre_w / s - centre_z / a
        db = -(inverse @ (miss + X.turned_times(q * lean)))
        da = -q * (X.times(db) + lean)
        return db, da, (centre_z - z * da) / a, (centre_w + w * da) / s

    _, da, dz, dw = direction(-z * a, -w * s)
    dual, primal = _reach(a, da, s, -da), _reach(z, dz, w, dw)
    # Sums of products, not dot products: see `slices` for what threads cost here.
    left = float(((z + primal * dz) * (a + dual * da) + (w + primal * dw) * (s - dual * da)).sum())
    centre = gap * (left / gap) ** 3 / (2 * len(a))
    centre_z, centre_w = centre - z * a - da * dz, centre - w * s + da * dw
    db, da, _, _ = direction(centre_z, centre_w)
    # Near the vertex q spans many powers of ten: what rounding left of the constraints is solved once more.
    again = -(inverse @ (miss - X.turned_times(da)))
    db, da = db + again, da - q * X.times(again)
    dz, dw = (centre_z - z * da) / a, (centre_w + w * da) / s
    dual, primal = _reach(a, da, s, -da), _reach(z, dz, w, dw)
    point.a, point.s = a + dual * da, s - dual * da
    point.z, point.w, point.b = z + primal * dz, w + primal * dw, point.b + primal * db
    return bool(np.isfinite(point.b).all())


def _reach(first: Vector, first_step: Vector, second: Vector, second_step: Vector) -> float:
    """Largest step, at most 1, that keeps both vectors positive."""
    lowest = min(float((first_step / first).min()), float((second_step / second).min()))
    return min(1.0, -BACK_OFF / lowest) if lowest < 0 else 1.0
