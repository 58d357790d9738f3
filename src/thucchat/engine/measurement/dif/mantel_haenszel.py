"""Mantel-Haenszel DIF: one odds ratio over all matched strata, or one mean difference for items in steps."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from thucchat.engine.measurement.dif.design import GroupedResponses, match
from thucchat.engine.measurement.dif.results import (
    DELTA,
    ItemDif,
    delta_class,
    ets_class,
    smd_class,
    untested,
)


@dataclass(frozen=True, slots=True)
class CommonOdds:
    """The common odds ratio of 2 × 2 tables."""

    odds_ratio: float  # reference over focal; above 1: easier for the reference group
    log_error: float  # standard error of its logarithm
    statistic: float  # chi-square, 1 degree of freedom
    p: float


def common_odds(tables: NDArray[np.float64], *, corrected: bool) -> CommonOdds:
    """Mantel-Haenszel estimate and test.

    `corrected`: subtract one half from the difference (continuity correction).

    Shapes:
        tables: (strata, 4), persons: reference right, reference wrong, focal right, focal wrong.
    Source:
        Mantel and Haenszel (1959), JNCI 22, 719-748; error of the logarithm by Phillips and Holland (1987),
        Biometrics 43, 425-431; Holland and Thayer (1988), in Wainer and Braun, Test Validity, 129-145.
    """
    total = tables.sum(axis=1)
    a, b, c, d = tables[total > 1].T
    total = total[total > 1]
    reference, focal, right, wrong = a + b, c + d, a + c, b + d
    expected = reference * right / total
    variance = (reference * focal * right * wrong / (total**2 * (total - 1))).sum()
    for_reference, for_focal = (a * d / total).sum(), (b * c / total).sum()
    if variance <= 0 or for_reference <= 0 or for_focal <= 0:
        return CommonOdds(np.nan, np.nan, np.nan, np.nan)
    ratio = for_reference / for_focal
    spread = ((a * d + ratio * b * c) * (a + d + ratio * (b + c)) / total**2).sum()
    apart = abs((a - expected).sum())
    statistic = (apart - (0.5 if corrected else 0.0)) ** 2 / variance
    log_error = np.sqrt(spread / (2 * for_reference**2))
    return CommonOdds(float(ratio), float(log_error), float(statistic), float(chi2.sf(statistic, 1)))


def mantel_haenszel_item(
    data: GroupedResponses, item: int, anchors: NDArray[np.bool_], *, corrected: bool = True
) -> ItemDif:
    """One item; the effect is MH D-DIF on the delta scale, negative when harder for the focal group.

    An item scored in more steps gets Mantel's test, and as effect the standardised mean difference.
    """
    name = data.items[item]
    if not data.two_category[item]:
        return _mantel_item(data, item, anchors)
    odds = common_odds(matched_tables(data, item, anchors), corrected=corrected)
    delta, error = DELTA * float(np.log(odds.odds_ratio)), abs(DELTA) * odds.log_error
    size = ets_class(delta, error)
    return ItemDif(name, odds.statistic, 1, odds.p, delta, error, size, delta_class(delta))


def matched_tables(data: GroupedResponses, item: int, anchors: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Persons by stratum: reference right, reference wrong, focal right, focal wrong. Shape (strata, 4)."""
    matching = match(data, item, anchors)
    wrong = data.scores[matching.used, item] == 0
    cell = 4 * matching.stratum + 2 * data.focal[matching.used] + wrong
    strata = int(matching.stratum.max(initial=-1)) + 1
    return np.bincount(cell, minlength=4 * strata).reshape(strata, 4).astype(np.float64)


def _mantel_item(data: GroupedResponses, item: int, anchors: NDArray[np.bool_]) -> ItemDif:
    """Mantel's test and the mean difference over strata, in standard deviations of the item.

    Strata weigh as many as the focal persons in them; negative means harder for the focal group.

    Source:
        Mantel (1963), JASA 58, 690-700; Zwick, Donoghue and Grima (1993), Journal of Educational
        Measurement 30(3), 233-251.
    """
    matching = match(data, item, anchors)
    scores, focal = data.scores[matching.used, item], data.focal[matching.used]

    def by_stratum(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(matching.stratum, weights=weights).astype(np.float64)

    count, focals = by_stratum(np.ones_like(scores)), by_stratum(focal.astype(np.float64))
    total, squares, of_focal = by_stratum(scores), by_stratum(scores**2), by_stratum(scores * focal)
    both = (focals > 0) & (count > focals)
    count, focals, total, squares, of_focal = (
        values[both] for values in (count, focals, total, squares, of_focal)
    )
    variance = focals * (count - focals) * (count * squares - total**2) / (count**2 * (count - 1))
    spread = scores.std(ddof=1) if scores.size > 1 else 0.0
    if variance.sum() <= 0 or spread == 0:
        return untested(data.items[item], 1)
    statistic = float((of_focal - focals * total / count).sum() ** 2 / variance.sum())
    apart = focals * (of_focal / focals - (total - of_focal) / (count - focals))
    effect, p = float(apart.sum() / focals.sum() / spread), float(chi2.sf(statistic, 1))
    size = smd_class(effect, p)
    return ItemDif(data.items[item], statistic, 1, p, effect, np.nan, size, smd_class(effect, 0.0))
