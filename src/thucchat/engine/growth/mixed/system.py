"""The matrix C = L'Z'WZL + I of a mixed model as nodes and edges, for a given covariance factor L."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from thucchat.engine.growth.mixed.design import Codes, Floats, RandomTerm
from thucchat.engine.growth.mixed.ordering import Plan, plan_elimination
from thucchat.engine.growth.mixed.splitting import Splitting, split_edges
from thucchat.engine.growth.mixed.statistics import Moments, Pairs

Blocks = tuple[Floats, ...]  # per term (k, k), lower triangular


@dataclass(frozen=True, slots=True)
class System:
    """Where A = Z'WZ has entries, and the order in which C is eliminated."""

    moments: Moments
    offsets: tuple[int, ...]  # first node of each term
    gram: sp.csr_array  # A, (nodes, nodes)
    edges: int  # pairs of nodes seen together
    plan: Plan | None  # None: too costly, see `splitting`
    splitting: Splitting | None

    @property
    def terms(self) -> tuple[RandomTerm, ...]:
        """The random terms."""
        return self.moments.terms

    @property
    def nodes(self) -> int:
        """Number of random effects."""
        return len(self.moments.projected)


def build_system(moments: Moments) -> System:
    """Number nodes and edges, and plan the elimination."""
    offsets = np.concatenate([[0], np.cumsum([term.nodes for term in moments.terms])]).astype(int)
    nodes = int(offsets[-1])
    low, high, values = _edges(moments, offsets)
    diagonal = [np.einsum("naa->na", own).ravel() for own in moments.own]
    own = np.concatenate(diagonal) if diagonal else np.zeros(0)
    place = np.arange(nodes)
    gram = sp.csr_array(
        (
            np.concatenate([own, values, values]),
            (np.concatenate([place, low, high]), np.concatenate([place, high, low])),
        ),
        shape=(nodes, nodes),
    )
    groups = _first_groups(moments.terms, offsets)
    plan = plan_elimination(nodes, (low, high), groups)
    splitting = split_edges(moments, (low, high), groups) if plan is None else None
    return System(moments, tuple(offsets[:-1].tolist()), gram, len(low), plan, splitting)


def _first_groups(terms: tuple[RandomTerm, ...], offsets: Codes) -> list[Codes]:
    """The largest term, coefficient by coefficient: the cheapest nodes of most models."""
    if not terms:
        return []
    largest = int(np.argmax([len(term.levels) for term in terms]))
    term = terms[largest]
    levels = np.arange(len(term.levels)) * term.width + offsets[largest]
    return [levels + coefficient for coefficient in range(term.width)]


def _edges(moments: Moments, offsets: Codes) -> tuple[Codes, Codes, Floats]:
    low, high, values = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0)]
    for offset, own in zip(offsets, moments.own, strict=False):
        base = offset + np.arange(len(own))[:, None] * own.shape[1]
        a, b = np.triu_indices(own.shape[1], 1)
        low.append((base + a).ravel())
        high.append((base + b).ravel())
        values.append(own[:, a, b].ravel())
    for pairs in moments.pairs:
        rows, columns = _block_nodes(pairs, offsets)
        low.append(np.broadcast_to(rows, pairs.blocks.shape).ravel())
        high.append(np.broadcast_to(columns, pairs.blocks.shape).ravel())
        values.append(pairs.blocks.ravel())
    return np.concatenate(low), np.concatenate(high), np.concatenate(values)


def _block_nodes(pairs: Pairs, offsets: Codes | Sequence[int]) -> tuple[Codes, Codes]:
    _, wide, high = pairs.blocks.shape
    rows = offsets[pairs.first] + pairs.first_levels[:, None] * wide + np.arange(wide)
    columns = offsets[pairs.second] + pairs.second_levels[:, None] * high + np.arange(high)
    return rows[:, :, None], columns[:, None, :]


def blocks_of(system: System, theta: Floats) -> Blocks:
    """theta, the lower triangles column by column, as blocks."""
    blocks, start = [], 0
    for term in system.terms:
        block = np.zeros((term.width, term.width))
        columns, rows = np.triu_indices(term.width)
        block[rows, columns] = theta[start : start + term.factors]
        blocks.append(block)
        start += term.factors
    return tuple(blocks)


def theta_of(blocks: Blocks) -> Floats:
    """Blocks as theta."""
    return np.concatenate([np.zeros(0), *(block.T[np.triu_indices(len(block))] for block in blocks)])


def matrix_entries(system: System, blocks: Blocks) -> tuple[Floats, Floats]:
    """C for the covariance factor given by `blocks`: its diagonal by node, and its entries by edge."""
    diagonal, edges = [np.zeros(0)], [np.zeros(0)]
    for own, block in zip(system.moments.own, blocks, strict=True):
        scaled = block.T @ own @ block
        diagonal.append(np.einsum("naa->na", scaled).ravel() + 1.0)
        a, b = np.triu_indices(len(block), 1)
        edges.append(scaled[:, a, b].ravel())
    edges += [
        (blocks[pairs.first].T @ pairs.blocks @ blocks[pairs.second]).ravel()
        for pairs in system.moments.pairs
    ]
    return np.concatenate(diagonal), np.concatenate(edges)


def spread(system: System, blocks: Blocks, right: Floats) -> Floats:
    """L right. Shapes: right and result (nodes, columns)."""
    parts = [
        (block @ part.reshape(-1, len(block), right.shape[1])).reshape(-1, right.shape[1])
        for block, part in zip(blocks, split(system, right), strict=True)
    ]
    return np.concatenate(parts) if parts else right


def gather(system: System, blocks: Blocks, right: Floats) -> Floats:
    """L' right. Shapes: right and result (nodes, columns)."""
    return spread(system, tuple(block.T for block in blocks), right)


def split(system: System, values: Floats) -> list[Floats]:
    """Rows of `values` (nodes, …) belonging to each term."""
    return np.split(values, list(system.offsets[1:])) if system.terms else []


def inverse_blocks(system: System, diagonal: Floats, edges: Floats) -> tuple[list[Floats], list[Floats]]:
    """Entries of a symmetric matrix as blocks: within levels (levels, k, k), and along `Moments.pairs`."""
    own_blocks, start = [], 0
    for part, own in zip(split(system, diagonal), system.moments.own, strict=True):
        levels, width, _ = own.shape
        a, b = np.triu_indices(width, 1)
        stop = start + levels * len(a)
        blocks = np.zeros_like(own)
        blocks[:, np.arange(width), np.arange(width)] = part.reshape(levels, width)
        blocks[:, a, b] = blocks[:, b, a] = edges[start:stop].reshape(levels, len(a))
        own_blocks.append(blocks)
        start = stop
    pair_blocks = []
    for pairs in system.moments.pairs:
        stop = start + pairs.blocks.size
        pair_blocks.append(edges[start:stop].reshape(pairs.blocks.shape))
        start = stop
    return own_blocks, pair_blocks
