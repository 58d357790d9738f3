import numpy as np
import pytest
from scipy.special import expit

from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.measurement.irt.items import ItemBank, Model
from thucchat.engine.measurement.standards import (
    GROUPS,
    angoff,
    bookmark,
    group_chances,
    ordered_items,
)

DIFFICULTY = np.linspace(-2, 2, 12)


def bank(model=Model.RASCH, slope=1.0, guessing=0.0):
    rows = np.zeros((12, 3))
    rows[:, 0], rows[:, 1] = slope, -slope * DIFFICULTY
    rows[:, 2] = guessing
    return ItemBank(tuple(f"c{k}" for k in range(12)), (model,) * 12, np.full(12, 2), rows)


def test_the_angoff_cut_is_the_mean_of_the_sums_with_its_error():
    judged = np.array([0.2, 0.4, 0.6, 0.8])[:, None, None] + np.array([-0.05, 0.0, 0.05])[:, None] * np.ones(
        10
    )

    cuts = angoff(judged)

    assert [cut.group for cut in cuts] == list(GROUPS[1:])
    assert [cut.points for cut in cuts] == pytest.approx([2, 4, 6, 8])
    assert cuts[0].points_error == pytest.approx(0.5 / np.sqrt(3))
    assert np.isnan(cuts[0].theta)


def test_the_booklet_stands_where_two_thirds_succeed():
    found = ordered_items(bank(Model.TWO_PL, 1.5))

    assert [one.theta for one in found] == pytest.approx(DIFFICULTY + np.log(0.67 / 0.33) / 1.5)
    assert [one.item for one in found] == [f"c{k}" for k in range(12)]


def test_steps_of_an_item_are_pages_of_their_own():
    graded = ItemBank(("tl",), (Model.GRM,), np.array([3]), np.array([[1.2, 1.0, -0.5, 0.0]]))

    first, second = ordered_items(graded)

    assert (first.step, second.step) == (1, 2)
    assert expit(1.2 * second.theta - 0.5) == pytest.approx(0.67)


def test_a_bookmark_lies_between_the_last_page_mastered_and_its_own():
    at = [one.theta for one in ordered_items(bank())]

    cuts = bookmark(bank(), np.array([[1, 1], [4, 6], [8, 8], [13, 13]]))

    assert cuts[0].theta == pytest.approx(at[0])
    assert cuts[1].theta == pytest.approx(np.mean([at[2], at[3], at[4], at[5]]))
    assert cuts[1].theta_error == pytest.approx((at[5] + at[4] - at[3] - at[2]) / 4)
    assert cuts[3].theta == pytest.approx(at[-1])
    assert cuts[2].points == pytest.approx(expit(cuts[2].theta - DIFFICULTY).sum())


def test_chances_of_the_groups_add_up_and_the_likeliest_holds_the_measure():
    cuts = bookmark(bank(), np.array([[2, 3], [5, 6], [8, 9], [11, 12]]))
    theta = np.array([-4.0, cuts[0].theta, 0.9, 5.0])

    chances = group_chances(theta, np.full(4, 0.3), cuts)

    assert chances.sum(axis=1) == pytest.approx(1)
    assert (chances >= 0).all()
    assert chances[0].argmax() == 0
    assert chances[3].argmax() == 4
    assert chances[1, 0] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("judged", "code"),
    [
        (np.ones((3, 4, 5)), "judgements.shape"),
        (np.full((4, 4, 5), np.nan), "judgements.missing"),
        (np.ones((4, 4, 5)), "cuts.order"),
    ],
)
def test_a_panel_that_gives_no_cuts_is_told_why(judged, code):
    with pytest.raises(InvalidInput) as refusal:
        angoff(judged)

    assert refusal.value.code == code


def test_one_judge_is_no_panel_and_pages_must_exist():
    with pytest.raises(NoResult):
        angoff(np.arange(4.0)[:, None, None] * np.ones((4, 1, 5)))
    with pytest.raises(InvalidInput) as refusal:
        bookmark(bank(), np.full((4, 2), 14))

    assert refusal.value.code == "pages.range"


def test_an_item_guessed_too_often_has_no_page():
    with pytest.raises(NoResult, match="0,67"):
        ordered_items(bank(Model.THREE_PL, 1.0, guessing=2.0))
