import numpy as np
import pytest

from tests.engine.measurement.forensics.worlds import answers, examination
from thucchat.engine.errors import NoResult
from thucchat.engine.measurement.forensics.discovery import discover
from thucchat.engine.measurement.forensics.erasures import changed_answers, room_erasures
from thucchat.engine.measurement.forensics.model import fit_curves


@pytest.fixture(scope="module")
def world():
    """One answer in twelve was changed; in room 4 the changed ones all became right."""
    rng = np.random.default_rng(21)
    table, rooms, _ = examination(rng, rooms=20)
    changed = rng.random(table.codes.shape) < 1 / 12
    first = np.where(table.codes == 0, rng.integers(1, 4, table.codes.shape), (table.codes % 3) + 1)
    codes = table.codes.copy()
    codes[(rooms == 4)[:, None] & changed] = 0
    return answers(codes), rooms, changed, first == 0


def compared(table, rooms, changed, was_right):
    curves = fit_curves(table, np.random.default_rng(0))
    return room_erasures(table, curves, changed, was_right=was_right, rooms=rooms)


def test_the_room_whose_changes_all_ended_right_stands_out_alone(world):
    found = compared(*world)

    assert found.room[discover(found.p).flagged].tolist() == [4]


def test_seen_and_expected_add_up_alike_and_every_change_is_counted(world):
    _, _, changed, was_right = world

    found = compared(*world)

    assert found.to_right.sum() == pytest.approx(found.expected.sum(), rel=1e-6)
    assert found.changed.sum() == (changed & ~was_right).sum()
    assert found.persons.tolist() == [20] * 20


def test_an_answer_is_changed_when_another_one_stands():
    table = answers(np.array([[0, 1], [2, -1], [0, 0]], np.int8))
    given = {"c0": ["A", "C", "A"], "c1": ["B", "", "A"]}

    changed = changed_answers(table, {"c0": ["b", "", "a"], "c1": ["A", "D", ""]}, given)

    assert changed.tolist() == [[True, True], [False, False], [False, False]]


def test_a_handful_of_changes_is_not_enough(world):
    table, rooms, changed, was_right = world

    with pytest.raises(NoResult) as refusal:
        compared(table, rooms, np.zeros_like(changed), was_right)

    assert refusal.value.code == "erasures.few"
