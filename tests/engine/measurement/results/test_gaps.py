from fractions import Fraction

import numpy as np
import pytest

from thucchat.engine.measurement.results.distributions import distribution
from thucchat.engine.measurement.results.gaps import gaps
from thucchat.engine.tables import GroupResults


def district(name, mean_hundredths, people):
    values, counts = np.array([mean_hundredths]), np.array([people])
    return GroupResults(name, people, (distribution("toan", values, counts),))


def test_the_gap_is_between_groups_large_enough_to_compare():
    groups = [district("Tủa Chùa", 410, 30), district("Điện Biên", 505, 80), district("Nhỏ", 900, 29)]

    (gap,) = gaps(groups)

    assert (gap.top, gap.bottom, gap.gap) == ("Điện Biên", "Tủa Chùa", 0.95)
    assert (gap.met, gap.compared, gap.left_out) == (True, 2, ("Nhỏ",))


@pytest.mark.parametrize(("top", "met"), [(510, True), (511, False)])
def test_a_gap_of_exactly_the_target_meets_it(top, met):
    (gap,) = gaps([district("A", 410, 40), district("B", top, 40)], target=Fraction(1))

    assert gap.met is met


def test_one_group_has_no_gap():
    assert gaps([district("A", 410, 40), district("B", 500, 5)]) == ()
    assert gaps([]) == ()
