import numpy as np
import pytest

from thucchat.engine.measurement.results.bins import rule_for, width_for


@pytest.mark.parametrize(("year", "first_year"), [(2017, 2017), (2024, 2017), (2025, 2025), (2030, 2025)])
def test_the_newest_rule_in_force_is_chosen(year, first_year):
    rule = rule_for(year)

    assert rule is not None
    assert rule.first_year == first_year


@pytest.mark.parametrize("year", [None, 2016])
def test_without_a_known_year_there_is_no_rule(year):
    assert rule_for(year) is None


def test_without_scores_or_a_common_step_bars_are_a_quarter_point():
    assert width_for(None, "toan", np.array([], dtype=np.int64)) == 25
    assert width_for(None, "toan", np.array([505], dtype=np.int64)) == 25
