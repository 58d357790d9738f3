"""Root mean squared errors of predicted effects when variances and fixed effects are themselves estimated.

The conditional errors of `effects` take the variances and the fixed part as known. Here both are open: with
theta the variances, the mean squared error of a predicted effect is
    E[Var(b | theta, y)] + E[(E[b | theta, y] - prediction)^2],
averaged over theta as in `integration`, and Var(b | theta, y) includes the error of the fixed effects.
Effects are measured from the mean of the levels of their term, where their predictions have their mean too.
Source: Kass and Steffey (1989), JASA 84, 717-726; Kackar and Harville (1984), JASA 79, 853-862; Prasad and
Rao (1990), JASA 85, 163-171; Henderson (1975), Biometrics 31, 423-447, for the fixed effects' part.
"""

from dataclasses import dataclass

import numpy as np

from thucchat.engine.growth.mixed.dense import inverted
from thucchat.engine.growth.mixed.design import Codes, Design, Floats
from thucchat.engine.growth.mixed.effects import predicted_effects
from thucchat.engine.growth.mixed.fit import MixedFit
from thucchat.engine.growth.mixed.integration import average_over_theta
from thucchat.engine.growth.mixed.likelihood import Point
from thucchat.engine.growth.mixed.preparation import Prepared, prepared
from thucchat.engine.growth.mixed.solver import entries_of_inverse, solve_with
from thucchat.engine.growth.mixed.system import gather, split, spread


@dataclass(frozen=True, slots=True)
class PredictionErrors:
    """Root mean squared errors, in units of the effects."""

    terms: tuple[Floats, ...]  # per term (levels, k)
    sums: Floats  # (sums,)
    effective: float  # points of theta that they rest on, in effect


def prediction_errors(design: Design, fit: MixedFit, sums: Codes | None = None) -> PredictionErrors:
    """Errors of all effects of `fit` to `design`, and of `sums` of two effects.

    Shapes:
        sums: (sums, 2), each effect counted through the terms, level by level and coefficient by coefficient.
    Raises:
        NoResult: `growth.not_definite`.
    """
    pairs = np.zeros((0, 2), np.int64) if sums is None else sums
    if not fit.effects:
        return PredictionErrors((), np.zeros(len(pairs)), np.inf)
    given = prepared(design)
    size = np.concatenate([np.tile(s, len(t.levels)) for s, t in zip(given.scales, fit.terms, strict=True)])
    parts = _Parts(given, size, pairs)
    average = average_over_theta(given.system, fit.theta, lambda point: np.stack(_moments(parts, point)))
    means, variances = average.visited[:, 0], average.visited[:, 1]
    predicted = parts.targets(np.concatenate([part.estimates.ravel() for part in fit.effects]))
    errors = np.sqrt(average.weights @ (variances + (means - predicted) ** 2))
    own = split(given.system, errors[: len(size)])
    return PredictionErrors(
        tuple(part.reshape(-1, term.width) for part, term in zip(own, fit.terms, strict=True)),
        errors[len(size) :],
        average.effective,
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """What is the same at every theta."""

    given: Prepared
    size: Floats  # (nodes,): what the column of each effect was divided by
    pairs: Codes  # (sums, 2)

    def centred(self, values: Floats) -> Floats:
        """`values` less the mean of their coefficient over its levels. Shapes: (nodes, ...)."""
        result = []
        for part, term in zip(split(self.given.system, values), self.given.system.terms, strict=True):
            levels = part.reshape(-1, term.width, *part.shape[1:])
            result.append((levels - levels.mean(axis=0)).reshape(part.shape))
        return np.concatenate(result)

    def targets(self, effects: Floats) -> Floats:
        """Effects in units of the response, then sums, each about its mean. Shapes: (nodes + sums,)."""
        summed = effects[self.pairs].sum(axis=1)
        about = summed - summed.mean() if len(summed) else summed
        return np.concatenate([self.centred(effects), about])


def _moments(parts: _Parts, point: Point) -> tuple[Floats, Floats]:
    """Means and variances of all targets given theta. Shapes: (nodes + sums,) each."""
    system = parts.given.system
    inverse = entries_of_inverse(system, point.solver)
    effects = predicted_effects(system, (point, inverse), point.blocks)
    means = parts.targets(np.concatenate([part.estimates.ravel() for part in effects]) / parts.size)
    own = np.concatenate([part.errors.ravel() ** 2 for part in effects])
    own = (own + _off_the_mean(parts, point) + _fixed_part(parts, point)) / parts.size**2
    return means, np.concatenate([np.maximum(own, 0.0), _of_sums(parts, point)])


def _covariance_times(parts: _Parts, point: Point, right: Floats) -> Floats:
    """Conditional covariance of all effects times `right`. Shapes: (nodes, columns) to the same."""
    system = parts.given.system
    solution = solve_with(point.solver, gather(system, point.blocks, right))
    covered: Floats = point.residual_variance * spread(system, point.blocks, solution)
    return covered


def _off_the_mean(parts: _Parts, point: Point) -> Floats:
    """What measuring from the mean of the levels adds to conditional variances. Shapes: (nodes,)."""
    system = parts.given.system
    widths = [term.width for term in system.terms]
    mean = np.zeros((system.nodes, sum(widths)))
    own = np.concatenate(
        [
            np.tile(start + np.arange(term.width), len(term.levels))
            for term, start in zip(system.terms, np.cumsum([0, *widths]), strict=False)
        ]
    )
    mean[np.arange(system.nodes), own] = 1 / np.bincount(own)[own]
    covered = _covariance_times(parts, point, mean)
    among = np.einsum("nc,nc->c", mean, covered)
    result: Floats = among[own] - 2 * covered[np.arange(system.nodes), own]
    return result


def _fixed_effects(parts: _Parts, point: Point) -> Floats:
    """How predicted effects move with the fixed ones. Shapes: (nodes, p)."""
    system = parts.given.system
    columns = gather(system, point.blocks, point.adjusted[:, :-1])
    return spread(system, point.blocks, columns)


def _fixed_part(parts: _Parts, point: Point) -> Floats:
    moved = parts.centred(_fixed_effects(parts, point))
    variances: Floats = np.einsum("np,pq,nq->n", moved, inverted(point.information), moved)
    return point.residual_variance * variances


def _of_sums(parts: _Parts, point: Point) -> Floats:
    """Variances of the sums about their mean. Shapes: (sums,)."""
    if not len(parts.pairs):
        return np.zeros(0)
    place = np.arange(len(parts.pairs))
    picked = np.zeros((parts.given.system.nodes, len(place)))
    for member in parts.pairs.T:
        picked[member, place] += 1 / parts.size[member]
    picked -= picked.mean(axis=1, keepdims=True)
    own: Floats = np.einsum("ns,ns->s", picked, _covariance_times(parts, point, picked))
    moved = picked.T @ _fixed_effects(parts, point)
    own += point.residual_variance * np.einsum("sp,pq,sq->s", moved, inverted(point.information), moved)
    return np.asarray(np.maximum(own, 0.0), dtype=np.float64)
