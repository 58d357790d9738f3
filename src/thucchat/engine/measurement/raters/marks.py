"""Marks of essays by several raters. One row per script, rater and criterion; marks are in points."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Marks:
    """Who gave what. `order` says when: the place of a mark in its rater's own sequence, from 0."""

    scripts: tuple[str, ...]
    raters: tuple[str, ...]
    criteria: tuple[str, ...]
    script: Ints  # (marks,)
    rater: Ints  # (marks,)
    criterion: Ints  # (marks,)
    order: Floats  # (marks,) scripts the rater had marked before
    points: Floats  # (marks,)


def marks_of(
    scripts: Sequence[str],
    raters: Sequence[str],
    points: Floats,
    *,
    criteria: Sequence[str] | None = None,
    moments: Floats | None = None,
) -> Marks:
    """Marks from columns; `moments` are times or numbers that grow, by default the order of the rows.

    Raises:
        InvalidInput: `marks.shape`, `marks.missing`, `marks.twice` when a rater marked a script twice.
    """
    rows = len(scripts)
    named = list(criteria) if criteria is not None else [""] * rows
    when = np.arange(rows, dtype=float) if moments is None else moments
    if not len(raters) == len(points) == len(named) == len(when) == rows or not rows:
        raise InvalidInput("marks.shape", "Các cột bài, người chấm, điểm phải dài bằng nhau và không rỗng.")
    if not np.isfinite(points).all():
        row = int((~np.isfinite(points)).argmax())
        raise InvalidInput(
            "marks.missing", f"Bài “{scripts[row]}”, người chấm “{raters[row]}” không có điểm."
        )
    script_names, script = np.unique(np.asarray(scripts, dtype=np.str_), return_inverse=True)
    rater_names, rater = np.unique(np.asarray(raters, dtype=np.str_), return_inverse=True)
    criterion_names, criterion = np.unique(np.asarray(named, dtype=np.str_), return_inverse=True)
    cells, counts = np.unique(np.column_stack([script, rater, criterion]), axis=0, return_counts=True)
    if (counts > 1).any():
        at = cells[counts.argmax()]
        message = f"Người chấm “{rater_names[at[1]]}” có hai điểm cho bài “{script_names[at[0]]}”."
        raise InvalidInput("marks.twice", f"{message} Mỗi người chấm mỗi bài một lần.")
    return Marks(
        scripts=tuple(map(str, script_names)),
        raters=tuple(map(str, rater_names)),
        criteria=tuple(map(str, criterion_names)),
        script=script,
        rater=rater,
        criterion=criterion,
        order=_own_order(script, rater, when),
        points=np.asarray(points, dtype=np.float64),
    )


def _own_order(script: Ints, rater: Ints, when: Floats) -> Floats:
    """(marks,) how many scripts the same rater began earlier."""
    held, place = np.unique(np.column_stack([rater, script]), axis=0, return_inverse=True)
    first = np.full(len(held), np.inf)
    np.minimum.at(first, place, when)
    sequence = np.lexsort([first, held[:, 0]])
    starts = np.searchsorted(held[sequence, 0], held[sequence, 0])
    rank = np.empty(len(held))
    rank[sequence] = np.arange(len(held)) - starts
    return np.asarray(rank[place])


def script_totals(marks: Marks) -> Marks:
    """The same marks with the criteria of a script added up."""
    held, first, place = np.unique(
        np.column_stack([marks.script, marks.rater]), axis=0, return_index=True, return_inverse=True
    )
    return Marks(
        marks.scripts,
        marks.raters,
        ("",),
        held[:, 0],
        held[:, 1],
        np.zeros(len(held), np.int64),
        marks.order[first],
        np.bincount(place, marks.points).astype(np.float64),
    )
