import numpy as np
import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.scoring import (
    Choice,
    Essay,
    Numeric,
    State,
    Statements,
    rescore,
    score_answers,
)


@pytest.mark.parametrize(
    ("answer", "points"), [("SĐSS", 0), ("SĐSĐ", 0.1), ("ĐĐĐS", 0.25), ("ĐSĐS", 0.5), ("ĐSĐĐ", 1), ("Đ", 0.1)]
)
def test_four_statements_climb_the_ladder(answer, points):
    # Quyết định 764/QĐ-BGDĐT: 0.1, 0.25, 0.5, 1 for one to four right statements.
    assert Statements("ĐSĐĐ").score(answer) == points


def test_statements_may_count_one_by_one():
    assert Statements("ĐSĐĐ", points=2, by_ladder=False).score("ĐSSS") == 1


@pytest.mark.parametrize(
    ("answer", "lenient", "strict"),
    [("0,5", 1, 1), ("0.5", 1, 1), ("0,50", 1, 0), (",5", 0, 0), ("5", 0, 0), ("-0,5", 0, 0), ("0,5,", 0, 0)],
)
def test_short_answers_compare_numbers_or_what_is_written(answer, lenient, strict):
    assert Numeric(("0,5",)).score(answer) == lenient
    assert Numeric(("0,5",), lenient=False).score(answer) == strict


def test_a_double_mark_is_wrong_and_two_keys_may_be_right():
    assert [Choice(("A", "C")).score(answer) for answer in ("A", "c", "B", "AC")] == [1, 1, 0, 0]


@pytest.mark.parametrize("answer", ["5,1", "-1", "tốt", "nan"])
def test_essay_points_stay_within_the_question(answer):
    with pytest.raises(InvalidInput) as refusal:
        Essay(5.0).score(answer)
    assert refusal.value.code == "answer.points"


RULES = {"c1": Choice(("A",), 0.25), "c2": Statements("ĐSSĐ"), "c3": Essay(2.0)}
ANSWERS = {"c1": ["A", "", "?", "B"], "c2": ["ĐSSĐ", "ĐSSS", "", "SSSS"], "c3": ["1,5", "2", "", "0,25"]}


def test_five_reasons_for_no_answer_stay_apart():
    states = np.zeros((4, 3), np.int8)
    states[1] = State.ABSENT
    states[3, 2] = State.NOT_PRESENTED
    states[3, 0] = State.CANCELLED

    scored = score_answers(RULES, ANSWERS, states)

    assert scored.states.tolist() == [
        [State.ANSWERED, State.ANSWERED, State.ANSWERED],
        [State.ABSENT, State.ABSENT, State.ABSENT],
        [State.UNREADABLE, State.BLANK, State.BLANK],
        [State.CANCELLED, State.ANSWERED, State.NOT_PRESENTED],
    ]
    assert scored.points[0].tolist() == [0.25, 1, 1.5]
    assert np.isnan(scored.points[1]).all()
    assert scored.points[2, 1:].tolist() == [0, 0]
    assert scored.totals[[0, 3]].tolist() == [2.75, 0.25]
    assert np.isnan(scored.totals[[1, 2]]).all()


def test_statements_are_kept_beside_the_points():
    scored = score_answers(RULES, ANSWERS)

    assert scored.statements["c2"].tolist() == [[1, 1, 1, 1], [1, 1, 1, 0], [0, 0, 0, 0], [0, 1, 1, 0]]


def test_responses_without_a_rule_cannot_enter():
    with pytest.raises(InvalidInput) as refusal:
        score_answers(RULES, {"c9": ["A"]})
    assert refusal.value.code == "item.unruled"


def test_a_changed_key_scores_everything_again():
    changed = RULES | {"c1": Choice(("B",), 0.25)}

    report = rescore(ANSWERS, (RULES, changed))

    (change,) = report.changes
    assert (change.item, change.raised, change.lowered) == ("c1", 1, 1)
    assert report.totals_changed == 2
    assert report.after.totals[3] - report.before.totals[3] == 0.25


def test_the_worked_example_of_a_mathematics_paper_gives_6_35():
    # Regulations, section 4.2: part I 10 of 12, part II 4, 3, 2, 1 right statements, part III 4 of 6.
    choices = {f"1.{n}": Choice(("A",), 0.25) for n in range(12)}
    statements = {f"2.{n}": Statements("ĐĐĐĐ") for n in range(4)}
    numbers = {f"3.{n}": Numeric(("7",), 0.5) for n in range(6)}
    answers = {item: ["A" if place < 10 else "B"] for place, item in enumerate(choices)}
    answers |= dict(zip(statements, (["ĐĐĐĐ"], ["ĐĐĐS"], ["ĐĐSS"], ["ĐSSS"]), strict=True))
    answers |= {item: ["7" if place < 4 else "8"] for place, item in enumerate(numbers)}

    scored = score_answers(choices | statements | numbers, answers)

    assert scored.totals[0] == pytest.approx(6.35)
