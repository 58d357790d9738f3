import pytest

from thucchat.engine.simulation.subjects import ELECTIVES, NATURAL, SOCIAL, catalogue


def lessons(level: str, grade: int) -> int:
    own = [item for item in catalogue() if (item.level, item.curriculum) == (level, "2018")]
    return sum(item.periods.get(grade, 0) for item in own if not item.is_elective)


@pytest.mark.parametrize(
    ("level", "grade", "total"),
    [("TH", 1, 875), ("TH", 2, 875), ("TH", 3, 980), ("TH", 4, 1050), ("TH", 5, 1050),
     ("THCS", 6, 1015), ("THCS", 7, 1015), ("THCS", 8, 1032), ("THCS", 9, 1032)],
)  # fmt: skip
def test_the_lessons_of_a_year_are_those_of_the_curriculum(level, grade, total):
    """Thông tư 32/2018/TT-BGDĐT, yearly totals by grade (regulations §7.3)."""
    assert lessons(level, grade) == total


@pytest.mark.parametrize("grade", [10, 11, 12])
def test_upper_secondary_leaves_room_for_four_electives_and_three_special_topics(grade):
    """997 lessons in all: compulsory, 4 electives of 70, 3 topics of 35 (regulations §7.3)."""
    assert lessons("THPT", grade) + 4 * 70 + 3 * 35 == pytest.approx(997, abs=2)


def test_a_combination_names_four_different_electives():
    for combination in (*NATURAL, *SOCIAL):
        chosen = combination.split("+")
        assert len(set(chosen)) == 4
        assert set(chosen) <= set(ELECTIVES)


def test_every_elective_is_offered_somewhere():
    assert {field for combination in (*NATURAL, *SOCIAL) for field in combination.split("+")} == set(
        ELECTIVES
    )
