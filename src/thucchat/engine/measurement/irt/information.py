"""Observed information of the marginal likelihood, exact, in one pass over the persons; their scores' spread.

Information = what complete data would carry − what is lost because abilities are not seen. The loss is the
sum over persons of the posterior covariance of the complete-data score.
Source: Louis (1982), Journal of the Royal Statistical Society B 44(2), 226-233.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.measurement.irt.complete import complete_information
from thucchat.engine.measurement.irt.items import Curves, Family, ItemBank, curves
from thucchat.engine.measurement.irt.latent import Latent
from thucchat.engine.measurement.irt.packing import Packed, Section
from thucchat.engine.measurement.irt.places import FreePlaces
from thucchat.engine.measurement.irt.posterior import (
    AnyFloats,
    Block,
    Expected,
    ExpectedSums,
    posteriors,
)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The likelihood at one point, with everything a Newton step needs."""

    expected: Expected
    gradient: Floats  # (free,)
    complete: Floats  # (free, free) information if abilities were seen
    lost: Floats  # (free, free) information lost because they are not
    outer: Floats | None  # (free, free) sum of the outer products of persons' scores, where it came for free


def evaluate(
    packed: Packed, bank: ItemBank, latent: Latent, free: FreePlaces, *, thinning: int = 1
) -> Evaluation:
    """Log-likelihood, gradient and observed information (`complete` − `lost`) at one point.

    With `thinning` above 1 the lost information, the dear part, is extrapolated from every so-manieth person;
    the likelihood and its gradient are always those of everybody.
    """
    shape = curves(bank, latent.nodes)
    linear = packed.sectioned and is_linear(bank)
    sums = ExpectedSums(packed, shape, latent)
    loss: LinearLoss | GeneralLoss = (LinearLoss if linear else GeneralLoss)(packed, shape, latent, free)
    for block in posteriors(packed, shape, latent):
        sums.add(block)
        loss.add(block if thinning == 1 else thinned(block, thinning), block.rows.shape[1])
    expected = sums.result()
    gradient, complete = complete_information(bank, shape, latent, expected, free)
    return Evaluation(expected, gradient, complete, loss.result(), loss.outer_products)


def thinned(block: Block, thinning: int) -> Block:
    """Every so-manieth person of a block."""
    rows, weights = (np.ascontiguousarray(part[:, ::thinning]) for part in (block.rows, block.weights))
    return replace(block, rows=rows, weights=weights)


def is_linear(bank: ItemBank) -> bool:
    """Whether every item's score is linear in a function of ability times what was reached."""
    return bool((bank.families == Family.ADJACENT).all())


class LinearLoss:
    """Loss for items of the adjacent family, where the score of a person is z θ + B(θ) + a constant.

    z holds the category reached on each item with a free slope; B depends on the section, not on the person.
    So all that is needed of a section are sums of w wᵀ, z (w (θ − mean))ᵀ and variance · z zᵀ.
    """

    def __init__(self, packed: Packed, shape: Curves, latent: Latent, free: FreePlaces) -> None:
        self.free, self.latent, self.dtype = free, latent, packed.dtype
        self.slopes = np.flatnonzero(free.items[:, 0])
        self.slope_places = free.slope_places
        self.ranks = (packed.item == self.slopes[:, None]) * packed.category
        self.direct = np.array_equal(self.ranks, np.eye(len(packed.rows)))
        self.ranks = self.ranks.astype(packed.dtype)
        self.constant = shape.score[:, :, 0][free.items]
        self.lost = np.zeros((free.count, free.count))
        self.section: Section | None = None
        self.outer_products = None
        self._clear()

    def _clear(self) -> None:
        nodes = len(self.latent.nodes)
        self.outer = np.zeros((nodes, nodes))
        self.mass = np.zeros(nodes)
        self.cross = np.zeros((len(self.slopes), nodes))

    def add(self, block: Block, persons: int) -> None:
        """Take in the posteriors of one block, standing for so many persons."""
        if self.section is not None and block.section is not self.section:
            self._close()
        self.section = block.section
        w = block.weights
        share = persons / w.shape[1]
        self.mass += share * w.sum(axis=1)
        self.outer += share * (w @ w.T)
        if not len(self.slopes):
            return
        theta = self.latent.nodes.astype(self.dtype)
        mean = theta @ w
        z = block.rows if self.direct else self.ranks @ block.rows
        deviation = theta[:, None] - mean
        deviation *= w
        self.cross += share * (z @ deviation.T)
        variance = share * (theta @ deviation)
        self.lost[np.ix_(self.slope_places, self.slope_places)] += (z * variance) @ z.T

    def _close(self) -> None:
        """Bring the sums of a finished section to the scale of the parameters."""
        assert self.section is not None
        rows = np.zeros((self.free.count, len(self.latent.nodes)))
        presented = np.broadcast_to(self.section.presented[:, None], self.free.items.shape)[self.free.items]
        rows[: self.free.of_items] = self.constant * presented[:, None]
        self.free.fill_group(rows, self.section.group, self.latent)
        self.lost += rows @ (np.diag(self.mass) - self.outer) @ rows.T
        cross = self.cross @ rows.T
        self.lost[self.slope_places] += cross
        self.lost[:, self.slope_places] += cross.T
        self._clear()

    def result(self) -> Floats:
        """(free, free) information lost."""
        if self.section is not None:
            self._close()
            self.section = None
        return self.lost


