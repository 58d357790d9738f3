"""A composite index with visible weights, and how far ranks depend on the weights chosen.

Every indicator is put on one scale (standard deviations of the units, or a scale handed in), multiplied
by its weight and added, so the index is the sum of contributions that can be shown beside it.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput

Floats = NDArray[np.float64]
WIGGLE = 0.2  # weights may be this share larger or smaller
MOST_CORNERS = 12  # indicators up to which all corners of the box of weights are tried


@dataclass(frozen=True, slots=True)
class Scale:
    """What counts as 0 and as 1 of each indicator; hand in last year's to compare years."""

    centre: Floats  # (indicators,), in the indicator's unit
    unit: Floats  # (indicators,), in the indicator's unit; negative where less is better


@dataclass(frozen=True, slots=True)
class Composite:
    """Index and rank of each unit; NaN and 0 for units with a missing indicator."""

    weights: Floats  # (indicators,), sum 1
    contributions: Floats  # (units, indicators); a row sums to the index
    index: Floats  # (units,)
    rank: NDArray[np.int64]  # (units,), 1 for the highest index
    best: NDArray[np.int64]  # (units,), no weights within the margin can lift the unit above this rank
    worst: NDArray[np.int64]  # (units,), nor push it below this one
    seen_best: NDArray[np.int64]  # (units,), rank reached with some combination of weights at the margin
    seen_worst: NDArray[np.int64]  # (units,)


def scale_of(indicators: Floats, higher_is_better: NDArray[np.bool_]) -> Scale:
    """Mean and standard deviation over the units that have the indicator.

    Shapes:
        indicators: (units, indicators), NaN where missing. higher_is_better: (indicators,).
    Raises:
        InvalidInput: `composite.constant` when an indicator does not vary.
    """
    deviation = np.nanstd(indicators, axis=0)
    if (~(deviation > 0)).any():
        place = int(np.argmin(deviation > 0)) + 1
        raise InvalidInput(
            "composite.constant", f"Chỉ số thứ {place} giống nhau ở mọi đơn vị, không xếp được."
        )
    return Scale(np.nanmean(indicators, axis=0), np.where(higher_is_better, deviation, -deviation))


def composite(indicators: Floats, weights: Floats, scale: Scale, *, wiggle: float = WIGGLE) -> Composite:
    """Index, contributions, ranks, and the rank range when every weight moves by up to ± `wiggle` of itself.

    Shapes:
        indicators: (units, indicators), NaN where missing. weights: (indicators,), positive.
    Raises:
        InvalidInput: `composite.weights`, `composite.units`.
    """
    if len(weights) != indicators.shape[1] or not (weights > 0).all():
        raise InvalidInput("composite.weights", "Mỗi chỉ số cần một trọng số dương.")
    whole: NDArray[np.bool_] = np.asarray(np.isfinite(indicators).all(axis=1))
    if whole.sum() < 2:
        raise InvalidInput("composite.units", "Cần ít nhất 2 đơn vị có đủ mọi chỉ số.")
    weights = weights / weights.sum()
    contributions = (indicators - scale.centre) / scale.unit * weights
    part = contributions[whole]
    lead = part[:, None, :] - part[None, :, :]
    middle, margin = lead.sum(axis=2), wiggle * np.abs(lead).sum(axis=2)
    seen = _corner_ranks(part, wiggle)
    ranks = {
        "rank": 1 + (middle < 0).sum(axis=1),
        "best": 1 + (middle + margin < 0).sum(axis=1),
        "worst": 1 + (middle - margin < 0).sum(axis=1),
        "seen_best": seen.min(axis=0),
        "seen_worst": seen.max(axis=0),
    }
    spread = {name: _placed(rank, whole) for name, rank in ranks.items()}
    return Composite(weights, contributions, contributions.sum(axis=1), **spread)


def _placed(rank: NDArray[np.int64], whole: NDArray[np.bool_]) -> NDArray[np.int64]:
    column = np.zeros(whole.shape, dtype=np.int64)
    column[whole] = rank
    return column


def _corner_ranks(contributions: Floats, wiggle: float) -> NDArray[np.int64]:
    """Ranks with every weight at one end of its margin, and with none moved.

    Shapes:
        Returns (combinations, units).
    """
    count = contributions.shape[1]
    if count <= MOST_CORNERS:
        signs = np.array(list(product((-1.0, 1.0), repeat=count)))
    else:
        signs = np.vstack([np.eye(count), -np.eye(count)])
    moved = (1 + wiggle * np.vstack([np.zeros(count), signs])) @ contributions.T
    ordered = np.sort(moved, axis=1)
    ranks = [
        len(row) - np.searchsorted(line, row, side="right") + 1
        for row, line in zip(moved, ordered, strict=True)
    ]
    return np.asarray(ranks, dtype=np.int64)
