import numpy as np
import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.raters.marks import marks_of, script_totals


def test_the_order_is_that_of_each_rater_alone():
    marks = marks_of(
        ["s2", "s1", "s1", "s3"], ["a", "a", "b", "a"], np.ones(4), moments=np.array([9.0, 2, 5, 4])
    )

    assert marks.order.tolist() == [2, 0, 0, 1]
    assert marks.scripts == ("s1", "s2", "s3")


def test_criteria_of_a_script_share_their_place_and_add_up():
    marks = marks_of(
        ["s1", "s1", "s2", "s2"], ["a"] * 4, np.array([1.0, 2, 3, 4]), criteria=["ý", "lời", "ý", "lời"]
    )

    whole = script_totals(marks)

    assert marks.order.tolist() == [0, 0, 1, 1]
    assert whole.points.tolist() == [3.0, 7.0]
    assert whole.criteria == ("",)


@pytest.mark.parametrize(
    ("raters", "points", "code"),
    [(["a"], [1.0, 2], "shape"), (["a", "b"], [1.0, np.nan], "missing"), (["a", "a"], [1.0, 2], "twice")],
)
def test_marks_that_cannot_stand_are_refused(raters, points, code):
    with pytest.raises(InvalidInput) as refusal:
        marks_of(["s1", "s1"], raters, np.array(points))

    assert refusal.value.code == f"marks.{code}"
