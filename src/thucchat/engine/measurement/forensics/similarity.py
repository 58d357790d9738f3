"""How alike the answers of two persons in one room are: ω, GBT, M4, and runs of shared wrong answers.

Given their abilities, two persons who worked apart answer independently. Each index asks how probable so much
likeness is then; none can say why it came about, and pupils of one class who learned the same mistake are
alike too.
Sources: Wollack (1997), Applied Psychological Measurement 21(4), 307-320 (ω); van der Linden and Sotaridona
(2006), Journal of Educational and Behavioral Statistics 31(3), 283-304 (GBT); Maynes (2014), in Kingston and
Clark, Test Fraud, 53-80 (M4).
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from thucchat.engine.errors import NoResult
from thucchat.engine.measurement.forensics.answers import MISSING, Answers
from thucchat.engine.measurement.forensics.model import OptionCurves
from thucchat.engine.measurement.forensics.tails import at_least, joint_tail, longest_run, run_at_least

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BLOCK = 2048  # pairs
SCREEN = 1.5  # standard deviations above expectation from which the exact tails are computed
MOST_PAIRS = 60_000_000
FEWEST_COMMON = 10  # items answered by both
SMALLEST_LISTED = 0.05  # pairs whose p-values are all above are only counted


@dataclass(frozen=True, slots=True)
class LikePairs:
    """The pairs worth listing: those with some p-value below SMALLEST_LISTED. p-values not computed are 1."""

    pairs: Ints  # (listed, 2) persons
    common: Ints  # (listed,) items answered by both
    same_right: Ints  # (listed,)
    same_wrong: Ints  # (listed,)
    expected_right: Floats  # (listed,) shared right answers between persons of these abilities
    expected_wrong: Floats  # (listed,)
    run: Ints  # (listed,) shared wrong answers in the longest stretch without a differing one
    omega: Floats  # (listed, 2) the first's answers given the second's, and the reverse
    p_omega: Floats  # (listed,) of the larger, both directions counted as tests
    p_gbt: Floats  # (listed,)
    p_m4: Floats  # (listed,)
    p_run: Floats  # (listed,)
    tested: int  # pairs of one room with enough common items
    rooms: int  # with at least one such pair


@dataclass(frozen=True, slots=True)
class _Expected:
    """What persons at two grid points share on average."""

    right: Floats  # (grid, grid, items)
    wrong: Floats  # (grid, grid, items)


def like_pairs(answers: Answers, curves: OptionCurves, rooms: Ints) -> LikePairs:
    """Compare every two persons of the same room.

    Shapes:
        rooms: (persons,) number of the room, negative where unknown.
    Raises:
        NoResult: `pairs.none`, `pairs.many`.
    """
    sizes = np.bincount(rooms[rooms >= 0])
    count = int((sizes * (sizes - 1) // 2).sum())
    if not count or count > MOST_PAIRS:
        reason = "Không phòng nào có từ 2 thí sinh" if not count else f"Có {count} cặp, quá nhiều để so"
        raise NoResult(
            "pairs.many" if count else "pairs.none", f"{reason}; hãy nêu cột phòng thi bằng --room."
        )
    expected = _expected(answers, curves)
    parts: list[LikePairs] = []
    seen: set[int] = set()
    for pairs in _pair_blocks(rooms):
        block, enough = _compared(answers, curves, expected, pairs)
        seen.update(np.unique(rooms[pairs[enough, 0]]).tolist())
        parts.append(block)
    joined = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts])
        for field in fields(LikePairs)[:-2]
    }
    return replace(parts[0], **joined, tested=sum(part.tested for part in parts), rooms=len(seen))


def _pair_blocks(rooms: Ints) -> Iterator[Ints]:
    """All pairs within rooms, (at most BLOCK or one person's partners, 2) at a time."""
    order = np.argsort(rooms, kind="stable")
    order = order[rooms[order] >= 0]
    held = rooms[order]
    partners = np.searchsorted(held, held, side="right") - np.arange(len(held)) - 1
    start = 0
    while start < len(order):
        reach = np.searchsorted(partners[start : start + BLOCK].cumsum(), BLOCK, side="right")
        stop = start + max(int(reach), 1)
        own = partners[start:stop]
        first = np.repeat(np.arange(start, stop), own)
        offset = np.arange(len(first)) - np.repeat(own.cumsum() - own, own)
        if len(first):
            yield np.column_stack([order[first], order[first + 1 + offset]])
        start = stop


def _expected(answers: Answers, curves: OptionCurves) -> _Expected:
    """Tables over pairs of grid points, so that no pair computes a product of curves."""
    right = curves.p * (answers.right & answers.alike)
    wrong = curves.p * (~answers.right & answers.alike)
    return _Expected(
        np.einsum("ajk,bjk->abj", right, right, optimize=True),
        np.einsum("ajk,bjk->abj", wrong, wrong, optimize=True),
    )


def _compared(
    answers: Answers, curves: OptionCurves, expected: _Expected, pairs: Ints
) -> tuple[LikePairs, NDArray[np.bool_]]:
    """The pairs worth listing among `pairs`, and which were tested."""
    one, two = answers.codes[pairs[:, 0]], answers.codes[pairs[:, 1]]
    both = (one != MISSING) & (two != MISSING)
    items = np.arange(len(answers.items))
    same = (one == two) & both & answers.alike[items, one]
    right = same & answers.right[items, one]
    wrong = same & ~right
    at = curves.place[pairs]
    p_right, p_wrong = expected.right[at[:, 0], at[:, 1]] * both, expected.wrong[at[:, 0], at[:, 1]] * both
    omega = np.column_stack(
        [_omega(answers, curves, same, pairs), _omega(answers, curves, same, pairs[:, ::-1])]
    )
    enough = both.sum(axis=1) >= FEWEST_COMMON
    likely = (_excess(same, p_right + p_wrong) > SCREEN) | (_excess(wrong, p_wrong) > SCREEN)
    kept = np.flatnonzero(enough & (likely | (omega.max(axis=1) > SCREEN)))
    found = _tailed(pairs[kept], (right[kept], wrong[kept], both[kept]), (p_right[kept], p_wrong[kept]))
    chances = np.minimum(2 * ndtr(-omega[kept].max(axis=1)), 1.0)
    lowest = np.column_stack([found.p_gbt, found.p_m4, found.p_run, chances]).min(axis=1)
    listed = lowest <= SMALLEST_LISTED
    whole = replace(found, omega=omega[kept], p_omega=chances, tested=int(enough.sum()))
    columns = {field.name: getattr(whole, field.name)[listed] for field in fields(LikePairs)[:-2]}
    return replace(whole, **columns), enough


def _omega(answers: Answers, curves: OptionCurves, same: NDArray[np.bool_], pairs: Ints) -> Floats:
    """(pairs,) shared answers of the first person, standardised given what the second answered."""
    given = answers.codes[pairs[:, 1]]
    items = np.arange(len(answers.items))
    counted = (answers.codes[pairs[:, 0]] != MISSING) & (given != MISSING) & answers.alike[items, given]
    p = curves.p[curves.place[pairs[:, 0]][:, None], items, given] * counted
    spread = np.sqrt((p * (1 - p)).sum(axis=1))
    return np.asarray((same.sum(axis=1) - p.sum(axis=1)) / np.maximum(spread, 1e-9))


def _excess(shared: NDArray[np.bool_], p: Floats) -> Floats:
    spread = np.sqrt((p * (1 - p)).sum(axis=1))
    return np.asarray((shared.sum(axis=1) - p.sum(axis=1)) / np.maximum(spread, 1e-9))


def _tailed(pairs: Ints, shared: tuple[NDArray[np.bool_], ...], p: tuple[Floats, Floats]) -> LikePairs:
    """Counts and exact tails; ω is still to be filled in."""
    right, wrong, both = shared
    p_right, p_wrong = p
    counts = np.column_stack([right.sum(axis=1), wrong.sum(axis=1)])
    run = longest_run(right, wrong, both)
    return LikePairs(
        pairs=pairs,
        common=both.sum(axis=1),
        same_right=counts[:, 0],
        same_wrong=counts[:, 1],
        expected_right=p_right.sum(axis=1),
        expected_wrong=p_wrong.sum(axis=1),
        run=run,
        omega=np.zeros((len(pairs), 2)),
        p_omega=np.ones(len(pairs)),
        p_gbt=at_least(p_right + p_wrong, counts.sum(axis=1)),
        p_m4=joint_tail(p_right, p_wrong, counts),
        # What one of the two left blank neither lengthens nor ends a stretch.
        p_run=run_at_least(np.where(both, p_right, 1.0), p_wrong, run),
        tested=0,
        rooms=0,
    )
