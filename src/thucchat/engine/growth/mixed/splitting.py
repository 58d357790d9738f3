"""Cuts a model too densely crossed for direct elimination into blocks that are weakly tied together.

Nodes go home to the level of one term (the school, say) with which they share most rows. Edges between
two homes are cut; what stays inside homes is factorised exactly and guides an iterative solver.
Terms of few levels (districts) have no home: they are few enough to be treated one by one.
"""

from dataclasses import dataclass

import numpy as np

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.mixed.ordering import Index, Plan, plan_elimination
from thucchat.engine.growth.mixed.statistics import Moments

FEW = 200  # random effects of a term without a home
MOST_PAIRS = 10_000_000  # of the elimination of what stays


@dataclass(frozen=True, slots=True)
class Splitting:
    """Which edges stay inside homes, which are cut, and which cut edges join the same two homes."""

    plan: Plan  # of the kept edges, then the `extra` ones
    kept: Index  # edges inside a home
    kept_low: Index  # their nodes
    kept_high: Index
    extra: int  # further entries inside homes whose inverse is wanted, themselves zero
    cut: Index  # edges between homes
    coarse: Index  # nodes without a home
    one: Index  # ordered pairs of cut edges between the same two homes, as places in `cut` ...
    two: Index
    left: Index  # ... the entry joining their ends in the first home: a node, or nodes + edge of the plan
    right: Index  # ... and in the second home


def split_edges(moments: Moments, edges: tuple[Index, Index], groups: list[Index]) -> Splitting:
    """The splitting that cuts the least, among those cheap enough.

    Raises:
        InvalidInput: `growth.too_dense`.
    """
    low, high = edges
    candidates = []
    for place, term in enumerate(moments.terms):
        if len(term.levels) > 1:
            homes = _homes(moments, place)
            cut = (homes[low] >= 0) & (homes[high] >= 0) & (homes[low] != homes[high])
            candidates.append((int(cut.sum()), homes))
    for _, homes in sorted(candidates, key=lambda candidate: candidate[0]):
        splitting = _split_by(homes, edges, groups)
        if splitting is not None:
            return splitting
    raise InvalidInput(
        "growth.too_dense", "Các nhóm đan chéo nhau quá dày để tính; hãy chia nhỏ dữ liệu hoặc bớt nhóm."
    )


def _split_by(homes: Index, edges: tuple[Index, Index], groups: list[Index]) -> Splitting | None:
    low, high = edges
    nodes = len(homes)
    housed = (homes[low] >= 0) & (homes[high] >= 0)
    kept = np.flatnonzero(housed & (homes[low] == homes[high]))
    cut = np.flatnonzero(housed & (homes[low] != homes[high]))
    forward = homes[low[cut]] < homes[high[cut]]
    ends = (np.where(forward, low[cut], high[cut]), np.where(forward, high[cut], low[cut]))
    key = homes[ends[0]] * nodes + homes[ends[1]]
    order = np.argsort(key, kind="stable")
    if _squares(key[order]) > MOST_PAIRS:
        return None
    one, two = _ordered_pairs(order, key[order])
    wanted = [_entry_keys(end[one], end[two], nodes) for end in ends]
    present = low[kept] * nodes + high[kept]
    extra = np.setdiff1d(np.concatenate(wanted), np.concatenate([present, _own_keys(nodes)]))
    keys = np.concatenate([present, extra])
    plan = plan_elimination(nodes, (keys // nodes, keys % nodes), list(groups), most_pairs=MOST_PAIRS)
    if plan is None:
        return None
    left, right = (_place(part, keys, nodes) for part in wanted)
    return Splitting(
        plan=plan,
        kept=kept,
        kept_low=low[kept],
        kept_high=high[kept],
        extra=len(extra),
        cut=cut,
        coarse=np.flatnonzero(homes < 0),
        one=one,
        two=two,
        left=left,
        right=right,
    )


def _squares(key: Index) -> float:
    """How many ordered pairs share a key. `key` is sorted."""
    _, counts = np.unique(key, return_counts=True)
    return float((counts.astype(float) ** 2).sum())


def _homes(moments: Moments, center: int) -> Index:
    """Home of every node, -1 for nodes without one. Shapes: (nodes,)."""
    homes = []
    for place, term in enumerate(moments.terms):
        if place == center:
            home = np.arange(len(term.levels))
        elif term.nodes <= FEW and len(term.levels) < len(moments.terms[center].levels):
            home = np.full(len(term.levels), -1)
        else:
            home = _closest(moments, place, center)
        homes.append(np.repeat(home, term.width))
    return np.concatenate(homes)


def _closest(moments: Moments, place: int, center: int) -> Index:
    """The level of the term `center` with which each level of the term `place` shares most rows."""
    first, second = min(place, center), max(place, center)
    pairs = next(part for part in moments.pairs if (part.first, part.second) == (first, second))
    weight = np.abs(pairs.blocks[:, 0, 0])
    levels, others = pairs.first_levels, pairs.second_levels
    if place == second:
        levels, others = others, levels
    order = np.lexsort((weight, levels))
    home = np.zeros(len(moments.terms[place].levels), np.int64)
    home[levels[order]] = others[order]
    return home


def _ordered_pairs(order: Index, key: Index) -> tuple[Index, Index]:
    """All ordered pairs of members with the same key, each with itself too. `key` is sorted by `order`."""
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if len(key) else np.zeros(0, int)
    sizes = np.diff(np.append(starts, len(key)))
    size = np.repeat(sizes, sizes)
    one = np.repeat(np.arange(len(key)), size)
    ends = np.cumsum(size)
    within = np.arange(len(one)) - np.repeat(ends - size, size)
    two = np.repeat(np.repeat(starts, sizes), size) + within
    return order[one], order[two]


def _entry_keys(a: Index, b: Index, nodes: int) -> Index:
    keys: Index = np.minimum(a, b) * nodes + np.maximum(a, b)
    return keys


def _own_keys(nodes: int) -> Index:
    return np.arange(nodes) * (nodes + 1)


def _place(wanted: Index, keys: Index, nodes: int) -> Index:
    """Where the diagonal followed by the entries at `keys` holds each wanted entry."""
    place = np.arange(len(keys))
    sorting = np.argsort(keys)
    found = np.minimum(np.searchsorted(keys, wanted, sorter=sorting), max(len(keys) - 1, 0))
    low, high = wanted // nodes, wanted % nodes
    edge = nodes + place[sorting][found] if len(keys) else high
    result: Index = np.where(low == high, low, edge)
    return result
