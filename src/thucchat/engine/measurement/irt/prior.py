"""The prior on guessing: without one, the lower asymptote of a 3PL item is often not identified."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, xlog1py, xlogy

from thucchat.engine.measurement.irt.items import ItemBank, Model
from thucchat.engine.measurement.irt.places import FreePlaces

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GuessingPrior:
    """Beta density of the guessing parameter c, up to a constant: c^(alpha − 1) (1 − c)^(beta − 1).

    The default has its mode at 1/4 and the weight of twenty pupils who know nothing, for four options. The
    climb goes by the logit of c, and intervals are normal there: as a density of the logit, the same function
    is that of Beta(alpha − 1, beta − 1), with the mean 1/4. With alpha = beta = 1 there is no prior.
    """

    alpha: float = 6.0
    beta: float = 16.0

    def log_density(self, bank: ItemBank) -> float:
        """Sum over the 3PL items, without the constant."""
        c = expit(bank.parameters[_guessing(bank), -1])
        return float((xlogy(self.alpha - 1, c) + xlog1py(self.beta - 1, -c)).sum())

    def gradient(self, bank: ItemBank) -> Floats:
        """(items, parameters) derivative by the logit of c."""
        out, chosen = np.zeros_like(bank.parameters), _guessing(bank)
        c = expit(bank.parameters[chosen, -1])
        out[chosen, -1] = (self.alpha - 1) * (1 - c) - (self.beta - 1) * c
        return out

    def information(self, bank: ItemBank) -> Floats:
        """(items, parameters) minus the second derivative by the logit of c."""
        out, chosen = np.zeros_like(bank.parameters), _guessing(bank)
        c = expit(bank.parameters[chosen, -1])
        out[chosen, -1] = (self.alpha + self.beta - 2) * c * (1 - c)
        return out

    def add_to(self, bank: ItemBank, free: FreePlaces, gradient: Floats, information: Floats) -> None:
        """Add the prior's share to a gradient (free,) and an information matrix (free, free), in place."""
        gradient[: free.of_items] += self.gradient(bank)[free.items]
        places = np.arange(free.of_items)
        information[places, places] += self.information(bank)[free.items]


def _guessing(bank: ItemBank) -> NDArray[np.bool_]:
    return np.array([model is Model.THREE_PL for model in bank.models])
