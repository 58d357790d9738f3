"""Items of the response models: their parameters, category curves and first derivatives.

Three families cover all models. With `a` the slope, `d` the intercepts, `k` the category and θ the ability:
ADJACENT  log P(k) = a k θ + d_k − log Σ   (Rasch, partial credit, 2PL, generalised partial credit; d_0 = 0)
GRADED    P(at least k) = logistic(a θ + d_k), d falling   (graded response)
GUESSING  P(1) = c + (1 − c) logistic(a θ + d_1), c = logistic(g)   (3PL)
Parameters stand in one row per item: a, d_1 … d_m, g; places an item does not use are 0 and never free.
"""

from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_expit

Floats = NDArray[np.float64]
HIGHEST = 300.0  # exponent that still leaves room for products
NO_GUESSING = -10.0  # logit of c below which c is 0: the likelihood has become flat in it
LOWEST = -1e4  # stands for the logarithm of a probability that vanished


class Family(IntEnum):
    """How categories compete."""

    ADJACENT = 0
    GRADED = 1
    GUESSING = 2


class Model(StrEnum):
    """Names on the command line."""

    RASCH = "rasch"
    PCM = "pcm"
    TWO_PL = "2pl"
    THREE_PL = "3pl"
    GPCM = "gpcm"
    GRM = "grm"


@dataclass(frozen=True, slots=True)
class ItemBank:
    """Items with the same shape of parameter table."""

    names: tuple[str, ...]
    models: tuple[Model, ...]
    categories: NDArray[np.int64]  # (items,)
    parameters: Floats  # (items, most categories + 1): a, d_1 … d_m, g

    @property
    def families(self) -> NDArray[np.int64]:
        """(items,) the family of each item."""
        return np.array([FAMILIES[model] for model in self.models])

    @property
    def unguessed(self) -> NDArray[np.bool_]:
        """(items,) 3PL items whose c has come to the edge, 0."""
        edge: NDArray[np.bool_] = self.parameters[:, -1] <= NO_GUESSING
        return edge

    def at(self, parameters: Floats) -> "ItemBank":
        """The same items with other parameters."""
        return replace(self, parameters=parameters)


@dataclass(frozen=True, slots=True)
class Curves:
    """What each item does at each ability."""

    log_p: Floats  # (items, categories, nodes), LOWEST where the category does not exist
    score: Floats  # (items, parameters, categories, nodes): derivative of log_p


FAMILIES = {
    Model.RASCH: Family.ADJACENT,
    Model.PCM: Family.ADJACENT,
    Model.TWO_PL: Family.ADJACENT,
    Model.GPCM: Family.ADJACENT,
    Model.GRM: Family.GRADED,
    Model.THREE_PL: Family.GUESSING,
}


def curves(bank: ItemBank, theta: Floats) -> Curves:
    """Log probabilities and their derivatives at the abilities `theta` (nodes,)."""
    items, width = bank.parameters.shape
    most = width - 1
    log_p = np.full((items, most, len(theta)), LOWEST)
    score = np.zeros((items, width, most, len(theta)))
    families = bank.families
    for family, fill in (
        (Family.ADJACENT, _adjacent),
        (Family.GRADED, _graded),
        (Family.GUESSING, _guessing),
    ):
        members = np.flatnonzero(families == family)
        if len(members):
            exists = np.arange(most) < bank.categories[members, None]
            log_p[members], score[members] = fill(bank.parameters[members], exists, theta)
    return Curves(np.maximum(log_p, LOWEST), score)


def free_parameters(bank: ItemBank) -> NDArray[np.bool_]:
    """(items, parameters) true where the model of the item has something to estimate."""
    width = bank.parameters.shape[1]
    free = np.zeros(bank.parameters.shape, bool)
    free[:, 1 : width - 1] = np.arange(1, width - 1) < bank.categories[:, None]
    free[:, 0] = [model not in {Model.RASCH, Model.PCM} for model in bank.models]
    free[:, -1] = [model is Model.THREE_PL for model in bank.models]
    return free


