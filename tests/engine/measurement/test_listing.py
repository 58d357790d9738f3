import numpy as np

from thucchat.engine.measurement.listing import MOST_OPTIONS, RARE, key_text, listed_answers
from thucchat.engine.measurement.scoring import Choice, Essay, Numeric


def test_answers_are_listed_in_capitals():
    assert listed_answers(["a", "B", ""]).tolist() == ["A", "B", ""]


def test_of_too_many_answers_the_rarest_stand_together():
    common = [str(1000 + number) for number in range(MOST_OPTIONS - 1)]
    rare = ["7", "8", "9"]

    listed = listed_answers(np.array([*common, *common, *rare]))

    assert listed.tolist() == [*common, *common, *[RARE] * len(rare)]


def test_the_key_of_an_item_is_its_first_right_answer_and_raters_have_none():
    assert key_text(Choice(("B", "C"))) == "B"
    assert key_text(Numeric(("2,5",))) == "2,5"
    assert key_text(Essay(2.0)) is None
