"""Plausible values: draws from each person's posterior ability, given responses and background.

Group means and spreads computed from them are unbiased, which those of any single estimate are not. The
background enters as a latent regression: ability = covariates · coefficients + normal error.
Source: Mislevy (1991), Psychometrika 56(2), 177-196; combination by Rubin (1987), Multiple Imputation.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.irt.items import Family, ItemBank, curves
from thucchat.engine.measurement.irt.latent import Latent, fine_grid
from thucchat.engine.measurement.irt.packing import Packed, pack
from thucchat.engine.measurement.irt.posterior import posteriors
from thucchat.engine.measurement.responses import Responses

Floats = NDArray[np.float64]
FLAT = 1e9  # a deviation so large that the grid's own weights are equal
MOST_STEPS = 500
TOLERANCE = 1e-7  # logits


@dataclass(frozen=True, slots=True)
class LatentRegression:
    """Ability explained by background."""

    coefficients: Floats  # (covariates,) logits; the first covariate is the constant 1
    covariance: Floats  # (covariates, covariates)
    residual_sd: float  # logits
    converged: bool


@dataclass(frozen=True, slots=True)
class PlausibleValues:
    """Draws, and the regression they come from."""

    values: Floats  # (persons, draws) logits
    regression: LatentRegression


def plausible_values(
    bank: ItemBank, responses: Responses, covariates: Floats | None, *, draws: int, rng: np.random.Generator
) -> PlausibleValues:
    """Draw abilities; the uncertainty of the regression is drawn too, once per draw.

    Shapes:
        covariates: (persons, covariates) without the constant, no NaN; None = only the constant.
    Raises:
        InvalidInput: `covariates.missing`, `covariates.dependent`.
    """
    design = _design(responses.persons, covariates)
    packed = pack(responses, by_design=bool((bank.families == Family.ADJACENT).all()))
    if packed.order is not None:
        design = design[packed.order]
    grid = fine_grid(bank, np.zeros(1), np.full(1, 1.5))
    regression = _regression(packed, bank, grid, design)
    root = np.linalg.cholesky(regression.covariance)
    values = np.empty((responses.persons, draws))
    for draw in range(draws):
        coefficients = regression.coefficients + root @ rng.standard_normal(len(root))
        mean = design @ coefficients
        values[:, draw] = packed.restored(_draw(packed, bank, grid, (mean, regression.residual_sd), rng))
    return PlausibleValues(values, regression)


def _design(persons: int, covariates: Floats | None) -> Floats:
    design = np.ones((persons, 1)) if covariates is None else np.hstack([np.ones((persons, 1)), covariates])
    if np.isnan(design).any():
        raise InvalidInput(
            "covariates.missing", "Còn ô trống trong các biến nền; hãy thêm một mức “không rõ”."
        )
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise InvalidInput("covariates.dependent", "Các biến nền phụ thuộc tuyến tính vào nhau; hãy bỏ bớt.")
    return design


def _regression(packed: Packed, bank: ItemBank, grid: Latent, design: Floats) -> LatentRegression:
    """EM: regress posterior means on the background until nothing moves."""
    inverse = np.linalg.inv(design.T @ design)
    coefficients, sd, converged = np.zeros(design.shape[1]), 1.0, False
    for _ in range(MOST_STEPS):
        mean, variance = _moments(packed, bank, grid, (design @ coefficients, sd))
        ahead = inverse @ (design.T @ mean)
        # Below half a cell of the grid a spread cannot be told from none.
        floor = float(grid.nodes[1] - grid.nodes[0]) / 2
        new_sd = max(float(np.sqrt(np.mean(variance + (mean - design @ ahead) ** 2))), floor)
        moved = max(float(np.abs(ahead - coefficients).max()), abs(new_sd - sd))
        coefficients, sd = ahead, new_sd
        if converged := moved < TOLERANCE:
            break
    # What abilities not seen take away: the score of the coefficients keeps a posterior variance.
    _, variance = _moments(packed, bank, grid, (design @ coefficients, sd))
    information = (design.T * (1 / sd**2 - variance / sd**4)) @ design
    return LatentRegression(coefficients, np.asarray(np.linalg.inv(information), float), sd, converged)


def _posteriors_given(
    packed: Packed, bank: ItemBank, grid: Latent, prior: tuple[Floats, float]
) -> Iterator[tuple[slice, Floats]]:
    """Posterior (nodes, persons) of each block, given each person's own prior mean and a common deviation."""
    mean, sd = prior
    flat = grid.moved(np.zeros(1), np.full(1, FLAT))
    for block in posteriors(packed, curves(bank, grid.nodes), flat):
        z = (grid.nodes[:, None] - mean[block.persons]) / sd
        weights = block.weights * np.exp(-0.5 * z**2)
        yield block.persons, weights / weights.sum(axis=0)


def _moments(
    packed: Packed, bank: ItemBank, grid: Latent, prior: tuple[Floats, float]
) -> tuple[Floats, Floats]:
    mean, variance = np.empty(packed.persons), np.empty(packed.persons)
    for persons, weights in _posteriors_given(packed, bank, grid, prior):
        mean[persons] = grid.nodes @ weights
        variance[persons] = grid.nodes**2 @ weights - mean[persons] ** 2
    return mean, variance


def _draw(
    packed: Packed, bank: ItemBank, grid: Latent, prior: tuple[Floats, float], rng: np.random.Generator
) -> Floats:
    """One draw per person from the posterior, spread evenly inside a cell of the grid."""
    out = np.empty(packed.persons)
    step = grid.nodes[1] - grid.nodes[0]
    for persons, weights in _posteriors_given(packed, bank, grid, prior):
        chance = rng.random(weights.shape[1])
        cumulative = weights.cumsum(axis=0)
        cell = np.minimum((cumulative < chance).sum(axis=0), len(grid.nodes) - 1)
        columns = np.arange(weights.shape[1])
        inside = 1 - (cumulative[cell, columns] - chance) / np.maximum(weights[cell, columns], 1e-300)
        out[persons] = grid.nodes[cell] + step * (np.clip(inside, 0, 1) - 0.5)
    return out


@dataclass(frozen=True, slots=True)
class Combined:
    """A statistic over plausible values."""

    estimate: float
    sampling_variance: float  # as if abilities were known
    measurement_variance: float  # from the spread between draws

    @property
    def se(self) -> float:
        """Standard error from both."""
        return float(np.sqrt(self.sampling_variance + self.measurement_variance))


def combined_mean(values: Floats) -> Combined:
    """Mean of a group from its rows of plausible values (persons, draws), by Rubin's rule."""
    persons, draws = values.shape
    means = values.mean(axis=0)
    between = float(means.var(ddof=1)) if draws > 1 else 0.0
    sampling = float((values.var(axis=0, ddof=1) / persons).mean())
    return Combined(float(means.mean()), sampling, (1 + 1 / draws) * between)
