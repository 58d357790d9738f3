"""Carrying abilities, items and their errors onto the target scale. Abilities are in logits.

Three errors stay apart: measurement (each person's own), sampling (of persons), and the link's, which is
the same for everybody and does not shrink in a mean over many pupils.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.measurement.linking.constants import Link
from thucchat.engine.measurement.linking.items import ItemParameters


@dataclass(frozen=True, slots=True)
class Carried:
    """Abilities on the target scale."""

    theta: NDArray[np.float64]  # (persons,), logits
    measurement_error: NDArray[np.float64]  # (persons,), logits
    link_error: NDArray[np.float64]  # (persons,), logits, shared by all persons of this link

    @property
    def total_error(self) -> NDArray[np.float64]:
        return np.hypot(self.measurement_error, self.link_error)


@dataclass(frozen=True, slots=True)
class MeanChange:
    """Growth of a group's mean between two measurements on one scale."""

    change: float  # logits
    sampling_error: float  # of both means
    link_error: float

    @property
    def total_error(self) -> float:
        return float(np.hypot(self.sampling_error, self.link_error))


def link_covariance(link: Link) -> NDArray[np.float64]:
    """Error of the constants that growth must carry: the larger of the two views, by total variance.

    The jackknife over anchors already holds the items' estimation error, except when anchors are few.
    """
    estimation = link.estimation_covariance
    if estimation is None or np.trace(estimation) < np.trace(link.anchor_covariance):
        return link.anchor_covariance
    return estimation


def link_error_at(link: Link, theta: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standard error of A θ + B due to the constants alone. Shapes: (persons,)."""
    design = np.stack([theta, np.ones_like(theta)])
    variance: NDArray[np.float64] = (design * (link_covariance(link) @ design)).sum(axis=0)
    return np.sqrt(variance)


def carry_abilities(theta: NDArray[np.float64], standard_errors: NDArray[np.float64], link: Link) -> Carried:
    """Abilities of the source scale on the target scale. Shapes: (persons,)."""
    moved = link.slope * theta + link.intercept
    return Carried(moved, link.slope * standard_errors, link_error_at(link, theta))


def carry_items(items: ItemParameters, link: Link) -> ItemParameters:
    """Items of the source calibration on the target scale; their own errors, without the link's."""
    factors = np.repeat([1 / link.slope, link.slope], [len(items.names), items.steps.size])
    known = items.covariance
    return replace(
        items,
        slopes=items.slopes / link.slope,
        steps=link.slope * items.steps + link.intercept,
        covariance=None if known is None else known * np.outer(factors, factors),
    )


def mean_change(before: tuple[float, float], after: tuple[float, float], link: Link) -> MeanChange:
    """Growth of a mean: `before` on the target scale, `after` on the source scale; (mean, standard error)."""
    carried = link.slope * after[0] + link.intercept
    sampling = float(np.hypot(before[1], link.slope * after[1]))
    return MeanChange(carried - before[0], sampling, float(link_error_at(link, np.array([after[0]]))[0]))


def chain(first: Link, second: Link) -> Link:
    """One link from the source of `first` to the target of `second`; the errors of both add up."""
    by_first = np.array([[second.slope, 0.0], [0.0, second.slope]])
    by_second = np.array([[first.slope, 0.0], [first.intercept, 1.0]])

    def added(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
        total: NDArray[np.float64] = by_first @ one @ by_first.T + by_second @ other @ by_second.T
        return total

    known = first.estimation_covariance, second.estimation_covariance
    return Link(
        slope=second.slope * first.slope,
        intercept=second.slope * first.intercept + second.intercept,
        estimation_covariance=None if known[0] is None or known[1] is None else added(known[0], known[1]),
        anchor_covariance=added(first.anchor_covariance, second.anchor_covariance),
        method=f"{first.method} + {second.method}",
        anchors=(),
        cautions=first.cautions + second.cautions,
    )
