"""In which order a large sparse symmetric matrix is eliminated: in waves, then a dense rest.

A wave is a set of nodes that do not touch each other, so all of them are eliminated in one array
operation. What is left when waves no longer pay is dense and small enough for LAPACK.
The plan depends on where the matrix has entries, not on their values: it is made once per model.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int64]
Slots = NDArray[np.int32]

# Seconds, measured on one core of 2.5 GHz: only their ratio matters.
PER_PAIR = 8e-8  # eliminating and later inverting through one pair of neighbours
PER_WAVE = 2e-4
PER_CUBE = 1.7e-11  # factor and inverse of the dense rest, per cubed node
LARGEST_CORE = 7_000  # nodes of the dense rest: 400 MB, seconds for each factor
MOST_PAIRS = 30_000_000  # of all waves together: a gigabyte while planning


@dataclass(frozen=True, slots=True)
class Wave:
    """One set of nodes eliminated together. Edges are numbered among the nodes still present."""

    start: int  # positions start..stop-1 of the order are eliminated
    stop: int
    cut: Slots  # (c,): edges to eliminated nodes, sorted by node
    cut_starts: Slots  # (stop - start + 1,): where each node's edges begin in `cut`
    owners: Slots  # (c,): the eliminated node, counted from `start`
    others: Slots  # (c,): the neighbour, counted from `stop`
    keep: Slots  # (e,): edges that stay
    keep_slots: Slots  # (e,): their numbers afterwards
    one: Slots  # (pairs,): two edges of the same node, as places in `cut` ...
    two: Slots  # (pairs,)
    targets: Slots  # (pairs,): ... and the edge between the two neighbours, as numbered afterwards
    edges: int  # number of edges afterwards


@dataclass(frozen=True, slots=True)
class Plan:
    """The order of elimination."""

    order: Index  # (nodes,): node at each position
    waves: tuple[Wave, ...]
    core_low: Index  # edges of the dense rest, positions counted from its start
    core_high: Index
    core: int  # nodes of the dense rest


@dataclass(slots=True)
class _Graph:
    low: Index
    high: Index
    alive: NDArray[np.bool_]


def plan_elimination(
    nodes: int, edges: tuple[Index, Index], groups: list[Index], *, most_pairs: int = MOST_PAIRS
) -> Plan | None:
    """Order `nodes` given the edges low-high (each once, low < high); None when it would cost too much.

    `groups` are sets of nodes worth trying as whole waves first.
    """
    low, high = edges
    graph = _Graph(low, high, np.ones(nodes, bool))
    drafts: list[tuple[Index, Wave]] = []
    waiting = list(groups)
    pairs = 0
    while chosen := _next_wave(graph, waiting):
        pairs += chosen[1]
        if pairs > most_pairs:
            return None
        drafts.append(_cut_out(graph, chosen[0]))
    rest = np.flatnonzero(graph.alive)
    return None if len(rest) > LARGEST_CORE else _renumbered(nodes, drafts, (rest, graph))


def _next_wave(graph: _Graph, waiting: list[Index]) -> tuple[Index, int] | None:
    """The nodes to eliminate next and the pairs of neighbours they have, or None when it does not pay."""
    remaining = int(graph.alive.sum())
    degree = np.bincount(graph.low, minlength=len(graph.alive)) + np.bincount(
        graph.high, minlength=len(graph.alive)
    )
    while waiting:
        group = waiting.pop(0)
        if _independent(graph, group) and _pays(degree[group], remaining):
            return group, _pair_count(degree[group])
    chosen = _local_minima(graph, degree)
    if len(chosen) and _pays(degree[chosen], remaining):
        return chosen, _pair_count(degree[chosen])
    return None


def _pair_count(degree: Index) -> int:
    return int((degree * (degree + 1)).sum()) // 2


def _independent(graph: _Graph, group: Index) -> bool:
    inside = np.zeros(len(graph.alive), bool)
    inside[group] = True
    return not bool((inside[graph.low] & inside[graph.high]).any())


def _pays(degree: Index, remaining: int) -> bool:
    after = remaining - len(degree)
    return _pair_count(degree) * PER_PAIR + PER_WAVE < (remaining**3 - after**3) * PER_CUBE


def _local_minima(graph: _Graph, degree: Index) -> Index:
    """Nodes of low degree whose neighbours all have a higher one; ties fall by a fixed shuffle."""
    alive = np.flatnonzero(graph.alive)
    if not len(alive):
        return alive
    shuffled = (np.arange(len(degree), dtype=np.uint64) * np.uint64(2654435761)) % np.uint64(2**31)
    score = degree * 2.0**31 + shuffled
    loses = ~graph.alive
    loses[np.where(score[graph.low] < score[graph.high], graph.high, graph.low)] = True
    limit = 2 * np.min(degree[alive]) + 2
    return np.flatnonzero(~loses & (degree <= limit))


def _cut_out(graph: _Graph, chosen: Index) -> tuple[Index, Wave]:
    """Eliminate `chosen` from the graph; `others` still hold node names, to be renumbered."""
    nodes = len(graph.alive)
    place = np.full(nodes, -1)
    place[chosen] = np.arange(len(chosen))
    low_cut, high_cut = place[graph.low] >= 0, place[graph.high] >= 0
    cut = np.flatnonzero(low_cut | high_cut)
    owners = np.where(low_cut[cut], place[graph.low[cut]], place[graph.high[cut]])
    others = np.where(low_cut[cut], graph.high[cut], graph.low[cut])
    sorting = np.argsort(owners, kind="stable")
    cut, owners, others = cut[sorting], owners[sorting], others[sorting]
    starts = np.searchsorted(owners, np.arange(len(chosen) + 1))
    one, two = _pairs_of_neighbours(starts)
    keep = np.flatnonzero(~(low_cut | high_cut))
    ends = np.sort(np.stack([others[one], others[two]]), axis=0)
    keys = np.concatenate([graph.low[keep] * nodes + graph.high[keep], ends[0] * nodes + ends[1]])
    edges, slots = np.unique(keys, return_inverse=True)
    graph.low, graph.high = edges // nodes, edges % nodes
    graph.alive[chosen] = False
    return chosen, Wave(
        start=0,
        stop=len(chosen),
        cut=_small(cut),
        cut_starts=_small(starts),
        owners=_small(owners),
        others=_small(others),
        keep=_small(keep),
        keep_slots=_small(slots[: len(keep)]),
        one=_small(one),
        two=_small(two),
        targets=_small(slots[len(keep) :]),
        edges=len(edges),
    )


def _small(numbers: Index) -> Slots:
    return numbers.astype(np.int32)


def _pairs_of_neighbours(starts: Index) -> tuple[Index, Index]:
    """All pairs of places inside the same segment. Shapes: starts (segments + 1,)."""
    degree = np.diff(starts)
    first = np.repeat(starts[:-1], degree)
    place = np.arange(starts[-1])
    before = place - first
    two = np.repeat(place, before)
    run_starts = np.cumsum(before) - before
    one = np.arange(len(two)) - np.repeat(run_starts - first, before)
    return one, two


def _renumbered(nodes: int, drafts: list[tuple[Index, Wave]], rest: tuple[Index, _Graph]) -> Plan:
    core, graph = rest
    order = np.concatenate([*(chosen for chosen, _ in drafts), core]).astype(np.int64)
    position = np.empty(nodes, np.int64)
    position[order] = np.arange(nodes)
    waves, start = [], 0
    for chosen, draft in drafts:
        stop = start + len(chosen)
        others = (position[draft.others] - stop).astype(np.int32)
        waves.append(replace(draft, start=start, stop=stop, others=others))
        start = stop
    return Plan(order, tuple(waves), position[graph.low] - start, position[graph.high] - start, len(core))