def _intercepts(parameters: Floats) -> Floats:
    """(items, categories) intercepts with d_0 = 0 in front."""
    return np.hstack([np.zeros((len(parameters), 1)), parameters[:, 1:-1]])


def _adjacent(parameters: Floats, exists: NDArray[np.bool_], theta: Floats) -> tuple[Floats, Floats]:
    items, width = parameters.shape
    rank = np.arange(width - 1.0)
    z = parameters[:, :1, None] * rank[:, None] * theta + _intercepts(parameters)[:, :, None]
    z = np.where(exists[:, :, None], z, -np.inf)
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    p = np.exp(log_p)
    score = np.zeros((items, width, width - 1, len(theta)))
    score[:, 0] = (rank[:, None] - np.einsum("k,jkq->jq", rank, p)[:, None]) * theta
    score[:, 1:-1] = np.eye(width - 1)[None, 1:, :, None] - p[:, 1:, None, :]
    return log_p, _erase(score, exists)


def _erase(score: Floats, exists: NDArray[np.bool_]) -> Floats:
    """Zero where the category, or the intercept of a category, does not exist."""
    score *= exists[:, None, :, None]
    score[:, 1:-1] *= exists[:, 1:, None, None]
    return score


def _graded(parameters: Floats, exists: NDArray[np.bool_], theta: Floats) -> tuple[Floats, Floats]:
    items, width = parameters.shape
    log_p = np.full((items, width - 1, len(theta)), LOWEST)
    score = np.zeros((items, width, width - 1, len(theta)))
    for item in range(items):
        count = int(exists[item].sum())
        a, d = parameters[item, 0], parameters[item, 1:count]
        log_p[item, :count], ratio = _graded_item(a, d, theta)
        score[item, 0, :count] = ratio.sum(axis=0) * theta
        score[item, 1:count, :count] = ratio
    return log_p, score


def _graded_item(a: float, d: Floats, theta: Floats) -> tuple[Floats, Floats]:
    """Log probabilities (categories, nodes) and their derivatives by intercept (steps, categories, nodes)."""
    z = a * theta + d[:, None]
    # P(k) = S_k (1 − S_{k+1}) (1 − exp(d_{k+1} − d_k)) loses no digits where two curves almost touch.
    above = np.vstack([np.zeros_like(theta), log_expit(z)])
    below = np.vstack([log_expit(-z), np.zeros_like(theta)])
    gap = np.log(-np.expm1(np.minimum(np.diff(d), -1e-12)))
    log_p = above + below + np.concatenate([[0.0], gap, [0.0]])[:, None]
    slope = log_expit(z) + log_expit(-z)
    ratio = np.zeros((len(d), len(d) + 1, len(theta)))
    steps = np.arange(len(d))
    ratio[steps, steps + 1] = np.exp(np.minimum(slope - log_p[1:], HIGHEST))
    ratio[steps, steps] = -np.exp(np.minimum(slope - log_p[:-1], HIGHEST))
    return log_p, ratio


def _guessing(parameters: Floats, exists: NDArray[np.bool_], theta: Floats) -> tuple[Floats, Floats]:
    items, width = parameters.shape
    a, d, c = parameters[:, 0, None], parameters[:, 1, None], expit(parameters[:, -1, None])
    z = a * theta + d
    right, wrong = expit(z), expit(-z)
    p = c + (1 - c) * right
    log_p = np.full((items, width - 1, len(theta)), LOWEST)
    log_p[:, 1], log_p[:, 0] = np.log(p), np.log1p(-c) + log_expit(-z)
    score = np.zeros((items, width, width - 1, len(theta)))
    slope = (1 - c) * right * wrong / p
    score[:, 0, 1], score[:, 0, 0] = slope * theta, -right * theta
    score[:, 1, 1], score[:, 1, 0] = slope, -right
    score[:, -1, 1], score[:, -1, 0] = c * (1 - c) * wrong / p, np.broadcast_to(-c, z.shape)
    return log_p, score * exists[:, None, :, None]
