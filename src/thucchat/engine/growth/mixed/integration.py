"""Averages over what the data leave open of a mixed model's variances.

theta (the entries of L) is given the density proportional to its restricted likelihood times a weak prior.
For one coefficient the prior is flat in the variance while the groups spread less than the residual and
falls beyond; in general it is prod_a |L_aa| (1 + |row a of L|^2)^(-(a + 2) / 2), a = 1, ..., k. The
integral is a sum over points drawn from Student's t, whose centre and spread follow the points already seen.
Source: Kass and Steffey (1989), JASA 84, 717-726. Prior: Morris (1983), JASA 78, 47-55; Chung, Rabe-Hesketh,
Dorie, Gelman, Liu (2013), Psychometrika 78, 685-709, and (2015), JEBS 40, 136-157. Points: Cornuet, Marin,
Mira, Robert (2012), Scandinavian Journal of Statistics 39, 798-812.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.special import logsumexp
from scipy.stats import qmc, t

from thucchat.engine.errors import NoResult
from thucchat.engine.growth.mixed.design import Codes, Floats
from thucchat.engine.growth.mixed.likelihood import Point, evaluate
from thucchat.engine.growth.mixed.system import System, blocks_of

ROUND = 32  # points drawn before the centre and the spread are looked at again
MOST_ROUNDS = 10
ENOUGH = 200.0  # effective points
FREEDOM = 5  # of Student's t
FIRST, LAST = 0.02, 8.0  # steps of theta by which the spread is first looked for
SEED = 20240831  # of the scrambled Halton sequence: the same data give the same errors


@dataclass(frozen=True, slots=True)
class Averages:
    """What was visited, and how much each visit counts."""

    weights: Floats  # (points,), sum 1
    visited: Floats  # (points, ...): what the visitor returned
    effective: float  # 1 / sum of squared weights


@dataclass(frozen=True, slots=True)
class _Proposal:
    centre: Floats  # (theta,)
    root: Floats  # (theta, theta): lower triangular


def average_over_theta(system: System, mode: Floats, visit: Callable[[Point], Floats]) -> Averages:
    """Visit points around `mode`, the estimate of theta, with their weights.

    Raises:
        NoResult: `growth.not_definite` when no point around the estimate can be solved.
    """
    column = _columns(system)
    draws = qmc.Halton(len(mode), rng=np.random.default_rng(SEED))
    proposals = [_Proposal(mode, np.diag(_first_spread(system, mode)))]
    thetas, heights, visited = [], [], []
    while True:
        for theta in _drawn(proposals[-1], draws, column):
            try:
                point = evaluate(system, theta, restricted=True)
                visited.append(visit(point))
            except NoResult:
                continue  # too far out: no weight
            thetas.append(theta)
            heights.append(_log_prior(system, theta) - point.criterion / 2)
        if not thetas:
            raise NoResult("growth.not_definite", "Không tính được sai số vì phương sai của nhóm quá lớn.")
        points = np.array(thetas)
        logs = np.array(heights) - _log_density(points, proposals, column)
        weights = np.exp(logs - logsumexp(logs))
        effective = 1 / float(weights @ weights)
        if effective >= ENOUGH or len(proposals) == MOST_ROUNDS:
            return Averages(weights, np.array(visited), effective)
        proposals.append(_adapted(proposals[-1], points, (weights, effective)))


def _columns(system: System) -> Codes:
    """The column of L that each entry of theta stands in, numbered through all terms."""
    parts, start = [], 0
    for term in system.terms:
        parts.append(start + np.triu_indices(term.width)[0])
        start += term.width
    return np.concatenate(parts)


def _first_spread(system: System, mode: Floats) -> Floats:
    """Standard deviation of each entry, from how soon the criterion rises above its least value."""
    least = evaluate(system, mode, restricted=True).criterion
    spread = np.zeros(len(mode))
    for place, value in enumerate(mode):
        step, rise = max(abs(value) / 8, FIRST) / 2, 0.0
        while rise < 1 and step < LAST:
            step *= 2
            moved = mode.copy()
            moved[place] += step
            rise = evaluate(system, moved, restricted=True).criterion - least
        spread[place] = min(step / np.sqrt(max(rise, 1e-4)), LAST)
    return spread


def _drawn(proposal: _Proposal, draws: qmc.Halton, column: Codes) -> Floats:
    """Points with the diagonal of L positive: the sign of a column changes nothing."""
    raw = proposal.centre + t.ppf(draws.random(ROUND), FREEDOM) @ proposal.root.T
    first = np.unique(column, return_index=True)[1]  # the diagonal comes first in its column
    drawn: Floats = raw * np.where(raw[:, first] < 0, -1.0, 1.0)[:, column]
    return drawn


def _log_prior(system: System, theta: Floats) -> float:
    total = 0.0
    for block in blocks_of(system, theta):
        rows = 1 + np.arange(len(block))
        size = np.einsum("ab,ab->a", block, block)
        total += float(np.log(np.maximum(np.abs(np.diag(block)), 1e-300)).sum())
        total -= float(((rows + 2) / 2 * np.log1p(size)).sum())
    return total


def _log_density(points: Floats, proposals: list[_Proposal], column: Codes) -> Floats:
    """Of the mixture of all proposals, mirrored over the signs of the columns, up to a constant."""
    parts = [
        t.logpdf(np.linalg.solve(one.root, (points * np.array(signs)[column] - one.centre).T), FREEDOM).sum(
            axis=0
        )
        - np.log(np.diag(one.root)).sum()
        for signs in product((1.0, -1.0), repeat=int(column.max()) + 1)
        for one in proposals
    ]
    density: Floats = logsumexp(parts, axis=0) - np.log(len(proposals))
    return density


def _adapted(before: _Proposal, points: Floats, weighted: tuple[Floats, float]) -> _Proposal:
    """Centre and spread of the weighted points, the less trusted the fewer they are in effect."""
    weights, effective = weighted
    centre = weights @ points
    covariance = (weights * (points - centre).T) @ (points - centre)
    trust = effective / (effective + 2 * len(centre))
    mixed = trust * covariance + (1 - trust) * before.root @ before.root.T
    return _Proposal(centre, np.asarray(np.linalg.cholesky(mixed), dtype=np.float64))
