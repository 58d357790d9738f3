"""Abilities of persons from calibrated items, in logits: EAP, weighted (WLE) and maximum likelihood (MLE)."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.irt.items import Family, ItemBank, curves
from thucchat.engine.measurement.irt.latent import Latent, ability_score, fine_grid, item_information
from thucchat.engine.measurement.irt.packing import pack
from thucchat.engine.measurement.irt.posterior import posterior_moments
from thucchat.engine.measurement.responses import MISSING, Responses

Floats = NDArray[np.float64]
GRID_STEP, GRID_REACH = 0.05, 12.0  # logits, for the search of a root
BLOCK = 4096  # persons
DIFFERENCE = 1e-4  # logits, for the derivative of the score


class Method(StrEnum):
    """How an ability is estimated."""

    EAP = "eap"
    WLE = "wle"
    MLE = "mle"


@dataclass(frozen=True, slots=True)
class Abilities:
    """One estimate per person; NaN where the responses do not determine it."""

    theta: Floats  # (persons,) logits
    se: Floats  # (persons,) logits


def matched(bank: ItemBank, points: tuple[tuple[float, ...], ...], responses: Responses) -> Responses:
    """The responses to the items of `bank`, in its order, with categories counted as at calibration.

    Items of the bank that the responses lack count as not presented.
    Raises:
        InvalidInput: `items.unknown` when no item is known, `scores.unknown` when a score is new.
    """
    place = {name: item for item, name in enumerate(responses.items)}
    if not any(name in place for name in bank.names):
        raise InvalidInput("items.unknown", "Tệp bài làm không có câu nào của tệp tham số.")
    codes = np.full((len(bank.names), responses.persons), MISSING, np.uint8)
    for item, name in enumerate(bank.names):
        if name in place:
            codes[item] = _recoded(name, points[item], responses, place[name])
    return Responses(bank.names, codes, points, responses.caveats)


def _recoded(name: str, points: tuple[float, ...], responses: Responses, place: int) -> NDArray[np.uint8]:
    lookup = np.full(256, MISSING, np.uint8)
    for code, score in enumerate(responses.scores[place]):
        if score not in points:
            known = ", ".join(f"{point:g}" for point in points)
            raise InvalidInput(
                "scores.unknown", f"Câu “{name}” có điểm {score:g}, ngoài các mức đã ước lượng: {known}."
            )
        lookup[code] = points.index(score)
    return np.asarray(lookup[responses.codes[place]])


def eap(
    bank: ItemBank, responses: Responses, latent: Latent, group: NDArray[np.int64] | None = None
) -> Abilities:
    """Posterior mean and deviation, given a normal distribution of abilities in each group."""
    wide = fine_grid(bank, latent.mean, latent.sd)
    linear = bool((bank.families == Family.ADJACENT).all())
    moments = posterior_moments(pack(responses, group, by_design=linear), curves(bank, wide.nodes), wide)
    return Abilities(moments.mean, moments.sd)


def likelihood_ability(bank: ItemBank, responses: Responses, *, weighted: bool) -> Abilities:
    """Where the likelihood (MLE), or the weighted likelihood (WLE), is highest; SE from the test information.

    MLE has no finite value for persons with the lowest or highest possible score; WLE has one for everybody.
    Source:
        Warm (1989), Psychometrika 54(3), 427-450.
    """
    theta, se = np.full(responses.persons, np.nan), np.full(responses.persons, np.nan)
    nodes = np.arange(-GRID_REACH, GRID_REACH + GRID_STEP / 2, GRID_STEP)
    tables = _tables(bank, nodes)
    for start in range(0, responses.persons, BLOCK):
        persons = slice(start, start + BLOCK)
        score, information, log_likelihood = _sums(tables, responses.codes[:, persons], weighted=weighted)
        theta[persons], se[persons] = _root(nodes, score, information, log_likelihood)
    return Abilities(theta, se)


@dataclass(frozen=True, slots=True)
class _Tables:
    """What each item contributes at each node."""

    log_p: Floats  # (items, categories, nodes)
    score: Floats  # (items, categories, nodes) derivative of log_p by ability
    information: Floats  # (items, nodes)
    bias: Floats  # (items, nodes) Σ P' P'' / P


def _tables(bank: ItemBank, nodes: Floats) -> _Tables:
    log_p = curves(bank, nodes).log_p
    score = ability_score(bank, nodes)
    slope = (ability_score(bank, nodes + DIFFERENCE) - ability_score(bank, nodes - DIFFERENCE)) / (
        2 * DIFFERENCE
    )
    bias = (np.exp(log_p) * score * (score**2 + slope)).sum(axis=1)
    return _Tables(log_p, score, item_information(bank, nodes), bias)


def _sums(tables: _Tables, codes: NDArray[np.uint8], *, weighted: bool) -> tuple[Floats, Floats, Floats]:
    """Score, information and log-likelihood of each person (nodes, persons)."""
    items, categories, nodes = tables.log_p.shape
    reached = (
        (codes[:, None, :] == np.arange(categories)[:, None]).reshape(items * categories, -1).astype(float)
    )
    presented = (codes != MISSING).astype(float)
    score = tables.score.reshape(-1, nodes).T @ reached
    information = tables.information.T @ presented
    if weighted:
        score += (tables.bias.T @ presented) / (2 * np.maximum(information, 1e-300))
    return score, information, tables.log_p.reshape(-1, nodes).T @ reached


def _root(nodes: Floats, score: Floats, information: Floats, log_likelihood: Floats) -> tuple[Floats, Floats]:
    """Where each column of `score` falls through zero, at the highest likelihood if that happens twice."""
    falls = (score[:-1] >= 0) & (score[1:] < 0)  # an underflow to 0 is no root
    best = np.where(falls, log_likelihood[:-1], -np.inf).argmax(axis=0)
    found = falls.any(axis=0) & (information[0] > 0)
    best = np.clip(best, 1, len(nodes) - 3)
    columns = np.arange(score.shape[1])
    around = np.stack([score[best + shift, columns] for shift in (-1, 0, 1, 2)])
    fraction = _cubic_root(around)
    theta = nodes[best] + fraction * GRID_STEP
    at = (1 - fraction) * information[best, columns] + fraction * information[best + 1, columns]
    with np.errstate(divide="ignore"):
        return np.where(found, theta, np.nan), np.where(found, 1 / np.sqrt(at), np.nan)


def _cubic_root(values: Floats) -> Floats:
    """Root in [0, 1] of the cubics through `values` (4, n) at −1, 0, 1, 2."""
    before, here, there, after = values
    cube = (after - 3 * there + 3 * here - before) / 6
    square = (there + before) / 2 - here
    line = there - here - square - cube
    with np.errstate(invalid="ignore", divide="ignore"):
        x = np.nan_to_num(here / (here - there), nan=0.5, posinf=0.5, neginf=0.5)
        for _ in range(4):
            change = (here + x * (line + x * (square + x * cube))) / (line + x * (2 * square + 3 * x * cube))
            x = np.clip(x - np.nan_to_num(change), 0, 1)
    return np.asarray(x)
