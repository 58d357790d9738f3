"""The rows behind one unit's effect, and the formula by which its number can be computed again.

For a grouping with one coefficient the effect is
    sum(w s r) / (sum(w s^2) + residual variance / variance of the grouping),
where r is what remains of a pupil's result after everything but this unit's own effect has been
predicted, s the pupil's share in the unit (times the column, for a slope) and w the weight (1 if none).
With s = w = 1 that is n / (n + k) times the mean of r, with k the ratio of the two variances.
"""

from dataclasses import dataclass

import numpy as np

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.formula.model import Model
from thucchat.engine.growth.mixed.checks import predictions
from thucchat.engine.growth.mixed.dense import solved
from thucchat.engine.growth.mixed.design import Floats
from thucchat.engine.growth.mixed.effects import TermEffects
from thucchat.engine.growth.mixed.fit import MixedFit


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that one unit's effect was computed from."""

    group: str
    level: str
    coefficients: tuple[str, ...]
    rows: np.ndarray  # (pupils,): line of each pupil in the table, 0 for the first under the heading
    response: Floats  # (pupils,)
    expected: Floats  # (pupils,): prediction without this unit's own effect
    shares: Floats  # (pupils, k): share in the unit times the column of each coefficient
    weights: Floats  # (pupils,)
    residual_variance: float
    covariance: Floats  # (k, k): of the grouping's coefficients
    effect: Floats  # (k,): as the model gave it
    error: Floats  # (k,)


def evidence(model: Model, fit: MixedFit, unit: tuple[str, str]) -> Evidence:
    """The rows behind the effect of `unit`: name of the random term and name of the level.

    Raises:
        InvalidInput: `growth.unit`.
    """
    name, level = unit
    effects = next((part for part in fit.effects if part.term.name == name), None)
    if effects is None or level not in effects.term.levels:
        known = ", ".join(part.term.name for part in fit.effects)
        raise InvalidInput("growth.unit", f"Không có “{level}” trong nhóm “{name}”; các nhóm: {known}.")
    place = effects.term.levels.index(level)
    shares = _shares(effects, place)
    rows = np.flatnonzero((shares != 0).any(axis=1))
    design = model.design
    own = shares @ effects.estimates[place]
    return Evidence(
        group=name,
        level=level,
        coefficients=effects.term.coefficients,
        rows=model.rows[rows],
        response=design.response[rows],
        expected=(predictions(design, fit) - own)[rows],
        shares=shares[rows],
        weights=np.ones(len(rows)) if design.weights is None else design.weights[rows],
        residual_variance=fit.residual_variance,
        covariance=fit.covariances[fit.effects.index(effects)],
        effect=effects.estimates[place],
        error=effects.errors[place],
    )


def _shares(effects: TermEffects, place: int) -> Floats:
    """Share of each row in one level, times the columns. Shapes: (rows, k)."""
    term = effects.term
    mine = (term.codes == place).astype(np.float64)
    share = (mine if term.shares is None else mine * term.shares).sum(axis=0)
    columns = np.ones((1, len(share))) if term.columns is None else term.columns
    values: Floats = (share * columns).T
    return values


def recompute(record: Evidence) -> Floats:
    """The effect again, from the exported rows and the variances only. Shapes: (k,)."""
    remainder = record.response - record.expected
    weighted = record.shares * record.weights[:, None]
    size = len(record.coefficients)
    # Multiplied through by the covariance, so that a variance of zero needs no inverse.
    system = record.covariance @ (weighted.T @ record.shares) + record.residual_variance * np.eye(size)
    return solved(system, record.covariance @ (weighted.T @ remainder))
