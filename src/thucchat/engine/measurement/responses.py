"""Scored responses of persons to items, kept item by item as category numbers.

A category is the rank of a score among the scores seen for its item: 0, 1, 2 … What was not presented is
missing, and missing is never zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.vietnamese import vi_number

MISSING = 255  # the code of a response that was not asked for
MOST_CATEGORIES = 60


@dataclass(frozen=True, slots=True)
class Responses:
    """Who reached which category of which item."""

    items: tuple[str, ...]
    codes: NDArray[np.uint8]  # (items, persons) category, or MISSING
    scores: tuple[tuple[float, ...], ...]  # per item, the points of its categories, rising
    caveats: tuple[str, ...] = ()

    @property
    def persons(self) -> int:
        """How many persons there are."""
        return int(self.codes.shape[1])

    @property
    def categories(self) -> NDArray[np.int64]:
        """(items,) how many categories each item has."""
        return np.array([len(points) for points in self.scores])

    @property
    def presented(self) -> NDArray[np.bool_]:
        """(items, persons) true where the item was presented."""
        return np.asarray(self.codes != MISSING)

    def of_persons(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> "Responses":
        """The same items for some of the persons."""
        return replace(self, codes=self.codes[:, chosen])

    def of_items(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> "Responses":
        """Some of the items for the same persons."""
        places = np.arange(len(self.items))[chosen]
        return replace(
            self,
            items=tuple(self.items[place] for place in places),
            codes=self.codes[places],
            scores=tuple(self.scores[place] for place in places),
        )

    def points(self) -> NDArray[np.float64]:
        """(persons, items) points, NaN where the item was not presented."""
        table = np.full((self.persons, len(self.items)), np.nan)
        for place, points in enumerate(self.scores):
            lookup = np.full(256, np.nan)
            lookup[: len(points)] = points
            table[:, place] = lookup[self.codes[place]]
        return table


def responses_from_scores(items: Sequence[str], scores: NDArray[np.floating]) -> Responses:
    """Turn points into categories, item by item.

    When every item starts at the same whole number above zero (1, 2, 3, 4 for instance), categories are
    counted from there; otherwise a score that nobody reached, below or between others, is passed over with a
    caveat.

    Shapes:
        scores: (persons, items) points, NaN = not presented.
    Raises:
        InvalidInput: `items.duplicate`, `scores.shape`, `scores.many` when an item has too many scores.
    """
    if len(set(items)) != len(items):
        twice = sorted({name for name in items if list(items).count(name) > 1})
        raise InvalidInput("items.duplicate", f"Tên câu bị lặp: {', '.join(twice)}.", items=twice)
    if scores.ndim != 2 or scores.shape[1] != len(items):
        raise InvalidInput("scores.shape", f"Bảng điểm phải có đúng {len(items)} cột câu hỏi.")
    codes = np.full((len(items), scores.shape[0]), MISSING, np.uint8)
    seen: list[tuple[float, ...]] = []
    for place, name in enumerate(items):
        codes[place], points = _categories_of(name, scores[:, place])
        seen.append(points)
    return Responses(tuple(items), codes, tuple(seen), _gaps(items, seen))


def _categories_of(name: str, column: NDArray[np.floating]) -> tuple[NDArray[np.uint8], tuple[float, ...]]:
    answered = ~np.isnan(column)
    points, ranks = _distinct(column[answered])
    if len(points) > MOST_CATEGORIES:
        raise InvalidInput(
            "scores.many",
            f"Câu “{name}” có {len(points)} mức điểm khác nhau; tối đa {MOST_CATEGORIES}. "
            "Hãy kiểm tra xem đây có phải cột câu hỏi không.",
            item=name,
        )
    codes = np.full(len(column), MISSING, np.uint8)
    codes[answered] = ranks
    return codes, tuple(float(point) for point in points)


def _distinct(values: NDArray[np.floating]) -> tuple[NDArray[np.floating], NDArray[np.uint8]]:
    """Distinct values and ranks; the common 0/1 column without sorting."""
    ones = values == 1
    if values.size and ones.any() and not ones.all() and ((values == 0) | ones).all():
        return np.array([0.0, 1.0]), ones.astype(np.uint8)
    points, ranks = np.unique(values, return_inverse=True)
    return points, np.minimum(ranks, MISSING - 1).astype(np.uint8)


def _gaps(items: Sequence[str], seen: Sequence[tuple[float, ...]]) -> tuple[str, ...]:
    """Say which items have whole scores that nobody reached: their categories were closed up."""
    answered = [points for points in seen if points]
    start = min((points[0] for points in answered), default=0.0)
    gaps = [
        name
        for name, points in zip(items, seen, strict=True)
        if points
        and len(points) > 1
        and all(float(point).is_integer() for point in points)
        and points[-1] - min(points[0], start) + 1 > len(points)
    ]
    if not gaps:
        return ()
    return (f"Có mức điểm không ai đạt ở: {', '.join(gaps)}; các mức còn lại được dồn liền nhau.",)


@dataclass(frozen=True, slots=True)
class Usable:
    """What remains of a table of responses when everything without information is left out."""

    responses: Responses
    persons: NDArray[np.bool_]  # (persons of the table,) true where kept
    caveats: tuple[str, ...]


def usable(responses: Responses) -> Usable:
    """The items and persons that carry information, and a caveat for what is left out.

    An item that nobody answered, or on which everybody reached the same score, has no estimate.
    Raises:
        NoResult: `items.few` when fewer than two items remain.
    """
    caveats = list(responses.caveats)
    kept = responses.categories >= 2
    for place in np.flatnonzero(~kept):
        points = responses.scores[place]
        reason = f"mọi thí sinh cùng được {vi_number(points[0])} điểm" if points else "không ai trả lời"
        caveats.append(f"Câu “{responses.items[place]}”: {reason}, không ước lượng được tham số.")
    if kept.sum() < 2:
        raise NoResult("items.few", "Cần ít nhất 2 câu có điểm khác nhau giữa các thí sinh để ước lượng.")
    rest = responses if kept.all() else responses.of_items(kept)
    answered = np.asarray(rest.presented.any(axis=0))
    if not answered.all():
        caveats.append(f"Bỏ {int((~answered).sum())} thí sinh không có câu trả lời nào.")
        rest = rest.of_persons(answered)
    return Usable(rest, answered, tuple(caveats))


@dataclass(frozen=True, slots=True)
class Designs:
    """The different sets of items that persons were presented."""

    of_person: NDArray[np.int64]  # (persons,) number of the design
    presented: NDArray[np.bool_]  # (designs, items)


def designs(responses: Responses) -> Designs:
    """Number the designs from 0."""
    missing = ~responses.presented
    some = missing.any(axis=1)
    if not some.any():
        return Designs(np.zeros(responses.persons, np.int64), np.ones((1, len(responses.items)), bool))
    packed = np.ascontiguousarray(np.packbits(missing[some], axis=0).T)
    rows = packed.view(np.dtype((np.void, packed.shape[1])))[:, 0]
    _, first, number = np.unique(rows, return_index=True, return_inverse=True)
    return Designs(number.astype(np.int64), ~missing[:, first].T)


def linked_parts(responses: Responses) -> list[NDArray[np.int64]]:
    """Groups of items joined by persons who answered items of both; one group means a linked design."""
    label = np.arange(len(responses.items))
    patterns = designs(responses).presented
    while True:
        before = label.copy()
        for pattern in patterns[patterns.any(axis=1)]:
            together = np.isin(label, label[pattern])
            label[together] = label[together].min()
        if np.array_equal(before, label):
            return [np.flatnonzero(label == part) for part in np.unique(label)]
