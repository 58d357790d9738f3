"""How likely each option is at each ability: the nominal response model, fitted by marginal likelihood.

P(option k | θ) ∝ exp(c_k + s_k θ), θ standard normal in the population. Abilities stand on a grid, so that
what two persons are expected to share depends only on two grid points. A weak normal prior on c and s
identifies the options' common level and keeps rare options finite.
Source: Bock (1972), Psychometrika 37(1), 29-51.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

from thucchat.engine.errors import NoResult
from thucchat.engine.measurement.forensics.answers import MISSING, Answers

Floats = NDArray[np.float64]
GRID = np.linspace(-4, 4, 81)
NODES = np.linspace(-4, 4, 33)
LARGEST_SAMPLE = 10_000  # persons the curves are fitted to
FEWEST = 20  # persons
ROUNDS, TOLERANCE = 60, 1e-3  # of the fit; largest change of a coefficient
PRIOR = 0.1  # precision of the coefficients
BLOCK = 4096  # persons


@dataclass(frozen=True, slots=True)
class OptionCurves:
    """Probability of each option along GRID, and where everybody stands on it."""

    p: Floats  # (grid, items, options)
    place: NDArray[np.int64]  # (persons,) grid point of the likeliest ability
    rounds: int
    converged: bool


def fit_curves(answers: Answers, rng: np.random.Generator) -> OptionCurves:
    """Curves from at most LARGEST_SAMPLE persons, drawn by `rng`; abilities of all.

    Raises:
        NoResult: `persons.few`.
    """
    answered = np.flatnonzero((answers.codes != MISSING).any(axis=1))
    if len(answered) < FEWEST:
        message = f"Cần ít nhất {FEWEST} thí sinh có bài làm để biết mức giống nhau bình thường, chỉ có "
        raise NoResult("persons.few", f"{message}{len(answered)}.")
    sample = answered
    if len(answered) > LARGEST_SAMPLE:
        sample = np.sort(rng.choice(answered, LARGEST_SAMPLE, replace=False))
    chosen = _chosen(answers, sample)
    weights = _by_score(answers, sample)
    coefficients = np.zeros((*answers.exists.shape, 2))
    change, rounds = np.inf, 0
    while change > TOLERANCE and rounds < ROUNDS:
        counts = (chosen.T @ weights).reshape(*answers.exists.shape, len(NODES))
        step = _newton_step(coefficients, counts, answers.exists)
        coefficients, rounds = coefficients + step, rounds + 1
        change = float(np.abs(step).max())
        weights = _posterior(chosen, log_curves(coefficients, answers.exists, NODES))
    grid = log_curves(coefficients, answers.exists, GRID)
    return OptionCurves(np.exp(grid), likeliest(answers, grid), rounds, change <= TOLERANCE)


def log_curves(coefficients: Floats, exists: NDArray[np.bool_], theta: Floats) -> Floats:
    """Log probabilities (nodes, items, options); options that do not exist have a probability of 0."""
    z = coefficients[..., 0] + coefficients[..., 1] * theta[:, None, None]
    return np.asarray(np.maximum(log_softmax(np.where(exists, z, -np.inf), axis=2), -1e4), dtype=np.float64)


def likeliest(answers: Answers, log_p: Floats) -> NDArray[np.int64]:
    """(persons,) grid point where the likelihood of the own answers is highest."""
    flat = log_p.reshape(len(log_p), -1).T
    persons = np.arange(len(answers.codes))
    blocks = [persons[start : start + BLOCK] for start in range(0, len(persons), BLOCK)]
    places = [(_chosen(answers, block) @ flat).argmax(axis=1) for block in blocks]
    return np.concatenate(places).astype(np.int64)


def _chosen(answers: Answers, persons: NDArray[np.int64]) -> Floats:
    """(persons, items × options) 1 where chosen."""
    options = np.arange(answers.exists.shape[1])
    chosen = answers.codes[persons][:, :, None] == options
    return np.asarray(chosen.reshape(len(persons), -1), dtype=np.float64)


def _by_score(answers: Answers, sample: NDArray[np.int64]) -> Floats:
    """First guess of everybody's place (persons, nodes): around the standardised share of right answers."""
    seen = (answers.codes[sample] != MISSING).sum(axis=1)
    share = answers.is_right[sample].sum(axis=1) / seen
    standard = (share - share.mean()) / max(float(share.std()), 1e-9)
    weights = np.exp(-2 * (NODES - standard[:, None]) ** 2)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _posterior(chosen: Floats, log_p: Floats) -> Floats:
    log_weight = chosen @ log_p.reshape(len(log_p), -1).T - NODES**2 / 2
    weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def _newton_step(coefficients: Floats, counts: Floats, exists: NDArray[np.bool_]) -> Floats:
    """One step of every item's penalised multinomial regression on the nodes.

    Shapes:
        coefficients: (items, options, 2).
        counts: (items, options, nodes) expected choices.
    """
    items, options, _ = coefficients.shape
    p = np.exp(log_curves(coefficients, exists, NODES)).transpose(1, 2, 0)
    seen = counts.sum(axis=1, keepdims=True)
    powers = np.stack([np.ones_like(NODES), NODES])
    gradient = np.einsum("jkq,fq->jkf", counts - seen * p, powers) - PRIOR * coefficients
    own = np.einsum("jkq,kl->jklq", seen * p, np.eye(options)) - np.einsum("jkq,jlq->jklq", seen * p, p)
    curvature = np.einsum("jklq,fq,gq->jkflg", own, powers, powers).reshape(items, 2 * options, -1)
    curvature += PRIOR * np.eye(2 * options)
    step = np.linalg.solve(curvature, gradient.reshape(items, -1, 1)).reshape(coefficients.shape)
    return np.clip(step, -1, 1)
