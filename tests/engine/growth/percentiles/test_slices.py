import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.growth.percentiles.slices import tall


@given(st.integers(1, 5000), st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_products_are_those_of_the_whole_table(rows, columns, seed):
    rng = np.random.default_rng(seed)
    table, weights, vector = rng.random((rows, columns)), rng.random(rows), rng.random(columns)

    cut = tall(table)

    assert cut.times(vector) == pytest.approx(table @ vector)
    assert cut.turned_times(weights) == pytest.approx(table.T @ weights)
    assert cut.weighted_square(weights) == pytest.approx((table.T * weights) @ table)
