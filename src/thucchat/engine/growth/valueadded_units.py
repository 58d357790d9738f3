"""What a unit answers for: its effect, with that of the unit it lies in, and the mean over several fields.

Points of the response. Errors are root mean squared errors, see `mixed.uncertainty`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from thucchat.engine.growth.mixed.design import Codes
from thucchat.engine.growth.mixed.effects import TermEffects
from thucchat.engine.growth.mixed.uncertainty import prediction_errors
from thucchat.engine.growth.valueadded import Growth


@dataclass(frozen=True, slots=True)
class UnitEffect:
    """One unit's effect in one field, from the mean of its kind."""

    estimate: float
    error: float  # root mean squared error
    shared: float  # share of the squared error that comes from shrinking, so that other fields repeat it, 0-1


def unit_effects(growth: Growth, within: Mapping[str, str]) -> dict[str, dict[str, UnitEffect]]:
    """Effects by group and level; units of a group in `within` answer for the unit around them too.

    `within` names, by group, the group each of its levels lies in; both have a constant as their coefficient.
    Raises:
        NoResult: `growth.not_definite`.
    """
    effects = {part.term.group: part for part in growth.fit.effects}
    inner = [name for name in within if name in effects and within[name] in effects]
    starts = _starts(growth)
    around = {name: _around(effects[name], effects[within[name]]) for name in inner}
    pairs = [
        np.column_stack([starts[name] + np.arange(len(outer)), starts[within[name]] + outer])
        for name, outer in around.items()
    ]
    errors = prediction_errors(growth.model.design, growth.fit, np.concatenate(pairs) if pairs else None)
    variances = {
        part.term.group: float(covariance[0, 0])
        for part, covariance in zip(growth.fit.effects, growth.fit.covariances, strict=True)
    }
    own = zip(growth.fit.effects, errors.terms, strict=True)
    found = {
        part.term.group: _named(part, (part.estimates[:, 0], rmse[:, 0]), variances[part.term.group])
        for part, rmse in own
    }
    sums = np.split(errors.sums, np.cumsum([len(outer) for outer in around.values()])[:-1])
    for (name, outer), rmse in zip(around.items(), sums, strict=False):
        summed = effects[name].estimates[:, 0] + effects[within[name]].estimates[outer, 0]
        total = variances[name] + variances[within[name]]
        found[name] = _named(effects[name], (summed - summed.mean(), rmse), total)
    return found


def _starts(growth: Growth) -> dict[str, int]:
    sizes = np.cumsum([0, *(term.nodes for term in growth.fit.terms)])
    return {term.group: int(start) for term, start in zip(growth.fit.terms, sizes, strict=False)}


def _around(inner: TermEffects, outer: TermEffects) -> Codes:
    """The level of `outer` that each level of `inner` lies in: of its last row, should it lie in several."""
    around = np.zeros(len(inner.term.levels), np.int64)
    around[inner.term.codes[0]] = outer.term.codes[0]
    return around


def _named(
    part: TermEffects, numbers: tuple[np.ndarray, np.ndarray], variance: float
) -> dict[str, UnitEffect]:
    return {
        level: UnitEffect(
            float(estimate), float(error), min(error**2 / variance, 1.0) if variance > 0 else 1.0
        )
        for level, estimate, error in zip(part.term.levels, *numbers, strict=True)
    }


def mean_of_fields(effects: Sequence[UnitEffect]) -> tuple[float, float]:
    """Mean of one unit's effects in different fields, and its root mean squared error.

    A unit that is good in one field is likely to be so in the others, and shrinking takes off all of them
    alike. That part of the errors is taken as wholly common, the rest as independent: a cautious error.
    """
    count = len(effects)
    common = sum(one.error * one.shared**0.5 for one in effects) ** 2
    own = sum(one.error**2 * (1 - one.shared) for one in effects)
    return sum(one.estimate for one in effects) / count, float((common + own) ** 0.5 / count)
