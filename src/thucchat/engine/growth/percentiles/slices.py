"""Products of a tall narrow table, made slice by slice.

A slice is small enough for the linear algebra library to stay in one thread. Waking threads for products
this small costs more than the product, and on a busy machine a hundred times more.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MULTIPLICATIONS = 200_000  # OpenBLAS stays in one thread below 262,144 per matrix product
ENTRIES = 8_000  # and below 9,216 entries per product with a vector


@dataclass(frozen=True, slots=True)
class Tall:
    """A table of many rows and few columns; the last slice is filled up with zeros."""

    slices: Floats  # (slices, rows of a slice, columns)
    rows: int

    def times(self, vector: Floats) -> Floats:
        """Table times vector. Shapes: (columns,) to (rows,)."""
        return np.asarray((self.slices @ vector).ravel()[: self.rows])

    def turned_times(self, vector: Floats) -> Floats:
        """Transposed table times vector. Shapes: (rows,) to (columns,)."""
        return np.asarray((self._cut(vector)[:, None, :] @ self.slices).sum(axis=(0, 1)))

    def weighted_square(self, weights: Floats) -> Floats:
        """Σ weight · row · row'. Shapes: (rows,) to (columns, columns)."""
        heavy = self.slices * self._cut(weights)[:, :, None]
        return np.asarray((self.slices.transpose(0, 2, 1) @ heavy).sum(axis=0))

    def _cut(self, vector: Floats) -> Floats:
        count, height = self.slices.shape[:2]
        full = np.zeros(count * height)
        full[: self.rows] = vector
        return full.reshape(count, height)


def tall(table: Floats) -> Tall:
    """Cut `table` into slices. Shapes: (rows, columns)."""
    rows, columns = table.shape
    height = max(1, min(MULTIPLICATIONS // columns**2, ENTRIES // columns))
    count = -(-rows // height)
    full = np.zeros((count * height, columns))
    full[:rows] = table
    return Tall(full.reshape(count, height, columns), rows)
