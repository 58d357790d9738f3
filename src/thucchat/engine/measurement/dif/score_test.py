"""Score-based DIF: do the residuals of a common calibration lean one way in the focal group?

One calibration serves all items. Under it the scores (derivatives of the log-likelihood) of an item's
parameters sum to zero over everybody; over the focal group alone they should be near zero too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from thucchat.engine.measurement.dif.likelihood_ratio import Comparison
from thucchat.engine.measurement.dif.results import DELTA, ItemDif, delta_class, ets_class, untested
from thucchat.engine.measurement.irt.calibration import Calibration
from thucchat.engine.measurement.irt.complete import complete_gradient
from thucchat.engine.measurement.irt.information import evaluate
from thucchat.engine.measurement.irt.items import curves
from thucchat.engine.measurement.irt.packing import Packed, pack
from thucchat.engine.measurement.irt.posterior import expected_counts
from thucchat.engine.measurement.responses import responses_from_scores

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FocalScores:
    """What the focal group says about the common parameters."""

    scores: Floats  # (free,) summed over the focal group; over the reference group, the same with minus
    information: Floats  # (free, free) observed in the focal group
    covariance: Floats  # (free, free) of the scores, when the parameters were estimated from both groups


def score_test_items(comparison: Comparison, items: Sequence[int]) -> list[ItemDif]:
    """These items from one calibration; the effect is a shift of the item on the delta scale.

    Source:
        Rao (1948); Glas (1998), Statistica Sinica 8(3), 647-667, for item response models; covariance from
        the exact observed information.
    """
    base, halves = comparison.base, _halves(comparison)
    focal = focal_scores(halves[1], base)
    owner, kind = np.nonzero(base.free.items)
    results = []
    for item in items:
        name, own = base.bank.names[item], np.flatnonzero(owner == item)
        block = focal.covariance[np.ix_(own, own)]
        if np.linalg.eigvalsh(block).min() <= 0:
            results.append(untested(name, len(own)))
            continue
        statistic = float(focal.scores[own] @ np.linalg.solve(block, focal.scores[own]))
        p = float(chi2.sf(statistic, len(own)))
        # Intercepts that shift together move the item as a whole.
        shift = np.zeros(base.free.count)
        shift[own] = kind[own]
        moved, error = _shift(base, halves, focal, shift)
        effect, error = -DELTA * moved, abs(DELTA) * error
        size = ets_class(effect, error)
        results.append(ItemDif(name, statistic, len(own), p, effect, error, size, delta_class(effect)))
    return results


def focal_scores(focal: Packed, base: Calibration) -> FocalScores:
    """Scores of the focal group and their covariance."""
    found = evaluate(focal, base.bank, base.latent, base.free)
    information = found.complete - found.lost
    return FocalScores(found.gradient, information, information - information @ base.covariance @ information)


def _halves(comparison: Comparison) -> tuple[Packed, Packed]:
    """The persons of the reference and of the focal group."""
    data = comparison.data
    responses = responses_from_scores(data.items, data.scores)
    packed = []
    for group in (0, 1):
        persons = np.flatnonzero(data.focal == bool(group))
        half = pack(responses.of_persons(persons), np.full(len(persons), group), double=True)
        packed.append(replace(half, groups=2))
    return packed[0], packed[1]


def _shift(
    base: Calibration, halves: tuple[Packed, Packed], focal: FocalScores, shift: Floats
) -> tuple[float, float]:
    """How many times `shift` (free,) the focal group's own item lies from the common one, and the error.

    On the line on which all other parameters follow, the slope of the log-likelihood is known at both ends of
    a first Newton step, its bend at one: the estimate is the zero of the parabola through them.
    """
    others = -base.covariance @ (focal.information @ shift)
    slope, bend = float(shift @ focal.scores), float(shift @ focal.covariance @ shift)
    step = slope / bend
    lines = (others, others + shift)
    left = sum(_gradient(half, base, step * line) @ line for half, line in zip(halves, lines, strict=True))
    squared = bend**2 - 4 * slope * float(left) / step**2 if step else bend**2
    if squared <= 0:  # no zero: the first step stands
        return step, 1 / np.sqrt(bend)
    new_bend = float(np.sqrt(squared))
    return 2 * slope / (bend + new_bend), 1 / np.sqrt(new_bend)


def _gradient(packed: Packed, base: Calibration, change: Floats) -> Floats:
    """(free,) scores summed over these persons, at the common parameters plus `change`."""
    bank, latent = base.free.step(base.bank, base.latent, change)
    shape = curves(bank, latent.nodes)
    expected = expected_counts(packed, shape, latent)
    return complete_gradient(shape, latent, expected, base.free)
