"""Predicted random effects (BLUPs) and their conditional standard errors, given the variances.

b = L u and Var(b | y) = sigma^2 L C^-1 L', with the fixed effects held at their estimates: what lme4's
ranef(condVar = TRUE) gives. Source: Bates et al. (2015), section 5.3.
"""

from dataclasses import dataclass

import numpy as np

from thucchat.engine.growth.mixed.design import Floats, RandomTerm
from thucchat.engine.growth.mixed.elimination import Inverse
from thucchat.engine.growth.mixed.likelihood import Point
from thucchat.engine.growth.mixed.system import System, inverse_blocks, split


@dataclass(frozen=True, slots=True)
class TermEffects:
    """Predicted effects of one term's levels, in units of the response per unit of the column."""

    term: RandomTerm
    estimates: Floats  # (levels, k)
    covariances: Floats  # (levels, k, k): conditional

    @property
    def errors(self) -> Floats:
        """Conditional standard errors. Shapes: (levels, k)."""
        variances: Floats = np.einsum("naa->na", self.covariances)
        return np.sqrt(np.maximum(variances, 0.0))


def predicted_effects(
    system: System, found: tuple[Point, Inverse], factors: tuple[Floats, ...]
) -> tuple[TermEffects, ...]:
    """Effects of every term, with `factors` the blocks of L for the columns as given."""
    point, inverse = found
    own, _ = inverse_blocks(system, inverse.diagonal, inverse.edges)
    spherical = split(system, point.spherical)
    results = []
    for term, factor, u, block in zip(system.terms, factors, spherical, own, strict=True):
        estimates = u.reshape(-1, term.width) @ factor.T
        covariances = point.residual_variance * (factor @ block @ factor.T)
        results.append(TermEffects(term, estimates, covariances))
    return tuple(results)


def contributions(effects: TermEffects) -> Floats:
    """What the term adds to each row's prediction. Shapes: (rows,)."""
    term = effects.term
    total = np.zeros(term.codes.shape[1])
    for member, codes in enumerate(term.codes):
        share = 1.0 if term.shares is None else term.shares[member]
        for a in range(term.width):
            column = 1.0 if term.columns is None else term.columns[a]
            total += share * column * effects.estimates[codes, a]
    return total
