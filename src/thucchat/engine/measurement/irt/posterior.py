"""Posterior distributions of ability over the grid, block of persons by block of persons.

A person's log-likelihood at every node is a product of a 0/1 vector (which categories were reached) with a
table of log probabilities, so a block of persons is one matrix product. Only one block of posteriors exists
at a time: memory grows with the responses, not with persons × nodes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.measurement.irt.items import Curves
from thucchat.engine.measurement.irt.latent import Latent
from thucchat.engine.measurement.irt.packing import Packed, Section

Floats = NDArray[np.float64]
AnyFloats = NDArray[np.floating]
BLOCK = 2048  # persons; a block of responses and posteriors stays in the second-level cache


@dataclass(frozen=True, slots=True)
class Block:
    """Some persons of one section. Arrays are overwritten by the next block."""

    persons: slice  # in the sorted order
    section: Section
    rows: AnyFloats  # (rows, persons of the block) 0.0 or 1.0
    weights: AnyFloats  # (nodes, persons of the block) posterior probabilities
    log_likelihood: AnyFloats  # (persons of the block,)


def posteriors(packed: Packed, shape: Curves, latent: Latent) -> Iterator[Block]:
    """Walk through the persons, giving each block its posterior over the nodes of `latent`."""
    relative = shape.log_p[packed.item, packed.category]
    relative = relative - np.where(packed.category[:, None] > 0, shape.log_p[packed.item, 0], 0.0)
    table = np.ascontiguousarray(relative.T, packed.dtype)
    log_weights = latent.log_weights
    room = np.empty(BLOCK * len(table), packed.dtype), np.empty(BLOCK * len(packed.rows), packed.dtype)
    for section in packed.sections:
        base = shape.log_p[section.presented, 0].sum(axis=0) + log_weights[section.group]
        column = base.astype(packed.dtype)[:, None]
        for start in range(section.start, section.stop, BLOCK):
            persons = slice(start, min(start + BLOCK, section.stop))
            size = persons.stop - start
            w, x = (
                space[: size * height].reshape(height, size)
                for space, height in zip(room, (len(table), len(packed.rows)), strict=True)
            )
            np.copyto(x, packed.rows[:, persons])
            np.matmul(table, x, out=w)
            yield Block(persons, section, x, w, _normalise(w, column))


def _normalise(likelihood: AnyFloats, base: AnyFloats) -> AnyFloats:
    """Turn log-likelihoods (nodes, persons) into posteriors in place; gives each person's total log."""
    likelihood += base
    top = likelihood.max(axis=0)
    likelihood -= top
    np.exp(likelihood, out=likelihood)
    total = likelihood.sum(axis=0)
    likelihood *= 1 / total
    return np.asarray(top + np.log(total))


@dataclass(frozen=True, slots=True)
class Expected:
    """What the posteriors say when summed over persons."""

    log_likelihood: float
    counts: Floats  # (items, categories, nodes) expected persons
    nodes: Floats  # (groups, nodes) expected persons of each group


class ExpectedSums:
    """Gathers expected counts block by block."""

    def __init__(self, packed: Packed, shape: Curves, latent: Latent) -> None:
        self.packed, self.shape = packed, shape
        self.log_likelihood = 0.0
        self.reached = np.zeros((len(packed.rows), len(latent.nodes)))
        self.base = np.zeros((len(packed.sections), len(latent.nodes)))
        self.place = {section.start: place for place, section in enumerate(packed.sections)}

    def add(self, block: Block) -> None:
        """Take in the posteriors of one block."""
        self.log_likelihood += float(block.log_likelihood.sum(dtype=np.float64))
        self.reached += block.rows @ block.weights.T
        self.base[self.place[block.section.start]] += block.weights.sum(axis=1)

    def result(self) -> Expected:
        """Counts by item, category and node; category 0 is what the others leave of those presented."""
        packed = self.packed
        counts = np.zeros(self.shape.log_p.shape)
        counts[packed.item, packed.category] = self.reached
        presented = np.stack([section.presented for section in packed.sections])
        counts[:, 0] += presented.T.astype(float) @ self.base
        counts[:, 0] -= counts[:, 1:].sum(axis=1)
        nodes = np.zeros((packed.groups, self.base.shape[1]))
        np.add.at(nodes, [section.group for section in packed.sections], self.base)
        return Expected(self.log_likelihood, counts, nodes)


def expected_counts(packed: Packed, shape: Curves, latent: Latent) -> Expected:
    """One pass over all persons."""
    sums = ExpectedSums(packed, shape, latent)
    for block in posteriors(packed, shape, latent):
        sums.add(block)
    return sums.result()


@dataclass(frozen=True, slots=True)
class Moments:
    """Posterior of each person, in the original order."""

    mean: Floats  # (persons,) logits
    sd: Floats  # (persons,) logits
    log_likelihood: float


def posterior_moments(packed: Packed, shape: Curves, latent: Latent) -> Moments:
    """Mean and deviation of each person's posterior, and the marginal log-likelihood of all."""
    mean, second, total = np.empty(packed.persons), np.empty(packed.persons), 0.0
    powers = np.stack([latent.nodes, latent.nodes**2]).astype(packed.dtype)
    for block in posteriors(packed, shape, latent):
        mean[block.persons], second[block.persons] = powers @ block.weights
        total += float(block.log_likelihood.sum(dtype=np.float64))
    sd = np.sqrt(np.maximum(second - mean**2, 0))
    return Moments(packed.restored(mean), packed.restored(sd), total)
