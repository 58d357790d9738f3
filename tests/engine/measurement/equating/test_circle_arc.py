import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.measurement.equating.circle_arc import circle_arc
from thucchat.engine.measurement.equating.forms import Scale


@given(st.floats(5, 35), st.floats(-3, 3))
def test_the_arc_passes_through_its_three_points(middle, rise):
    fine = Scale(0, 40, 0.01)
    wanted = middle + rise

    curve = circle_arc(fine, fine, (np.array(middle), np.array(wanted)))

    assert curve[[0, -1]] == pytest.approx([0, 40], abs=1e-6)
    assert np.interp(middle, fine.points, curve) == pytest.approx(wanted, abs=1e-3)


@given(st.floats(5, 35), st.floats(-3, 3).filter(lambda rise: abs(rise) > 0.01))
def test_the_part_above_the_straight_line_is_a_circle(middle, rise):
    scale_x, scale_y = Scale(0, 40, 1), Scale(0, 50, 1)
    straight = scale_x.points * 50 / 40

    arc = circle_arc(scale_x, scale_y, (np.array(middle), np.array(middle * 50 / 40 + rise))) - straight

    radius = ((middle - 20) ** 2 - 400 + rise**2) / (2 * rise)
    assert (scale_x.points - 20) ** 2 + (arc - radius) ** 2 == pytest.approx(400 + radius**2)


def test_a_middle_on_the_line_gives_the_line_and_a_smooth_derivative():
    scale = Scale(0, 40, 1)

    straight = circle_arc(scale, scale, (np.array(20.0), np.array(20.0)))
    near = circle_arc(scale, scale, (np.array(20.0), np.array(20.0 + 1e-5)))
    along = circle_arc(scale, scale, (np.array(20.0 + 0j), np.array(20 + 1e-20j)))

    assert straight.tolist() == scale.points.tolist()
    assert along.imag / 1e-20 == pytest.approx((near - straight) / 1e-5, abs=1e-5)
