"""Which parameters are estimated, and where each stands in the vector of free parameters.

The vector holds the items' parameters row by row, then each group's mean and log deviation.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.measurement.irt.items import ItemBank
from thucchat.engine.measurement.irt.latent import Latent

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FreePlaces:
    """What is estimated; everything else keeps its value."""

    items: NDArray[np.bool_]  # (items, parameters)
    groups: NDArray[np.bool_]  # (groups, 2): mean, log of the deviation

    @property
    def of_items(self) -> int:
        """How many free parameters belong to items."""
        return int(self.items.sum())

    @property
    def count(self) -> int:
        """How many parameters are free."""
        return self.of_items + int(self.groups.sum())

    @property
    def slope_places(self) -> NDArray[np.int64]:
        """(free slopes,) places of the slopes in the vector."""
        return np.flatnonzero(np.nonzero(self.items)[1] == 0)

    def fill_group(self, rows: Floats, group: int, latent: Latent) -> None:
        """Put the score of a group's free parameters into the last of `rows` (free, nodes)."""
        owner, kind = np.nonzero(self.groups)
        mine = np.flatnonzero(owner == group)
        rows[self.of_items + mine] = latent.score[group, kind[mine]]

    def step(self, bank: ItemBank, latent: Latent, change: Floats) -> tuple[ItemBank, Latent]:
        """Items and groups after adding `change` (free,)."""
        parameters = bank.parameters.copy()
        parameters[self.items] += change[: self.of_items]
        moments = np.stack([latent.mean, np.log(latent.sd)], axis=1)
        moments[self.groups] += change[self.of_items :]
        return bank.at(parameters), latent.moved(moments[:, 0], np.exp(moments[:, 1]))
