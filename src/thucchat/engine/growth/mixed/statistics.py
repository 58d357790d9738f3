"""Sufficient statistics of a mixed model: one pass over the rows, then only groups matter.

Random effects are numbered term by term, level by level, coefficient by coefficient; such a number
is called a node. The matrix A = Z'WZ is kept as small blocks, one per pair of levels seen together.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from thucchat.engine.growth.mixed.design import Codes, Design, Floats, RandomTerm


@dataclass(frozen=True, slots=True)
class Pairs:
    """Blocks of A between levels of two terms (or two different levels of one)."""

    first: int  # index of the term of the block's rows
    second: int  # index of the term of its columns, at least `first`
    first_levels: Codes  # (blocks,)
    second_levels: Codes  # (blocks,)
    blocks: Floats  # (blocks, k first, k second)


@dataclass(frozen=True, slots=True)
class Moments:
    """All that the likelihood needs to know of the rows."""

    rows: int
    log_weights: float  # sum of the logarithms of the weights
    cross: Floats  # (p + 1, p + 1): M'WM of M = [X y]
    projected: Floats  # (nodes, p + 1): Z'WM
    own: tuple[Floats, ...]  # per term (levels, k, k): blocks of A within a level
    pairs: tuple[Pairs, ...]  # blocks of A off the diagonal
    terms: tuple[RandomTerm, ...]

    @property
    def columns(self) -> int:
        """Number of fixed columns."""
        return len(self.cross) - 1


def moments(design: Design) -> Moments:
    """Sum the rows of `design`."""
    right = np.column_stack([design.fixed, design.response])
    weights = design.weights
    weighted = right if weights is None else right * weights[:, None]
    terms = design.random
    projected = [_projected(term, weighted) for term in terms]
    return Moments(
        rows=design.rows,
        log_weights=0.0 if weights is None else float(np.log(weights).sum()),
        cross=right.T @ weighted,
        projected=np.concatenate(projected) if projected else np.zeros((0, right.shape[1])),
        own=tuple(_own_blocks(term, weights) for term in terms),
        pairs=tuple(_all_pairs(terms, weights)),
        terms=terms,
    )


def _members(term: RandomTerm) -> Iterator[tuple[Codes, Floats | None]]:
    for index, codes in enumerate(term.codes):
        yield codes, None if term.shares is None else term.shares[index]


def _product(*factors: Floats | None) -> Floats | None:
    present = [factor for factor in factors if factor is not None]
    if not present:
        return None
    result = present[0]
    for factor in present[1:]:
        result = result * factor
    return result


def _column(term: RandomTerm, coefficient: int) -> Floats | None:
    return None if term.columns is None else term.columns[coefficient]


def _projected(term: RandomTerm, weighted: Floats) -> Floats:
    """Z'WM of one term. Shapes: weighted (rows, p + 1); result (nodes, p + 1)."""
    levels, columns = len(term.levels), weighted.shape[1]
    sums = np.zeros((levels, term.width, columns))
    for codes, share in _members(term):
        for a in range(term.width):
            factor = _product(share, _column(term, a))
            for c in range(columns):
                values = weighted[:, c] if factor is None else weighted[:, c] * factor
                sums[:, a, c] += np.bincount(codes, values, levels)
    return sums.reshape(-1, columns)


def _own_blocks(term: RandomTerm, weights: Floats | None) -> Floats:
    """Blocks of A on the diagonal. Two memberships of one row in one level meet there too."""
    levels, width = len(term.levels), term.width
    blocks = np.zeros((levels, width, width))
    members = list(_members(term))
    for codes, share in members:
        for other, other_share in members:
            same = None if other is codes else (codes == other).astype(np.float64)
            base = _product(weights, share, other_share, same)
            for a in range(width):
                for b in range(a, width):
                    factor = _product(base, _column(term, a), _column(term, b))
                    blocks[:, a, b] += np.bincount(codes, factor, levels)
    upper = np.triu(np.ones((width, width)), 1)
    return blocks + np.swapaxes(blocks * upper, 1, 2)


def _all_pairs(terms: tuple[RandomTerm, ...], weights: Floats | None) -> Iterator[Pairs]:
    for i, first in enumerate(terms):
        if len(first.codes) > 1:
            yield _pairs_within(i, first, weights)
        for j in range(i + 1, len(terms)):
            yield _pairs_between((i, j), (first, terms[j]), weights)


def _pairs_between(
    place: tuple[int, int], terms: tuple[RandomTerm, RandomTerm], weights: Floats | None
) -> Pairs:
    first, second = terms
    meetings = [
        (codes, other, _product(weights, share, other_share))
        for codes, share in _members(first)
        for other, other_share in _members(second)
    ]
    if len(meetings) == 1 and weights is None and first.columns is None and second.columns is None:
        codes, other, base = meetings[0]
        parents = _parents(codes, other, len(first.levels))
        if parents is not None and base is None:
            counts = np.bincount(codes, minlength=len(first.levels)).astype(np.float64)
            return Pairs(*place, np.arange(len(first.levels)), parents, counts[:, None, None])
    return _collect(place, terms, meetings)


def _pairs_within(place: int, term: RandomTerm, weights: Floats | None) -> Pairs:
    members = list(_members(term))
    meetings = []
    for codes, share in members:
        for other, other_share in members:
            ordered = (codes < other).astype(np.float64)
            meetings.append((codes, other, _product(weights, share, other_share, ordered)))
    return _collect((place, place), (term, term), meetings)


def _parents(codes: Codes, other: Codes, levels: int) -> Codes | None:
    """The one level of `other` that each level of `codes` lies in, or None when some lies in several."""
    parents = np.zeros(levels, np.int64)
    parents[codes] = other
    return parents if np.array_equal(parents[codes], other) else None


def _collect(
    place: tuple[int, int],
    terms: tuple[RandomTerm, RandomTerm],
    meetings: list[tuple[Codes, Codes, Floats | None]],
) -> Pairs:
    first, second = terms
    size = len(second.levels)
    keys = np.concatenate([codes * size + other for codes, other, _ in meetings])
    base = None
    if any(factor is not None for *_, factor in meetings):
        base = np.concatenate([np.ones(len(c)) if factor is None else factor for c, _, factor in meetings])
        used = base != 0
        keys, base = keys[used], base[used]
    seen, slots = np.unique(keys, return_inverse=True)
    repeated = len(meetings)
    blocks = np.zeros((len(seen), first.width, second.width))
    for a in range(first.width):
        for b in range(second.width):
            values = _product(_column(first, a), _column(second, b))
            if values is not None:
                values = np.tile(values, repeated)
                values = values[used] if base is not None else values
            blocks[:, a, b] = np.bincount(slots, _product(base, values), len(seen))
    return Pairs(*place, seen // size, seen % size, blocks)
