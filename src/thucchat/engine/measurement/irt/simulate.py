"""Responses drawn from a model, for recovery studies and benchmarks."""

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.measurement.irt.items import ItemBank, curves
from thucchat.engine.measurement.responses import Responses

BLOCK = 4096  # persons


def simulate_responses(bank: ItemBank, theta: NDArray[np.float64], rng: np.random.Generator) -> Responses:
    """One response of every person (persons,) to every item of `bank`."""
    codes = np.empty((len(bank.names), len(theta)), np.uint8)
    for start in range(0, len(theta), BLOCK):
        persons = slice(start, start + BLOCK)
        cumulative = np.exp(curves(bank, theta[persons]).log_p).cumsum(axis=1)
        chance = rng.random((len(bank.names), 1, cumulative.shape[2]))
        reached = (chance > cumulative).sum(axis=1)
        codes[:, persons] = np.minimum(reached, bank.categories[:, None] - 1)
    points = tuple(tuple(float(k) for k in range(count)) for count in bank.categories)
    return Responses(bank.names, codes, points)
