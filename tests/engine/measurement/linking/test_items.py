import numpy as np
import pytest

from tests.engine.measurement.linking.worlds import target_items
from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.irt.items import ItemBank, Model, curves
from thucchat.engine.measurement.linking.calibrations import _steps_of
from thucchat.engine.measurement.linking.items import category_curves, common_items, two_category_items


def test_curves_are_those_of_the_calibration():
    bank = ItemBank(
        ("a", "b", "c"),
        (Model.GPCM, Model.GRM, Model.THREE_PL),
        np.array([3, 3, 2]),
        np.array([[1.2, 0.5, -0.3, 0.0], [0.8, 0.9, -0.7, 0.0], [1.5, 0.2, 0.0, -1.4]]),
    )
    theta = np.linspace(-3, 3, 7)
    graded = np.array([False, True, False])
    steps, _ = _steps_of(bank, graded)
    items = two_category_items(bank.names, bank.parameters[:, 0], steps[:, 0])
    items = type(items)(
        bank.names, bank.parameters[:, 0], steps, np.array([0, 0, 1 / (1 + np.exp(1.4))]), graded, None
    )

    p, slope = category_curves(items, theta)

    expected = np.exp(curves(bank, theta).log_p).transpose(2, 0, 1)
    assert p == pytest.approx(expected, abs=1e-12)
    higher, lower = category_curves(items, theta + 1e-6)[0], category_curves(items, theta - 1e-6)[0]
    assert slope == pytest.approx((higher - lower) / 2e-6, abs=1e-8)


def test_common_items_come_in_one_order():
    items = target_items()
    shuffled = items.of_items(np.array([5, 3, 8]))

    first, second = common_items(items, shuffled)

    assert first.names == second.names == ("c3", "c5", "c8")
    assert first.slopes.tolist() == second.slopes.tolist()
    assert first.covariance is not None
    assert np.diag(first.covariance)[:3] == pytest.approx(0.05**2)


@pytest.mark.parametrize(("chosen", "code"), [(("c3", "zz"), "link.anchor"), (None, "link.shape")])
def test_items_that_do_not_match_are_refused(chosen, code):
    items = target_items()
    other = two_category_items(items.names, np.ones(12), np.zeros(12))

    with pytest.raises(InvalidInput) as refusal:
        common_items(items, other, chosen)
    assert refusal.value.code == code
