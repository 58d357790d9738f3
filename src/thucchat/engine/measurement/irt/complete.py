"""Score and information of the expected complete data: item by item, group by group."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from thucchat.engine.measurement.irt.items import HIGHEST, Curves, Family, ItemBank
from thucchat.engine.measurement.irt.latent import Latent
from thucchat.engine.measurement.irt.places import FreePlaces
from thucchat.engine.measurement.irt.posterior import Expected

Floats = NDArray[np.float64]


def complete_information(
    bank: ItemBank, shape: Curves, latent: Latent, expected: Expected, free: FreePlaces
) -> tuple[Floats, Floats]:
    """Gradient (free,) and observed information (free, free) of the expected complete-data likelihood."""
    information = np.zeros((free.count, free.count))
    by_item = observed_items(bank, shape, latent.nodes, expected.counts)
    start = 0
    for item, chosen in enumerate(free.items):
        stop = start + int(chosen.sum())
        information[start:stop, start:stop] = by_item[item][np.ix_(chosen, chosen)]
        start = stop
    for group, chosen in enumerate(free.groups):
        stop = start + int(chosen.sum())
        curve = _group_information(latent, expected, group)
        information[start:stop, start:stop] = curve[np.ix_(chosen, chosen)]
        start = stop
    return complete_gradient(shape, latent, expected, free), information


def complete_gradient(shape: Curves, latent: Latent, expected: Expected, free: FreePlaces) -> Floats:
    """(free,) derivative of the expected complete-data likelihood, and so of the likelihood itself."""
    of_groups = np.einsum("gpq,gq->gp", latent.score, expected.nodes)
    return np.concatenate([item_gradient(shape, expected)[free.items], of_groups[free.groups]])


def item_gradient(shape: Curves, expected: Expected) -> Floats:
    """(items, parameters) derivative of the expected log-likelihood."""
    return np.asarray(np.einsum("jkq,jpkq->jp", expected.counts, shape.score))


def fisher_items(shape: Curves, counts: Floats) -> Floats:
    """(items, parameters, parameters) information each item is expected to give, never indefinite."""
    weighted = shape.score * (np.exp(shape.log_p) * counts.sum(axis=1, keepdims=True))[:, None]
    return _product(weighted, shape.score)


def _product(left: Floats, right: Floats) -> Floats:
    items, parameters = left.shape[:2]
    flat = left.reshape(items, parameters, -1), right.reshape(items, parameters, -1)
    return np.asarray(np.matmul(flat[0], flat[1].transpose(0, 2, 1)))


def observed_items(bank: ItemBank, shape: Curves, theta: Floats, counts: Floats) -> Floats:
    """(items, parameters, parameters) minus the second derivative of the expected log-likelihood."""
    information = fisher_items(shape, counts)
    bent = np.flatnonzero(bank.families != Family.ADJACENT)
    if len(bent):
        score = shape.score[bent]
        information[bent] = _product(score * counts[bent][:, None], score)
    for item in bent:
        curved = _graded_curvature if bank.families[item] == Family.GRADED else _guessing_curvature
        ratio = counts[item] * np.exp(np.minimum(-shape.log_p[item], HIGHEST))
        information[item] -= curved(bank.parameters[item], int(bank.categories[item]), theta, ratio)
    return information


def _guessing_curvature(row: Floats, _: int, theta: Floats, ratio: Floats) -> Floats:
    """Σ over nodes of (counts / P) · second derivative of P(1), where P(0) = 1 − P(1)."""
    c, z = expit(row[-1]), row[0] * theta + row[1]
    right, wrong = expit(z), expit(-z)
    weight = ratio[1] - ratio[0]
    slope, bend = right * wrong, right * wrong * (wrong - right)
    out = np.zeros((len(row), len(row)))
    powers = np.stack([theta, np.ones_like(theta)])
    out[:2, :2] = (1 - c) * (powers * (weight * bend)) @ powers.T
    out[-1, :2] = out[:2, -1] = -c * (1 - c) * powers @ (weight * slope)
    out[-1, -1] = c * (1 - c) * (1 - 2 * c) * (weight @ wrong)
    return out


def _graded_curvature(row: Floats, categories: int, theta: Floats, ratio: Floats) -> Floats:
    """Σ over categories and nodes of (counts / P) · second derivative of P."""
    z = row[0] * theta + row[1:categories, None]
    right, wrong = expit(z), expit(-z)
    # Step m raises category m and lowers category m − 1 by the same amount.
    bend = right * wrong * (wrong - right) * (ratio[1:categories] - ratio[: categories - 1])
    out = np.zeros((len(row), len(row)))
    out[0, 0] = (bend @ theta**2).sum()
    out[0, 1:categories] = out[1:categories, 0] = bend @ theta
    steps = np.arange(1, categories)
    out[steps, steps] = bend.sum(axis=1)
    return out


def _group_information(latent: Latent, expected: Expected, group: int) -> Floats:
    """Information of a group's mean and log deviation on the grid (weights sum to one)."""
    nodes, mean, sd = expected.nodes[group], latent.mean[group], latent.sd[group]
    z = (latent.nodes - mean) / sd
    weights = np.exp(latent.log_weights[group])
    raw = np.stack([z / sd, z**2])
    # log density −z²/2: second derivatives −1/sd², −2 z/sd, −2 z², each relative to its prior mean.
    second = np.stack([np.full_like(z, -1 / sd**2), -2 * z / sd, -2 * z**2])
    total = nodes.sum()
    spread = (raw * weights) @ raw.T - np.outer(raw @ weights, raw @ weights)
    seen = second @ nodes - total * (second @ weights)
    curve = np.array([[seen[0], seen[1]], [seen[1], seen[2]]])
    return np.asarray(total * spread - curve)
