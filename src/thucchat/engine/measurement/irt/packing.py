"""Responses as 0/1 rows ready for matrix products, persons sorted into sections.

A section holds persons of one group who, when designs are few, were presented the same items. A row says
“reached category k of item j” (k > 0). When designs are too many for sections, items that some were not
presented get one more row, “item j was presented” (k = 0). Likelihoods are counted relative to category 0.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.measurement.responses import MISSING, Responses, designs

SINGLE_PRECISION_FROM = 2_000_000  # responses; below, double precision costs nothing that matters
PERSONS_PER_SECTION = 100  # on average, for sections to pay; fewer do where items have many categories


@dataclass(frozen=True, slots=True)
class Section:
    """Neighbouring persons who share a group and the items counted as presented to all of them."""

    start: int
    stop: int
    group: int
    presented: NDArray[np.bool_]  # (items,) item enters the likelihood of every person here


@dataclass(frozen=True, slots=True)
class Packed:
    """All responses, in sections."""

    rows: NDArray[np.uint8]  # (rows, persons) 0 or 1
    item: NDArray[np.int64]  # (rows,) item of each row
    category: NDArray[np.int64]  # (rows,) category of each row, 0 = presented
    sections: tuple[Section, ...]
    order: NDArray[np.int64] | None  # (persons,) original place of each person; None = unchanged
    groups: int
    dtype: np.dtype[np.floating]  # of the matrix products

    @property
    def persons(self) -> int:
        """How many persons there are."""
        return int(self.rows.shape[1])

    @property
    def sectioned(self) -> bool:
        """Whether no row of kind “presented” was needed."""
        return bool((self.category > 0).all())

    def restored(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values (persons,) in the order in which the persons came."""
        if self.order is None:
            return values
        back = np.empty_like(values)
        back[self.order] = values
        return back


def pack(
    responses: Responses,
    group: NDArray[np.int64] | None = None,
    *,
    double: bool = False,
    by_design: bool = True,
) -> Packed:
    """Responses ready for the passes; `group` (persons,) counts from 0; `double` asks for precision."""
    codes = responses.codes
    groups = 1 if group is None else int(group.max()) + 1
    labels = np.zeros(responses.persons, np.int64) if group is None else group
    found = designs(responses)
    count = len(found.presented)
    incomplete = np.asarray(~found.presented.all(axis=0))
    worth = max(responses.persons // PERSONS_PER_SECTION, 2 * int(responses.categories.sum()))
    many = count * groups > worth
    by_rows = count > 1 and (many or not by_design)
    key = labels if by_rows else labels * count + found.of_person
    order = np.argsort(key, kind="stable") if key.any() else None
    if order is not None:
        codes, key = codes[:, order], key[order]
    item, category = _row_places(responses.categories, incomplete if by_rows else np.zeros_like(incomplete))
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    sections = tuple(
        Section(
            int(start), int(stop), int(group), np.asarray(~incomplete if by_rows else found.presented[design])
        )
        for start, stop, group, design in zip(
            starts,
            [*starts[1:], len(key)],
            key[starts] if by_rows else key[starts] // count,
            key[starts] % count,
            strict=True,
        )
    )
    single = codes.size >= SINGLE_PRECISION_FROM and not double
    dtype: np.dtype[np.floating] = np.dtype(np.float32) if single else np.dtype(np.float64)
    return Packed(_indicators(codes, item, category), item, category, sections, order, groups, dtype)


def _row_places(
    categories: NDArray[np.int64], own_presence: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    places = [
        (item, category)
        for item, count in enumerate(categories)
        for category in range(0 if own_presence[item] else 1, count)
    ]
    item, category = np.array(places).T
    return item, category


def _indicators(
    codes: NDArray[np.uint8], item: NDArray[np.int64], category: NDArray[np.int64]
) -> NDArray[np.uint8]:
    if len(item) == len(codes) and codes.max(initial=0) <= 1:
        return codes  # all dichotomous and complete: the codes are the rows
    rows = np.empty((len(item), codes.shape[1]), np.uint8)
    for place, (j, k) in enumerate(zip(item, category, strict=True)):
        rows[place] = codes[j] == k if k else codes[j] != MISSING
    return rows
