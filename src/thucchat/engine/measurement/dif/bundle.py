"""Does a bundle of items favour a group among persons of equal ability? SIBTEST, with its correction.

Used after a draw: the bundle is what one unit proposed, the group its own pupils, and a unit whose pupils do
better on its own items than pupils elsewhere who do as well on all other items has a question to answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.dif.results import benjamini_hochberg
from thucchat.engine.measurement.reliability import reliability

FEWEST_PERSONS = 20  # of a unit, and elsewhere; below, nothing is computed
FEWEST_ITEMS = 5  # in the matching score
FEWEST_IN_STRATUM = 2  # of each group, for a variance
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that favours its group by `effect` points, or disfavours it where that is negative."""

    effect: float  # mean difference at equal ability, focal less reference, in points of the bundle
    error: float  # its standard error, in points
    freedom: float  # degrees of freedom of that error
    used: int  # persons in strata where both groups stand


@dataclass(frozen=True, slots=True)
class OwnItems:
    """What one unit's own items did for its own pupils."""

    unit: str
    items: int
    pupils: int
    effect: float | None  # points; none where it cannot be computed
    error: float | None
    p: float | None  # two-sided
    adjusted_p: float | None  # Benjamini-Hochberg over all units
    flagged: bool  # an advantage: a question, not a finding
    reason: str = ""  # why nothing was computed, in Vietnamese


def bundle_effect(bundle: Floats, matching: Floats, focal: NDArray[np.bool_]) -> Bundle | None:
    """SIBTEST over the strata of the matching score; none where no stratum holds both groups.

    The matching score is regressed towards each group's own mean before groups are compared: without that
    a group that is abler on the whole would seem to be favoured.
    Shapes:
        bundle: (persons,) points on the bundle. matching: (persons, items) points, no NaN. focal: (persons,).
    Source:
        Shealy and Stout (1993), Psychometrika 58(2), 159-194, with the linear correction; the degrees of
        freedom are Satterthwaite's (1946), Biometrics Bulletin 2(6), 110-114.
    """
    score = matching.sum(axis=1)
    levels, place = np.unique(score, return_inverse=True)
    moments = [_by_level(bundle[group], place[group], len(levels)) for group in (~focal, focal)]
    both = (moments[0][0] >= FEWEST_IN_STRATUM) & (moments[1][0] >= FEWEST_IN_STRATUM)
    if not both.any():
        return None
    truths = [_true_scores(matching[group], levels) for group in (~focal, focal)]
    meeting = (truths[0] + truths[1]) / 2
    means = [
        moment[1] + _slope(bundle[group], truth[place[group]]) * (meeting - truth)
        for group, moment, truth in zip((~focal, focal), moments, truths, strict=True)
    ]
    weights = np.where(both, moments[1][0], 0).astype(float)  # as the focal group is spread
    weights /= weights.sum()
    effect = float((weights * np.where(both, means[1] - means[0], 0)).sum())
    parts = np.stack([weights**2 * moment[2] / np.maximum(moment[0], 1) for moment in moments])
    freedoms = np.stack([np.maximum(moment[0] - 1, 1) for moment in moments])
    variance = float(parts.sum())
    used = int((moments[0][0] + moments[1][0])[both].sum())
    return Bundle(
        effect, float(np.sqrt(variance)), variance**2 / float((parts**2 / freedoms).sum() or 1), used
    )


def own_items(
    scores: Floats, items: Sequence[str], units: Sequence[str], owners: Mapping[str, str], level: float = 0.05
) -> tuple[OwnItems, ...]:
    """Each unit's own items among its own pupils, against all others, in two passes.

    Shapes:
        scores: (persons, items) points, NaN where not presented; persons with a gap are left out of a test.
    Raises:
        InvalidInput: `own.items` when `owners` names an item that is not there.
    """
    if strange := sorted(owners.keys() - set(items)):
        raise InvalidInput("own.items", f"Bài làm không có câu {', '.join(strange[:5])}.")
    labels = np.array(units)
    owned = np.array([owners.get(item, "") for item in items])
    belongs = {unit: owned == unit for unit in sorted(set(owners.values()))}
    first = _tested(scores, labels, belongs, frozenset(), level)
    # Items that favour somebody are no measure of the others: what was flagged leaves the matching score.
    suspects = frozenset(one.unit for one in first if one.flagged)
    return _tested(scores, labels, belongs, suspects, level)


