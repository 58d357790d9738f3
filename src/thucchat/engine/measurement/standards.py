"""Cut scores between the five groups by a panel: modified Angoff, and bookmark on calibrated items.

Angoff cuts are in points of the paper, bookmark cuts in logits of the calibration and in expected points.
Sources: Angoff (1971), in Thorndike, Educational Measurement, 508-600; Lewis, Mitzel and Green (1996), the
bookmark procedure; response probability 0.67 as in Huynh (2006), Educational Measurement: Issues and
Practice 25(2), 19-20.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr

from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.measurement.irt.items import ItemBank, curves
from thucchat.engine.vietnamese import vi_number

Floats = NDArray[np.float64]
GROUPS = ("Yếu kém", "Trung bình yếu", "Trung bình khá", "Khá", "Giỏi")  # from the lowest
RESPONSE_PROBABILITY = 0.67
FARTHEST = 12.0  # logits; no item of a usable paper lies beyond


@dataclass(frozen=True, slots=True)
class Cut:
    """The lowest score of a group."""

    group: str
    points: float  # of the paper
    points_error: float  # standard error over panels
    theta: float  # logits; NaN for Angoff
    theta_error: float
    judges: int
    spread: float  # standard deviation between judges, points


@dataclass(frozen=True, slots=True)
class Location:
    """Where a person masters one step of one item with the response probability."""

    item: str
    step: int  # 1 for the only step of a right-or-wrong item
    theta: float  # logits


def angoff(judgements: Floats, *, groups: Sequence[str] = GROUPS) -> tuple[Cut, ...]:
    """Cuts from what each judge expects a borderline person of each group to score on each item.

    The cut is the mean over judges of their sums over items; its error is that of drawing other judges.

    Shapes:
        judgements: (groups − 1, judges, items) expected points, from the second lowest group up; no NaN.
    Raises:
        InvalidInput: `judgements.shape`, `judgements.missing`, `cuts.order`.
        NoResult: `judges.few`.
    """
    if judgements.ndim != 3 or judgements.shape[0] != len(groups) - 1:
        raise InvalidInput(
            "judgements.shape", f"Cần phiếu cho {len(groups) - 1} mốc giữa {len(groups)} nhóm."
        )
    if not np.isfinite(judgements).all() or (judgements < 0).any():
        raise InvalidInput("judgements.missing", "Phiếu còn ô trống hoặc số âm; mỗi câu cần một mức dự kiến.")
    sums = judgements.sum(axis=2)
    _check(sums, groups)
    return _cuts(groups, sums, np.full(sums.shape, np.nan))


def bookmark(
    bank: ItemBank,
    pages: NDArray[np.int64],
    *,
    points: Sequence[Sequence[float]] | None = None,
    probability: float = RESPONSE_PROBABILITY,
    groups: Sequence[str] = GROUPS,
) -> tuple[Cut, ...]:
    """Cuts from the pages where judges put their bookmarks in the booklet of `ordered_items`.

    A bookmark on page k (from 1) says that a borderline person masters pages 1 … k − 1: the cut lies midway
    between the last of these and page k, at the first page itself for k = 1 and at the last one for k one
    beyond it.

    Shapes:
        pages: (groups − 1, judges).
        points: of the categories of every item; 0, 1, 2 … by default.
    Raises:
        InvalidInput: `pages.range`, `cuts.order`.
        NoResult: `judges.few`.
    """
    at = np.array([one.theta for one in ordered_items(bank, probability=probability)])
    if pages.shape[0] != len(groups) - 1 or (pages < 1).any() or (pages > len(at) + 1).any():
        raise InvalidInput("pages.range", f"Cần {len(groups) - 1} mốc, mỗi dấu trang từ 1 đến {len(at) + 1}.")
    below = at[np.maximum(pages - 2, 0)]
    theta = (below + at[np.minimum(pages - 1, len(at) - 1)]) / 2
    expected = _expected_points(bank, theta.ravel(), points).reshape(theta.shape)
    _check(theta, groups)
    return _cuts(groups, expected, theta)


def ordered_items(bank: ItemBank, *, probability: float = RESPONSE_PROBABILITY) -> tuple[Location, ...]:
    """The booklet: every step of every item from the easiest, with the ability that reaches it so often.

    Raises:
        NoResult: `item.unreachable` when an item never reaches the probability, or always exceeds it.
    """
    found = [
        Location(name, step, _location(bank, place, step, probability))
        for place, name in enumerate(bank.names)
        for step in range(1, int(bank.categories[place]))
    ]
    return tuple(sorted(found, key=lambda one: one.theta))


def group_chances(theta: Floats, error: Floats, cuts: Sequence[Cut]) -> Floats:
    """(persons, groups) chance that each person truly belongs to each group, from the lowest.

    Errors of the measure and of the cut are added as independent normal errors.
    """
    limits = np.array([cut.theta for cut in cuts])
    errors = np.nan_to_num(np.array([cut.theta_error for cut in cuts]))
    above = ndtr((theta[:, None] - limits) / np.sqrt(error[:, None] ** 2 + errors**2))
    above = np.minimum.accumulate(above, axis=1)
    padded = np.column_stack([np.ones(len(theta)), above, np.zeros(len(theta))])
    return np.asarray(-np.diff(padded, axis=1))


def _location(bank: ItemBank, place: int, step: int, probability: float) -> float:
    one = ItemBank(
        (bank.names[place],),
        (bank.models[place],),
        bank.categories[place : place + 1],
        bank.parameters[place : place + 1],
    )

    def excess(theta: float) -> float:
        p = np.exp(curves(one, np.array([theta])).log_p[0, :, 0])
        return float(p[step : int(one.categories[0])].sum()) - probability

    if excess(-FARTHEST) >= 0 or excess(FARTHEST) <= 0:
        share = vi_number(probability, 2)
        raise NoResult(
            "item.unreachable",
            f"Câu “{one.names[0]}” không có mức năng lực nào làm đúng với xác suất {share}.",
        )
    return float(brentq(excess, -FARTHEST, FARTHEST, xtol=1e-9))


def _expected_points(bank: ItemBank, theta: Floats, points: Sequence[Sequence[float]] | None) -> Floats:
    width = int(bank.categories.max())
    worth = np.zeros((len(bank.names), width))
    for place, count in enumerate(bank.categories):
        worth[place, :count] = range(count) if points is None else points[place]
    return np.asarray(np.einsum("jkq,jk->q", np.exp(curves(bank, theta).log_p[:, :width]), worth))


def _check(cuts: Floats, groups: Sequence[str]) -> None:
    """Cuts (groups − 1, judges) of the panel must rise."""
    if cuts.shape[1] < 2:
        raise NoResult("judges.few", "Cần ít nhất 2 người trong hội đồng để biết sai số của mốc.")
    means = cuts.mean(axis=1)
    if (np.diff(means) <= 0).any():
        place = int((np.diff(means) <= 0).argmax())
        raise InvalidInput(
            "cuts.order",
            f"Mốc của nhóm {groups[place + 2]} ({vi_number(float(means[place + 1]), 2)}) không cao hơn "
            f"mốc của "
            f"nhóm {groups[place + 1]} ({vi_number(float(means[place]), 2)}).",
        )


def _cuts(groups: Sequence[str], points: Floats, theta: Floats) -> tuple[Cut, ...]:
    judges = points.shape[1]
    root = np.sqrt(judges)
    return tuple(
        Cut(
            group,
            float(own.mean()),
            float(own.std(ddof=1) / root),
            float(place.mean()),
            float(place.std(ddof=1) / root),
            judges,
            float(own.std(ddof=1)),
        )
        for group, own, place in zip(groups[1:], points, theta, strict=True)
    )
