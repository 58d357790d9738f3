"""The distribution of ability in each group, on a grid of equally spaced abilities shared by the groups.

An equally spaced grid integrates smooth bell-shaped functions with an error that falls exponentially in the
square of (width of the bell / step), so the step is chosen from the narrowest posterior and steepest item.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.measurement.irt.items import ItemBank, curves

Floats = NDArray[np.float64]
REACH = 6.0  # standard deviations on either side of a group's mean
FEWEST_NODES, MOST_NODES = 41, 301


@dataclass(frozen=True, slots=True)
class Latent:
    """Normal abilities in each group."""

    mean: Floats  # (groups,)
    sd: Floats  # (groups,)
    nodes: Floats  # (nodes,) abilities of the grid

    @property
    def log_weights(self) -> Floats:
        """(groups, nodes) log probabilities that sum to one in each group."""
        z = (self.nodes - self.mean[:, None]) / self.sd[:, None]
        log_density = -0.5 * z**2
        return log_density - np.logaddexp.reduce(log_density, axis=1, keepdims=True)

    @property
    def score(self) -> Floats:
        """(groups, 2, nodes) derivative of `log_weights` by the mean and by the log of the deviation."""
        weights = np.exp(self.log_weights)
        z = (self.nodes - self.mean[:, None]) / self.sd[:, None]
        raw = np.stack([z / self.sd[:, None], z**2], axis=1)
        return np.asarray(raw - np.einsum("gpq,gq->gp", raw, weights)[:, :, None])

    def moved(self, mean: Floats, sd: Floats) -> "Latent":
        """Other means and deviations on the same grid."""
        return replace(self, mean=mean, sd=sd)

    @property
    def covers(self) -> bool:
        """Whether the grid still reaches far enough from every mean, without being needlessly wide."""
        reach = np.minimum(self.nodes[-1] - self.mean, self.mean - self.nodes[0]) / self.sd
        return bool((reach > REACH - 0.5).all())


def even_grid(mean: Floats, sd: Floats, nodes: int) -> Latent:
    """Groups on a grid of `nodes` points reaching `REACH` deviations from every mean."""
    low, high = float((mean - REACH * sd).min()), float((mean + REACH * sd).max())
    return Latent(mean, sd, np.linspace(low, high, nodes))


def fine_grid(bank: ItemBank, mean: Floats, sd: Floats) -> Latent:
    """Groups on a grid fine enough for the log-likelihood to keep at least seven digits."""
    coarse = even_grid(mean, sd, FEWEST_NODES)
    slopes = np.abs(bank.parameters[:, 0])
    most_information = float(information_curve(bank, coarse.nodes).max())
    narrowest = 1 / np.sqrt(most_information + 1 / float(sd.max()) ** 2)
    step = min(1.1 * narrowest, 1 / max(float(slopes.max()), 1e-9))
    wanted = int(np.ceil((coarse.nodes[-1] - coarse.nodes[0]) / step)) + 1
    return even_grid(mean, sd, int(np.clip(wanted, FEWEST_NODES, MOST_NODES)))


def information_curve(bank: ItemBank, theta: Floats) -> Floats:
    """(nodes,) Fisher information about ability that all items of the bank carry together."""
    return np.asarray(item_information(bank, theta).sum(axis=0))


def item_information(bank: ItemBank, theta: Floats) -> Floats:
    """(items, nodes) Fisher information about ability: Σ_k P_k (d log P_k / dθ)².

    The derivative by θ is the slope times the derivative by a shift of all intercepts; for a partial credit
    item the intercept of category k shifts k times.
    """
    p = np.exp(curves(bank, theta).log_p)
    return np.asarray(np.einsum("jkq,jkq->jq", p, ability_score(bank, theta) ** 2))


def ability_score(bank: ItemBank, theta: Floats) -> Floats:
    """(items, categories, nodes) derivative of log P by ability."""
    shape = curves(bank, theta)
    weights = np.ones_like(bank.parameters[:, 1:-1])
    adjacent = bank.families == 0
    weights[adjacent] = np.arange(1, bank.parameters.shape[1] - 1)
    slopes = bank.parameters[:, :1] * weights
    return np.asarray(np.einsum("jm,jmkq->jkq", slopes, shape.score[:, 1:-1]))