def _tested(
    scores: Floats,
    labels: NDArray[np.str_],
    belongs: Mapping[str, NDArray[np.bool_]],
    suspects: frozenset[str],
    level: float,
) -> tuple[OwnItems, ...]:
    found = []
    for unit, own in belongs.items():
        left_out = [belongs[one] for one in sorted(suspects - {unit})]
        matching = ~np.any([own, *left_out], axis=0)
        found.append(_own(scores, (own, matching), labels == unit, unit))
    adjusted = benjamini_hochberg(np.array([np.nan if one.p is None else one.p for one in found]))
    return tuple(_judged(one, float(p), level) for one, p in zip(found, adjusted, strict=True))


def _own(
    scores: Floats,
    parts: tuple[NDArray[np.bool_], NDArray[np.bool_]],  # own items, matching items
    focal: NDArray[np.bool_],
    unit: str,
) -> OwnItems:
    own, matching = parts
    whole = ~np.isnan(scores).any(axis=1)
    pupils, others = int((focal & whole).sum()), int((~focal & whole).sum())
    reason = ""
    if min(pupils, others) < FEWEST_PERSONS:
        reason = f"Cần ít nhất {FEWEST_PERSONS} bài đủ câu ở mỗi bên; có {pupils} và {others}."
    elif matching.sum() < FEWEST_ITEMS:
        reason = f"Cần ít nhất {FEWEST_ITEMS} câu của đơn vị khác để so; có {int(matching.sum())}."
    made = (
        None
        if reason
        else bundle_effect(scores[whole][:, own].sum(axis=1), scores[whole][:, matching], focal[whole])
    )
    if made is None or not made.error:
        reason = reason or "Không có mức điểm nào có đủ học sinh của cả hai bên."
        return OwnItems(unit, int(own.sum()), pupils, None, None, None, None, flagged=False, reason=reason)
    p = float(2 * stats.t.sf(abs(made.effect / made.error), made.freedom))
    return OwnItems(unit, int(own.sum()), pupils, made.effect, made.error, p, None, flagged=False)


def _judged(one: OwnItems, adjusted: float, level: float) -> OwnItems:
    if one.effect is None:
        return one
    is_advantage = adjusted < level and one.effect > 0
    return OwnItems(
        one.unit, one.items, one.pupils, one.effect, one.error, one.p, adjusted, flagged=is_advantage
    )


def _by_level(values: Floats, place: NDArray[np.intp], levels: int) -> tuple[Floats, Floats, Floats]:
    """Per stratum: how many, mean, variance (denominator n - 1)."""
    count = np.bincount(place, minlength=levels).astype(float)
    mean = np.bincount(place, values, levels) / np.maximum(count, 1)
    square = np.bincount(place, (values - mean[place]) ** 2, levels)
    return count, mean, square / np.maximum(count - 1, 1)


def _true_scores(matching: Floats, levels: Floats) -> Floats:
    """Kelley's estimate of the true matching score at each observed one, within a group."""
    total = matching.sum(axis=1)
    trust = min(max(reliability(matching).alpha, 0.0), 1.0) if total.std() else 0.0
    truths: Floats = total.mean() + trust * (levels - total.mean())
    return truths


def _slope(values: Floats, truth: Floats) -> float:
    """How many points of the bundle one point of the true matching score brings."""
    spread = truth - truth.mean()
    size = float((spread**2).sum())
    return float((spread * values).sum() / size) if size else 0.0
