"""Classical item analysis: how hard, how telling, and what each wrong answer drew. Scores are in points."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import NoResult
from thucchat.engine.measurement.reliability import covariance_matrix

Floats = NDArray[np.float64]
THIRDS = 3  # groups of persons in a distractor curve


@dataclass(frozen=True, slots=True)
class OptionStatistics:
    """One answer that persons gave to an item."""

    option: str
    count: int
    share: float  # of those presented the item
    mean_rest: float  # points on the other items of those who chose it
    item_rest: float  # correlation of choosing it with the points on the other items
    by_third: tuple[float, ...]  # share choosing it in the weakest, middle and strongest third
    key: bool


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """One item."""

    item: str
    count: int  # persons presented the item
    mean: float  # points
    difficulty: float  # mean as a share of the highest score
    sd: float  # points
    item_total: float  # correlation with the total
    item_rest: float  # correlation with the total without the item
    alpha_without: float  # alpha of the other items
    options: tuple[OptionStatistics, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """Points per person, made comparable when some items were not presented."""

    total: Floats  # (persons,) NaN for persons without any response
    rest: Floats  # (persons, items) total without the item


def totals(scores: Floats) -> Totals:
    """Sum of points; where items are missing, the mean over those presented times the number of items.

    Shapes:
        scores: (persons, items) points, NaN = not presented.
    """
    seen = ~np.isnan(scores)
    filled = np.where(seen, scores, 0.0)
    points, answered, items = filled.sum(axis=1), seen.sum(axis=1), scores.shape[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        total = points * items / answered
        rest = (points[:, None] - filled) * (items - 1) / (answered[:, None] - seen)
    return Totals(total, rest)


def item_statistics(
    items: Sequence[str],
    scores: Floats,
    highest: Floats,
    answers: Sequence[NDArray[np.str_] | None],
    keys: Sequence[str | None],
) -> tuple[ItemStatistics, ...]:
    """Statistics of every item.

    Shapes:
        scores: (persons, items) points, NaN = not presented.
        highest: (items,) points of a perfect answer.
        answers: per item None, or (persons,) the answer given, "" where there is none.
    Raises:
        NoResult: `persons.few`.
    """
    if scores.shape[0] < 2:
        raise NoResult("persons.few", f"Cần ít nhất 2 thí sinh, chỉ có {scores.shape[0]}.")
    sums = totals(scores)
    without = alpha_without_each(scores)
    out = []
    for place, name in enumerate(items):
        column, rest = scores[:, place], sums.rest[:, place]
        seen = column[~np.isnan(column)]
        mean = float(seen.mean()) if seen.size else float("nan")
        out.append(
            ItemStatistics(
                item=name,
                count=int(seen.size),
                mean=mean,
                difficulty=mean / float(highest[place]) if highest[place] > 0 else float("nan"),
                sd=float(seen.std(ddof=1)) if seen.size > 1 else float("nan"),
                item_total=correlation(column, sums.total),
                item_rest=correlation(column, rest),
                alpha_without=float(without[place]),
                options=_options(column, rest, answers[place], keys[place]),
            )
        )
    return tuple(out)


def correlation(left: Floats, right: Floats) -> float:
    """Pearson correlation over the persons who have both; NaN when one of them does not vary."""
    both = ~(np.isnan(left) | np.isnan(right))
    if both.sum() < 2:
        return float("nan")
    x, y = left[both] - left[both].mean(), right[both] - right[both].mean()
    scale = float(np.sqrt((x @ x) * (y @ y)))
    return float(x @ y) / scale if scale > 1e-12 * both.sum() else float("nan")


def alpha_without_each(scores: Floats) -> Floats:
    """(items,) alpha of the test when each item is left out; NaN where it cannot be computed."""
    items = scores.shape[1]
    if items < 3:
        return np.full(items, np.nan)
    try:
        covariance = covariance_matrix(scores)
    except NoResult:
        return np.full(items, np.nan)
    variances = np.diag(covariance)
    total = covariance.sum() - 2 * covariance.sum(axis=0) + variances
    with np.errstate(invalid="ignore", divide="ignore"):
        alpha = (items - 1) / (items - 2) * (1 - (variances.sum() - variances) / total)
    return np.where(np.isfinite(alpha), alpha, np.nan)


def _options(
    column: Floats, rest: Floats, answers: NDArray[np.str_] | None, key: str | None
) -> tuple[OptionStatistics, ...]:
    seen = ~np.isnan(column)
    given = _as_text(column) if answers is None else answers
    third = _thirds(np.where(seen, rest, np.nan))
    shown = sorted({str(option) for option in given[seen]} | ({key} if key else set()))
    return tuple(_option(option, given == option, rest, third, key) for option in shown)


def _option(
    option: str, chosen: NDArray[np.bool_], rest: Floats, third: NDArray[np.int64], key: str | None
) -> OptionStatistics:
    seen = third >= 0
    picked = chosen & seen
    indicator = np.where(seen, chosen.astype(float), np.nan)
    return OptionStatistics(
        option=option,
        count=int(picked.sum()),
        share=float(picked.sum() / seen.sum()) if seen.any() else float("nan"),
        mean_rest=float(rest[picked].mean()) if picked.any() else float("nan"),
        item_rest=correlation(indicator, rest),
        by_third=tuple(
            float(picked[third == part].mean()) if (third == part).any() else float("nan")
            for part in range(THIRDS)
        ),
        key=option == key,
    )


def _as_text(column: Floats) -> NDArray[np.str_]:
    values, place = np.unique(column, return_inverse=True)
    return np.array([f"{value:g}" for value in values], dtype=np.str_)[place]


def _thirds(rest: Floats) -> NDArray[np.int64]:
    """(persons,) third by points on the other items, equal points together; −1 where unknown."""
    known = ~np.isnan(rest)
    out = np.full(len(rest), -1)
    if known.any():
        edges = np.quantile(rest[known], np.arange(1, THIRDS) / THIRDS)
        out[known] = np.searchsorted(edges, rest[known], side="left")
    return out
