"""Items as two calibrations hand them over: slopes, steps, guessing, with standard errors. Scale: logits.

Adjacent categories:  P(k) ∝ exp Σ_{h ≤ k} a (θ - b_h)         (Rasch, partial credit, 2PL, generalised)
Cumulative:           P(at least k) = logistic(a (θ - b_k))      (graded response)
Guessing, two categories: P(1) = c + (1 - c) logistic(a (θ - b)) (3PL)
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput

Values = NDArray[np.inexact[Any]]  # real, or complex while a derivative is taken


@dataclass(frozen=True, slots=True)
class ItemParameters:
    """Items of one calibration."""

    names: tuple[str, ...]
    slopes: Values  # (items,), a, per logit
    steps: Values  # (items, most steps), b, logits; NaN where the item has no such step
    guessing: Values  # (items,), c, probability
    cumulative: NDArray[np.bool_]  # (items,), true for graded response
    covariance: (
        NDArray[np.float64] | None
    )  # of all slopes, then all steps row by row; 0 where fixed or absent

    @property
    def locations(self) -> Values:
        """(items,) mean of the steps, logits."""
        present = ~np.isnan(self.steps)
        middle: Values = np.where(present, self.steps, 0).sum(axis=1) / present.sum(axis=1)
        return middle

    @property
    def location_covariance(self) -> NDArray[np.float64] | None:
        """(items, items) covariance of the mean steps, if known."""
        if self.covariance is None:
            return None
        count, most = self.steps.shape
        steps = (~np.isnan(self.steps)).sum(axis=1)
        blocks = self.covariance[count:, count:].reshape(count, most, count, most)
        means: NDArray[np.float64] = blocks.sum(axis=(1, 3)) / np.outer(steps, steps)
        return means

    @property
    def location_errors(self) -> NDArray[np.float64] | None:
        """(items,) standard error of the mean step, if known."""
        covariance = self.location_covariance
        return None if covariance is None else np.sqrt(np.diag(covariance))

    def of_items(self, places: NDArray[np.intp]) -> "ItemParameters":
        """Some of the items, in the order of `places`."""
        return replace(
            self,
            names=tuple(self.names[place] for place in places),
            slopes=self.slopes[places],
            steps=self.steps[places],
            guessing=self.guessing[places],
            cumulative=self.cumulative[places],
            covariance=self._covariance_of(places),
        )

    def _covariance_of(self, places: NDArray[np.intp]) -> NDArray[np.float64] | None:
        if self.covariance is None:
            return None
        count, most = self.steps.shape
        steps = count + (places[:, None] * most + np.arange(most)).ravel()
        chosen = np.concatenate([places, steps])
        own: NDArray[np.float64] = self.covariance[np.ix_(chosen, chosen)]
        return own


def two_category_items(
    names: tuple[str, ...],
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    *,
    c: NDArray[np.float64] | None = None,
    covariance: NDArray[np.float64] | None = None,
) -> ItemParameters:
    """Items scored right or wrong. Shapes: (items,); covariance (2 items, 2 items), slopes first."""
    guessing = np.zeros(len(names)) if c is None else c
    return ItemParameters(names, a, b[:, None], guessing, np.zeros(len(names), dtype=bool), covariance)


def common_items(
    first: ItemParameters, second: ItemParameters, chosen: tuple[str, ...] | None = None
) -> tuple[ItemParameters, ItemParameters]:
    """The items both calibrations have, in the same order.

    Raises:
        InvalidInput: `link.anchor` when a chosen item is missing on one side, `link.shape` when an item has
            another number of categories or another model on the other side.
    """
    wanted = tuple(name for name in first.names if name in second.names) if chosen is None else chosen
    for name in wanted:
        if name not in first.names or name not in second.names:
            raise InvalidInput("link.anchor", f"Câu chung “{name}” không có trong cả hai lần ước lượng.")
    pair = tuple(
        side.of_items(np.array([side.names.index(name) for name in wanted], dtype=np.intp))
        for side in (first, second)
    )
    for name, one, other in zip(wanted, *map(_shapes, pair), strict=True):
        if one != other:
            raise InvalidInput("link.shape", f"Câu “{name}” có số mức điểm hoặc mô hình khác nhau ở hai lần.")
    return pair[0], pair[1]


def _shapes(items: ItemParameters) -> list[tuple[int, bool]]:
    steps = (~np.isnan(items.steps)).sum(axis=1)
    return [(int(count), bool(kind)) for count, kind in zip(steps, items.cumulative, strict=True)]


def category_curves(items: ItemParameters, theta: Values) -> tuple[Values, Values]:
    """Probability of each category at each ability, and its derivative by the ability.

    Shapes:
        theta: (nodes,), logits.
        Returns two arrays (nodes, items, most steps + 1), 0 where there is no such category.
    """
    graded = items.cumulative[None, :, None]
    present = ~np.isnan(items.steps)
    depth = items.slopes[:, None] * (theta[:, None, None] - np.where(present, items.steps, 0))
    adjacent, adjacent_slope = _adjacent(depth, present, items.slopes)
    cumulative, cumulative_slope = _cumulative(depth, present, items.slopes)
    p = np.where(graded, cumulative, adjacent)
    slope = np.where(graded, cumulative_slope, adjacent_slope)
    c = items.guessing[:, None]
    lifted = np.zeros(p.shape[1:])
    lifted[:, 1] = 1
    return c * lifted + (1 - c) * p, (1 - c) * slope


def _adjacent(depth: Values, present: NDArray[np.bool_], slopes: Values) -> tuple[Values, Values]:
    logits = np.concatenate([np.zeros_like(depth[..., :1]), np.cumsum(depth, axis=-1)], axis=-1)
    exists = np.concatenate([np.ones_like(present[:, :1]), present], axis=1)
    top = np.where(exists, logits.real, -np.inf).max(axis=-1, keepdims=True)
    weights = np.where(exists, np.exp(np.where(exists, logits - top, 0)), 0)
    p = weights / weights.sum(axis=-1, keepdims=True)
    rank = np.arange(p.shape[-1])
    mean = (p * rank).sum(axis=-1, keepdims=True)
    return p, slopes[:, None] * p * (rank - mean)


def _cumulative(depth: Values, present: NDArray[np.bool_], slopes: Values) -> tuple[Values, Values]:
    above = np.where(present, 1 / (1 + np.exp(-depth)), 0)
    rise = slopes[:, None] * above * (1 - above)
    one, zero = np.ones_like(above[..., :1]), np.zeros_like(above[..., :1])
    p = -np.diff(np.concatenate([one, above, zero], axis=-1), axis=-1)
    return p, -np.diff(np.concatenate([zero, rise, zero], axis=-1), axis=-1)
