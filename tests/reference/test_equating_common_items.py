"""Two forms of 36 items with 12 items in common: linear methods from the printed moments.

Source: Kolen and Brennan (2004), Test Equating, Scaling, and Linking, 2nd ed., Tables 4.3 and 4.4
(X: 1,655 persons, Y: 1,638; moments with the divisor n).
"""

import numpy as np
import pytest

from thucchat.engine.measurement.equating.linear import levine, tucker
from thucchat.engine.measurement.equating.moments import Moments


def moments(mean, deviation, anchor_mean, anchor_deviation, covariance):
    values = (mean, deviation**2, anchor_mean, anchor_deviation**2, covariance)
    return Moments(*(np.array(value) for value in values))


X = moments(15.8205, 6.5278, 5.1063, 2.3760, 13.4088)
Y = moments(18.6728, 6.8784, 5.8626, 2.4515, 14.7603)


def test_tucker_with_all_weight_on_the_first_group():
    synthetic = tucker(X, Y, 1.0)

    assert np.sqrt([synthetic.variance_x, synthetic.variance_y]) == pytest.approx([6.5278, 6.7168], abs=2e-4)
    assert synthetic.means == pytest.approx((15.8205, 16.8153), abs=2e-4)
    assert float(synthetic.line.slope) == pytest.approx(1.0289, abs=1e-4)
    assert float(synthetic.line.intercept) == pytest.approx(0.5370, abs=1e-3)


def test_levine_with_an_internal_anchor_and_all_weight_on_the_first_group():
    synthetic = levine(X, Y, 1.0, internal=True)

    assert synthetic.means == pytest.approx((15.8205, 16.2485), abs=2e-4)
    assert np.sqrt(synthetic.variance_y) == pytest.approx(6.6007, abs=2e-4)
    assert float(synthetic.line.slope) == pytest.approx(1.0112, abs=1e-4)
    assert float(synthetic.line.intercept) == pytest.approx(0.2517, abs=1e-3)
