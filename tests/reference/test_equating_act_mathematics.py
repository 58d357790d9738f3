"""ACT mathematics, two forms, random groups.

Source: Kolen and Brennan (2004), Test Equating, Scaling, and Linking, 2nd ed.: frequencies in Table 2.5,
equivalents in Table 2.7, moments in Table 2.6.
"""

import numpy as np
import pytest

from thucchat.engine.measurement.equating.forms import Form, Scale
from thucchat.engine.measurement.equating.methods import Plan, equate

FORM_X = [
    0, 1, 1, 3, 9, 18, 59, 67, 91, 144, 149, 192, 192, 192, 201, 204, 217, 181, 184, 170, 201, 147, 163, 147,
    140, 147, 126, 113, 100, 106, 107, 91, 83, 73, 72, 75, 50, 37, 38, 23, 15,
]  # fmt: skip
FORM_Y = [
    0, 1, 3, 13, 42, 59, 95, 131, 158, 161, 194, 164, 166, 197, 177, 158, 169, 132, 158, 151, 134, 137, 122,
    110, 116, 132, 104, 104, 114, 97, 107, 88, 80, 79, 70, 61, 48, 47, 29, 32, 12,
]  # fmt: skip
EQUIPERCENTILE = [
    0.0000, 0.9796, 1.6462, 2.2856, 2.8932, 3.6205, 4.4997, 5.5148, 6.3124, 7.2242,
    8.1607, 9.1827, 10.1859, 11.2513, 12.3896, 13.3929, 14.5240, 15.7169, 16.8234, 18.0092,
    19.1647, 20.3676, 21.4556, 22.6871, 23.9157, 25.0292, 26.1612, 27.2633, 28.1801, 29.1424,
    30.1305, 31.1297, 32.1357, 33.0781, 34.0172, 35.1016, 36.2426, 37.1248, 38.1321, 39.0807,
    39.9006,
]  # fmt: skip


@pytest.fixture
def forms():
    scale = Scale(0, 40, 1)
    return Form(scale, np.array(FORM_X, float)), Form(scale, np.array(FORM_Y, float))


def test_the_frequencies_have_the_printed_moments(forms):
    moments = []
    for form in forms:
        mean = form.shares @ form.scale.points
        spread = form.scale.points - mean
        deviation = np.sqrt(form.shares @ spread**2)
        moments.append((form.persons, mean, deviation, form.shares @ spread**3 / deviation**3))

    assert moments[0] == pytest.approx((4329, 19.8524, 8.2116, 0.3753), abs=5e-5)
    assert moments[1] == pytest.approx((4152, 18.9798, 8.9393, 0.3527), abs=5e-5)


def test_equipercentile_equivalents_are_the_printed_ones(forms):
    assert equate(*forms, Plan("eg", "equipercentile")).y == pytest.approx(EQUIPERCENTILE, abs=5.1e-5)


def test_mean_and_linear_equivalents_are_the_printed_ones(forms):
    mean = equate(*forms, Plan("eg", "mean")).y
    linear = equate(*forms, Plan("eg", "linear")).y

    assert mean[[0, 40]] == pytest.approx([-0.8726, 39.1274], abs=5.1e-5)
    # The book divides sums of squares by n, this package by n - 1: one unit of the last printed digit.
    assert linear[[0, 1]] == pytest.approx([-2.6319, -1.5432], abs=2e-4)


def test_errors_of_equipercentile_equivalents_are_those_of_repeated_samples(forms):
    plan = Plan("eg", "equipercentile")

    found = equate(*forms, plan, replications=1000, rng=np.random.default_rng(7))
    ratio = (found.error / found.bootstrap_error)[4:40]

    assert ratio.mean() == pytest.approx(1, abs=0.05)
    assert ratio == pytest.approx([1] * 36, abs=0.35)
