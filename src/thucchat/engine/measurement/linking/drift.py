"""Anchors that moved: after the link an anchor should be as hard as it was. Differences are in logits.

A moved anchor is a question, not a verdict: leaked, taught meanwhile, printed differently, or chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from thucchat.engine.measurement.linking.carry import carry_items
from thucchat.engine.measurement.linking.constants import (
    FEWEST,
    Grid,
    Link,
    estimate_link,
    normal_grid,
)
from thucchat.engine.measurement.linking.items import ItemParameters, category_curves

ROBUST_LIMIT = 2.7  # Huynh and Meyer (2010), about 1 anchor in 140 by chance
SMALLEST_MOVE = 0.3  # logits; a smaller one changes a score by less than 0.08 at most
NORMAL_QUARTILES = 1.349  # interquartile range of the standard normal
MOST_REMOVED = 0.2  # of the anchors; more than that, and the link itself is in doubt


@dataclass(frozen=True, slots=True)
class Drift:
    """How far one anchor stands from where it stood."""

    item: str
    shift: float  # carried location minus target location, logits; negative: it became easier
    robust_z: float  # against the median and quartiles of all anchors
    z: float | None  # against the items' standard errors, when known
    p: float | None  # of z, two-sided
    distance: float  # root mean square difference of the expected scores, in points of the item
    moved: bool


@dataclass(frozen=True, slots=True)
class StableLink:
    """A link after anchors that moved were left out, one at a time."""

    link: Link
    drifts: tuple[Drift, ...]  # of all anchors, judged by the final link
    removed: tuple[str, ...]
    cautions: tuple[str, ...]  # Vietnamese


def anchor_drift(
    source: ItemParameters, target: ItemParameters, link: Link, *, grid: Grid | None = None
) -> tuple[Drift, ...]:
    """Compare every anchor with its place on the target scale.

    Source:
        Huynh and Meyer (2010), Journal of Applied Measurement 11(4), 438-448.
    """
    nodes = normal_grid() if grid is None else grid
    carried = carry_items(source, link)
    shifts = np.asarray((carried.locations - target.locations).real, dtype=np.float64)
    errors = _errors(carried, target)
    robust = robust_z(shifts)
    distances = _distances(carried, target, nodes)
    return tuple(
        _drift(name, float(shift), robust=float(score), error=float(error), distance=float(distance))
        for name, shift, score, error, distance in zip(
            source.names, shifts, robust, errors, distances, strict=True
        )
    )


def _errors(carried: ItemParameters, target: ItemParameters) -> NDArray[np.float64]:
    before, after = carried.location_errors, target.location_errors
    return np.zeros(len(target.names)) if before is None or after is None else np.hypot(before, after)


def _drift(name: str, shift: float, *, robust: float, error: float, distance: float) -> Drift:
    z = shift / error if error > 0 else None
    p = float(2 * norm.sf(abs(z))) if z is not None else None
    moved = abs(robust) > ROBUST_LIMIT and abs(shift) > SMALLEST_MOVE
    return Drift(name, shift, robust, z, p, distance, moved)


def robust_z(shifts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance from the median in robust standard deviations. Shapes: (anchors,)."""
    low, middle, high = np.quantile(shifts, [0.25, 0.5, 0.75])
    # Anchors that agree to the last digit have no spread; nothing stands out among them.
    spread = max(float(high - low) / NORMAL_QUARTILES, 1e-9)
    return np.asarray((shifts - middle) / spread, dtype=np.float64)


def _distances(carried: ItemParameters, target: ItemParameters, grid: Grid) -> NDArray[np.float64]:
    rank = np.arange(target.steps.shape[1] + 1)
    expected = [(category_curves(items, grid.nodes)[0] * rank).sum(axis=-1) for items in (carried, target)]
    squares: NDArray[np.float64] = grid.weights @ (expected[0] - expected[1]).real ** 2
    return np.sqrt(squares)


def stable_link(
    source: ItemParameters,
    target: ItemParameters,
    *,
    method: str = "stocking-lord",
    grid: Grid | None = None,
    symmetric: bool = False,
) -> StableLink:
    """Link, leave out the anchor that moved most, and link again until none is left that moved.

    At most a fifth of the anchors is left out, and never below three; then a caution says so.
    """
    count = len(source.names)
    kept = np.arange(count)
    while True:
        pair = source.of_items(kept), target.of_items(kept)
        link = estimate_link(*pair, method=method, grid=grid, symmetric=symmetric)
        drifts = anchor_drift(source, target, link)
        moved = [place for place in kept if drifts[place].moved]
        if not moved or len(kept) - 1 < max(FEWEST, (1 - MOST_REMOVED) * count):
            break
        worst = max(moved, key=lambda place: abs(drifts[place].robust_z))
        kept = kept[kept != worst]
    removed = tuple(source.names[place] for place in range(count) if place not in kept)
    return StableLink(link, drifts, removed, _cautions(removed, moved, source.names))


def _cautions(removed: tuple[str, ...], moved: Sequence[np.intp], names: tuple[str, ...]) -> tuple[str, ...]:
    cautions = []
    if removed:
        cautions.append(f"Câu chung bị trôi, không dùng để nối: {', '.join(removed)}.")
    if moved:
        still = ", ".join(names[place] for place in moved)
        cautions.append(f"Vẫn còn câu chung bị trôi ({still}) nhưng bỏ nữa thì phép nối không còn chỗ dựa.")
    return tuple(cautions)
