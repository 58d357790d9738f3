"""Likelihood-ratio DIF: does the calibration fit better when an item may differ between the groups?

The studied item is split in two, one answered by each group; all other items are the same for both, and the
groups may differ in ability. Responses not presented do not matter: no matching score is needed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from thucchat.engine.measurement.dif.design import GroupedResponses
from thucchat.engine.measurement.dif.results import DELTA, ItemDif, delta_class, ets_class, untested
from thucchat.engine.measurement.irt.calibration import Calibration
from thucchat.engine.measurement.irt.climb import Point
from thucchat.engine.measurement.irt.items import ItemBank, Model
from thucchat.engine.measurement.irt.marginal import Setting, calibrate_marginal
from thucchat.engine.measurement.linking.calibrations import calibrated_items
from thucchat.engine.measurement.responses import responses_from_scores

GROUPS = ("reference", "focal")
MODELS = {"rasch": (Model.RASCH, Model.PCM), "2pl": (Model.TWO_PL, Model.GPCM)}  # two categories, more


@dataclass(frozen=True, slots=True)
class Comparison:
    """The calibration in which no item differs, to compare the others with."""

    data: GroupedResponses  # items that can be calibrated
    model: str  # a key of MODELS
    base: Calibration


def compare(data: GroupedResponses, model: str, near: Calibration | None = None) -> Comparison:
    """Calibrate both groups with every item in common; `near` is a calibration of most of them.

    Raises:
        NoResult: what the calibration cannot carry.
    """
    start = None if near is None else Point(near.bank, near.latent)
    return Comparison(data, model, calibrate_groups(data, model, start))


def calibrate_groups(data: GroupedResponses, model: str, start: Point | None = None) -> Calibration:
    """Two groups on one scale, the reference group with mean 0."""
    binary, steps = MODELS[model]
    models = [binary if two else steps for two in data.two_category]
    setting = Setting(group=data.focal.astype(np.int64), groups=GROUPS, start=start)
    return calibrate_marginal(responses_from_scores(data.items, data.scores), models, setting)


def varies_in_both(data: GroupedResponses) -> NDArray[np.bool_]:
    """(items,) true where each group has at least two different scores on the item."""
    varied = np.ones(len(data.items), dtype=bool)
    for group in (data.focal, ~data.focal):
        low = np.nanmin(np.where(np.isnan(data.scores[group]), np.inf, data.scores[group]), axis=0)
        high = np.nanmax(np.where(np.isnan(data.scores[group]), -np.inf, data.scores[group]), axis=0)
        varied &= high > low
    return varied


def likelihood_ratio_item(comparison: Comparison, item: int) -> ItemDif:
    """One item; the effect is the difference of difficulties on the delta scale.

    Twice the gain in log-likelihood is compared with chi-square; one degree of freedom for each parameter
    that may differ (one for Rasch, two for the 2PL). Negative effects: harder for the focal group.

    Source:
        Thissen, Steinberg and Wainer (1993), in Holland and Wainer, Differential Item Functioning, 67-113;
        classes on the delta scale, Paek and Wilson (2011), Educational and Psychological Measurement 71(6).
    """
    data = comparison.data
    steps = len(np.unique(data.scores[~np.isnan(data.scores[:, item]), item])) - 1
    freedom = steps + (comparison.model != "rasch")
    if not varies_in_both(data)[item]:
        return untested(data.items[item], freedom)
    split = calibrate_groups(_split(data, item), comparison.model, _split_start(comparison, item))
    statistic = max(2 * (split.log_likelihood - comparison.base.log_likelihood), 0.0)
    effect, error = _difference(split, item)
    p = float(chi2.sf(statistic, freedom))
    size = ets_class(effect, error)
    return ItemDif(data.items[item], statistic, freedom, p, effect, error, size, delta_class(effect))


def _difference(split: Calibration, item: int) -> tuple[float, float]:
    """How much harder the item is for the reference group, on the delta scale, and the standard error."""
    items = calibrated_items(split)
    covariance = items.location_covariance
    assert covariance is not None
    contrast = np.zeros(len(items.names))
    contrast[[item, -1]] = -1, 1
    scale = DELTA * float(items.slopes[[item, -1]].real.mean())
    error = abs(scale) * float(np.sqrt(contrast @ covariance @ contrast))
    return scale * float(contrast @ items.locations.real), error


def _split(data: GroupedResponses, item: int) -> GroupedResponses:
    """The item's own column for the reference group, one more column at the end for the focal group."""
    scores = np.column_stack([data.scores, data.scores[:, item]])
    scores[data.focal, item] = np.nan
    scores[~data.focal, -1] = np.nan
    return GroupedResponses((*data.items, _focal_name(data.items[item])), scores, data.focal)


def _split_start(comparison: Comparison, item: int) -> Point:
    """Both halves of the item start from the item as it was in common."""
    base, rows = comparison.base, [*range(len(comparison.base.bank.names)), item]
    bank = base.bank
    names = (*bank.names, _focal_name(bank.names[item]))
    models = (*bank.models, bank.models[item])
    return Point(ItemBank(names, models, bank.categories[rows], bank.parameters[rows]), base.latent)


def _focal_name(item: str) -> str:
    return f"{item} ({GROUPS[1]})"
