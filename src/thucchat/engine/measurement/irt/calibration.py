"""The result of a calibration, and its parameters as people read them: slope, difficulty, steps, guessing."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from thucchat.engine.measurement.irt.items import Family, ItemBank, Model
from thucchat.engine.measurement.irt.latent import Latent
from thucchat.engine.measurement.irt.places import FreePlaces
from thucchat.engine.measurement.irt.prior import GuessingPrior

Floats = NDArray[np.float64]


class Errors(StrEnum):
    """What standard errors speak of.

    Information: how far the truth may lie from the estimate, given data, model and prior. Sandwich: how far
    the estimate would move with other persons, even where the model is not quite right; of the truth only as
    far as the prior does not draw the estimate away.
    """

    INFORMATION = "information"
    SANDWICH = "sandwich"


@dataclass(frozen=True, slots=True)
class Record:
    """How the estimation went."""

    iterations: int  # steps of all kinds
    converged: bool
    history: tuple[float, ...]  # objective at each Newton step over all persons
    decrement: float  # twice the gain the last step still promised


@dataclass(frozen=True, slots=True)
class Calibration:
    """Item parameters on one scale, with what is needed to judge and to use them."""

    bank: ItemBank
    points: tuple[tuple[float, ...], ...]  # per item, the points of its categories
    free: FreePlaces
    covariance: Floats  # (free, free) of the free parameters
    latent: Latent  # one mean and deviation per group
    groups: tuple[str, ...]
    method: str  # "mml" or "cml"
    persons: int
    log_likelihood: float  # marginal for mml, conditional for cml; without the prior
    prior: GuessingPrior | None
    record: Record
    caveats: tuple[str, ...]
    errors: Errors = Errors.INFORMATION  # what `covariance` comes from


@dataclass(frozen=True, slots=True)
class ReportedItem:
    """One item in the terms of test makers; NaN where a value or its error does not exist."""

    name: str
    model: Model
    a: float
    b: float  # logits; the mean of the steps
    c: float
    steps: tuple[float, ...]  # logits: where neighbouring categories cross; for graded response, thresholds
    se_a: float
    se_b: float
    se_c: float
    se_steps: tuple[float, ...]
    points: tuple[float, ...]


def reported_items(calibration: Calibration) -> tuple[ReportedItem, ...]:
    """All items with standard errors by the delta method."""
    covariances = item_covariances(calibration)
    return tuple(
        _reported(calibration, place, covariances[place]) for place in range(len(calibration.bank.names))
    )


def item_covariances(calibration: Calibration) -> Floats:
    """(items, parameters, parameters) covariance within each item, zero for what was fixed."""
    items, width = calibration.bank.parameters.shape
    out = np.zeros((items, width, width))
    start = 0
    for item, chosen in enumerate(calibration.free.items):
        stop = start + int(chosen.sum())
        out[item][np.ix_(chosen, chosen)] = calibration.covariance[start:stop, start:stop]
        start = stop
    return out


def _reported(calibration: Calibration, place: int, covariance: Floats) -> ReportedItem:
    bank = calibration.bank
    row, count = bank.parameters[place], int(bank.categories[place])
    model = bank.models[place]
    steps, jacobian = _steps(bank.families[place] == Family.GRADED, row, count)
    guesses = model is Model.THREE_PL
    c = float(expit(row[-1])) if guesses else 0.0
    all_rows = np.vstack([jacobian, jacobian.mean(axis=0), np.eye(len(row))])
    variances = np.einsum("sp,pr,sr->s", all_rows, covariance, all_rows)
    # Not positive where the parameter is fixed, or where the climb ended off the top.
    errors = np.sqrt(np.where(variances > 0, variances, np.nan))
    of_steps, of_middle, of_row = np.split(errors, [count - 1, count])
    return ReportedItem(
        name=bank.names[place],
        model=model,
        a=float(row[0]),
        b=float(steps.mean()),
        c=c,
        steps=tuple(map(float, steps)),
        se_a=float(of_row[0]),
        se_b=float(of_middle[0]),
        se_c=float(c * (1 - c) * of_row[-1]) if guesses and not bank.unguessed[place] else np.nan,
        se_steps=tuple(map(float, of_steps)),
        points=calibration.points[place],
    )


def _steps(graded: bool, row: Floats, count: int) -> tuple[Floats, Floats]:  # noqa: FBT001  # two formulas, one shape
    """Steps (count − 1,) and their derivatives by the parameters (count − 1, parameters)."""
    intercepts = np.concatenate([[0.0], row[1:count]])
    difference = np.zeros((count - 1, len(row)))
    steps = np.arange(count - 1)
    difference[steps, steps + 1] = 1
    if not graded:
        difference[steps[1:], steps[1:]] = -1
    height = intercepts[1:] if graded else np.diff(intercepts)
    jacobian = -difference / row[0]
    jacobian[:, 0] = height / row[0] ** 2
    return -height / row[0], jacobian
