import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.rating import (
    Component,
    RuleSet,
    rate,
    rules_as_plain,
    rules_from_plain,
)

PROGRESS = Component("progress", "Tiến bộ", "điểm", 3, -1.0, 1.0)
LEVEL = Component("level", "Mức đạt", "%", 1, 0.0, 100.0)
RULES = RuleSet("1", (PROGRESS, LEVEL), (("Tốt", 80.0), ("Khá", 65.0), ("Đạt", 50.0), ("Chưa đạt", 0.0)), 10)


def test_points_are_the_weighted_sum_that_anybody_can_add_up():
    found = rate(RULES, {"progress": (0.5, 0.1), "level": (60.0, 2.0)})

    assert [part.points for part in found.parts] == [75.0, 60.0]
    assert found.points == pytest.approx(0.75 * 75 + 0.25 * 60)
    assert found.error == pytest.approx(((0.75 * 50 * 0.1) ** 2 + (0.25 * 1 * 2.0) ** 2) ** 0.5)
    assert (found.label, found.certain) == ("Khá", True)


def test_what_is_missing_is_left_out_and_never_zero():
    found = rate(RULES, {"progress": (0.5, 0.1)})

    assert found.points == 75.0
    assert [part.weight for part in found.parts] == [1.0, 0.0]
    assert rate(RULES, {"level": (90.0, 1.0)}).points is None  # less than half of the weight


def test_a_class_near_its_border_is_not_certain():
    assert not rate(RULES, {"progress": (0.5, 0.2), "level": (60.0, 2.0)}).certain


@given(st.floats(-5, 5), st.floats(-50, 150))
def test_points_stay_on_the_scale(progress, level):
    assert 0 <= rate(RULES, {"progress": (progress, 0.1), "level": (level, 1.0)}).points <= 100


def test_rules_come_back_from_plain_values():
    assert rules_from_plain(rules_as_plain(RULES)) == RULES


@pytest.mark.parametrize(
    "change",
    [
        {"classes": [["Tốt", 80000]]},
        {"components": []},
        {"classes": [["A", 0], ["B", 50000]]},
        {"fewest": "x"},
    ],
)
def test_rules_that_cannot_hold_are_refused(change):
    with pytest.raises(InvalidInput) as refusal:
        rules_from_plain(rules_as_plain(RULES) | change)
    assert refusal.value.code == "rating.rules"


def test_a_value_of_no_component_is_refused():
    with pytest.raises(InvalidInput) as refusal:
        rate(RULES, {"looks": (1.0, 0.0)})
    assert refusal.value.code == "rating.component"