class GeneralLoss:
    """Loss for any items: Σ E[s sᵀ] from one weighted cross-product of rows per node, minus Σ E[s] E[s]ᵀ."""

    def __init__(self, packed: Packed, shape: Curves, latent: Latent, free: FreePlaces) -> None:
        self.sparse = _sparse_scores(packed, shape, latent, free)
        height = len(packed.rows) + 1
        self.gram = np.zeros((packed.groups, len(latent.nodes), height, height))
        self.outer_products = np.zeros((free.count, free.count))

    def add(self, block: Block, persons: int) -> None:
        """Take in the posteriors of one block, standing for so many persons."""
        group, w = block.section.group, block.weights
        share = persons / w.shape[1]
        x = _with_ones(block)
        for node, weight in enumerate(w):
            self.gram[group, node] += (x * (share * weight)) @ x.T
        mean = self.sparse[group].mean(x, w)
        self.outer_products += share * (mean @ mean.T)

    def result(self) -> Floats:
        """(free, free) information lost."""
        lost = -self.outer_products
        for sparse, gram in zip(self.sparse, self.gram, strict=True):
            for node, products in enumerate(gram):
                lost += sparse.table[node] @ products @ sparse.table[node].T
        return lost


def outer_products(packed: Packed, bank: ItemBank, latent: Latent, free: FreePlaces) -> Floats:
    """(free, free) sum over persons of the outer products of their scores; `packed` not by design."""
    shape = curves(bank, latent.nodes)
    sparse = _sparse_scores(packed, shape, latent, free)
    products = np.zeros((free.count, free.count))
    for block in posteriors(packed, shape, latent):
        scores = sparse[block.section.group].mean(_with_ones(block), block.weights)
        products += scores @ scores.T
    return products


def _with_ones(block: Block) -> AnyFloats:
    """(rows + 1, persons) the rows of a block under a row for what is the same for everybody."""
    return np.vstack([np.ones((1, block.rows.shape[1]), block.rows.dtype), block.rows])


def _sparse_scores(packed: Packed, shape: Curves, latent: Latent, free: FreePlaces) -> list["_SparseScores"]:
    tables = (_score_table(packed, shape, latent, free, group) for group in range(packed.groups))
    return [_SparseScores(table, packed.dtype) for table in tables]


class _SparseScores:
    """Posterior means of scores, from the few rows that matter to each parameter."""

    def __init__(self, table: Floats, dtype: np.dtype[np.floating]) -> None:
        self.table = table  # (nodes, free, rows + 1)
        matters = np.asarray(table.any(axis=0))
        matters[:, 0] = True  # so that every parameter has at least one row
        place, self.row = np.nonzero(matters)
        self.starts = np.flatnonzero(np.diff(place, prepend=-1))
        self.values = np.ascontiguousarray(table[:, place, self.row].T, dtype)

    def mean(self, x: AnyFloats, w: AnyFloats) -> AnyFloats:
        """(free, persons) from rows x (rows + 1, persons) and posteriors w (nodes, persons)."""
        by_row = self.values @ w
        by_row *= x[self.row]
        return np.add.reduceat(by_row, self.starts, axis=0)


def _score_table(packed: Packed, shape: Curves, latent: Latent, free: FreePlaces, group: int) -> Floats:
    """(nodes, free, rows + 1) a person's score at a node is this table times (1, rows of the person)."""
    nodes = len(latent.nodes)
    table = np.zeros((nodes, free.count, len(packed.rows) + 1))
    item, parameter = np.nonzero(free.items)
    presented = packed.sections[0].presented
    constant = shape.score[item, parameter, 0] * presented[item, None]
    table[:, : free.of_items, 0] = constant.T
    for row, (j, k) in enumerate(zip(packed.item, packed.category, strict=True), start=1):
        mine = np.flatnonzero(item == j)
        lowest = shape.score[j, parameter[mine], 0]
        table[:, mine, row] = (shape.score[j, parameter[mine], k] - lowest if k else lowest).T
    rows = np.zeros((free.count, nodes))
    free.fill_group(rows, group, latent)
    table[:, :, 0] += rows.T
    return table
