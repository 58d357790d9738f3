"""Climbing to the top of the marginal likelihood: a few steps of expectation–maximisation, then Newton.

Newton steps use the exact observed information, so the standard errors come with the last step.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from thucchat.engine.measurement.irt.complete import fisher_items, item_gradient
from thucchat.engine.measurement.irt.information import evaluate
from thucchat.engine.measurement.irt.items import ItemBank, curves
from thucchat.engine.measurement.irt.latent import Latent
from thucchat.engine.measurement.irt.packing import Packed
from thucchat.engine.measurement.irt.places import FreePlaces
from thucchat.engine.measurement.irt.posterior import Expected, expected_counts
from thucchat.engine.measurement.irt.prior import GuessingPrior

Floats = NDArray[np.float64]
LONGEST_STEP = 1.0  # logits, of any parameter in one step
MOST_DAMPING = 1e6
FLAT = 1e-6  # of a gradient


@dataclass(frozen=True, slots=True)
class Problem:
    """What stays the same while climbing."""

    packed: Packed
    free: FreePlaces
    prior: GuessingPrior
    thinning: int = 1  # of the persons from whom lost information is extrapolated on the way


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the way."""

    bank: ItemBank
    latent: Latent


@dataclass(frozen=True, slots=True)
class Summit:
    """Where the climb ended."""

    point: Point
    information: Floats  # (free, free) observed, with the prior
    history: tuple[float, ...]  # log-likelihood plus log prior at each step
    decrement: float  # gradient · information⁻¹ · gradient before the last step; twice the gain it promised
    converged: bool


def expectation_maximisation(problem: Problem, point: Point, steps: int) -> Point:
    """Some steps of EM with one scoring step inside each; never far from the top, never quite there."""
    for _ in range(steps):
        shape = curves(point.bank, point.latent.nodes)
        expected = expected_counts(problem.packed, shape, point.latent)
        gradient = item_gradient(shape, expected) + problem.prior.gradient(point.bank)
        information = fisher_items(shape, expected.counts)
        diagonal = np.einsum("jpp->jp", information)
        diagonal += problem.prior.information(point.bank) + 1e-6
        free = problem.free.items
        information *= free[:, :, None] & free[:, None, :]
        diagonal += ~free
        change = np.linalg.solve(information, (gradient * free)[:, :, None])[:, :, 0]
        longest = np.abs(change).max(axis=1, keepdims=True)
        change *= np.minimum(1, LONGEST_STEP / np.maximum(longest, 1e-12))
        bank = point.bank.at(point.bank.parameters + change)
        point = Point(bank, _group_maximum(problem.free, point.latent, expected))
    return point


def _group_maximum(free: FreePlaces, latent: Latent, expected: Expected) -> Latent:
    share = expected.nodes / expected.nodes.sum(axis=1, keepdims=True)
    mean = np.where(free.groups[:, 0], share @ latent.nodes, latent.mean)
    square = (share * (latent.nodes - mean[:, None]) ** 2).sum(axis=1)
    return latent.moved(mean, np.where(free.groups[:, 1], np.sqrt(square), latent.sd))


@dataclass(frozen=True, slots=True)
class _View:
    """The objective around one point."""

    value: float  # log-likelihood plus log prior
    gradient: Floats  # (free,)
    information: Floats  # (free, free)
    outer: Floats | None  # (free, free) a stand-in that is never indefinite


def newton(problem: Problem, start: Point, *, tolerance: float, limit: int) -> Summit:
    """Damped Newton steps until one promises less than `tolerance` in twice the log-likelihood."""
    noise = 1e-12 if problem.packed.dtype == np.float64 else 2e-7
    point, damping, history = start, 0.0, []
    view = _look(problem, point)
    step, exact = _step(view, damping)
    for _ in range(limit):
        history.append(view.value)
        decrement = float(view.gradient @ step)
        shortened = min(1.0, LONGEST_STEP / max(float(np.abs(step).max(initial=0)), 1e-12))
        ahead = Point(*problem.free.step(point.bank, point.latent, shortened * step))
        if exact and decrement < tolerance:
            return Summit(ahead, view.information, tuple(history), decrement, converged=True)
        seen = _look(problem, ahead)
        if np.isfinite(seen.value) and seen.value >= view.value - noise * abs(view.value):
            point, view = ahead, seen
            damping = damping / 30 if damping > 1e-4 else 0.0
        else:
            damping = max(10 * damping, 1e-3)
        if damping > MOST_DAMPING:
            break
        step, exact = _step(view, damping)
    return Summit(point, view.information, tuple(history), float(view.gradient @ step), converged=False)


def _look(problem: Problem, point: Point) -> _View:
    free, prior = problem.free, problem.prior
    found = evaluate(problem.packed, point.bank, point.latent, free, thinning=problem.thinning)
    information, gradient = found.complete - found.lost, found.gradient.copy()
    prior.add_to(point.bank, free, gradient, information)
    if found.outer is not None:
        prior.add_to(point.bank, free, np.zeros(free.count), found.outer)
    held = _at_the_edge(point.bank, free, gradient)
    gradient[held] = 0
    for curve in (information, found.outer):
        _hold(held, curve)
    value = found.expected.log_likelihood + prior.log_density(point.bank)
    return _View(value, gradient, information, found.outer)


def _at_the_edge(bank: ItemBank, free: FreePlaces, gradient: Floats) -> NDArray[np.intp]:
    """Places of guessing parameters that are 0 and would go further down, where no step ends."""
    item, parameter = np.nonzero(free.items)
    edge = bank.unguessed[item] & (parameter == free.items.shape[1] - 1)
    return np.flatnonzero(edge & (gradient[: free.of_items] < FLAT))


def _hold(places: NDArray[np.intp], curve: Floats | None) -> None:
    """Take the parameters at these places out of the curvature (free, free), in place."""
    if curve is not None:
        curve[places], curve[:, places] = 0, 0
        curve[places, places] = 1


def _step(view: _View, damping: float) -> tuple[Floats, bool]:
    """Newton step, and whether it is one: undamped, with the information as it is.

    An indefinite information, far from the top, gives way to the outer products of scores, or to damping.
    """
    curve = view.information
    if damping == 0 and (step := _solved(curve, view.gradient)) is not None:
        return step, True
    if view.outer is not None:
        curve = view.outer
    scale = np.maximum(np.abs(np.diag(curve)), 1e-8)
    while damping <= MOST_DAMPING:
        step = _solved(curve + np.diag(damping * scale), view.gradient)
        if step is not None:
            return step, False
        damping = max(10 * damping, 1e-4)
    return view.gradient / scale / MOST_DAMPING, False


def _solved(curve: Floats, gradient: Floats) -> Floats | None:
    try:
        return np.asarray(cho_solve(cho_factor(curve, lower=True), gradient), np.float64)
    except LinAlgError:
        return None
