import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.design import Design, Form, canonical_answers
from thucchat.engine.measurement.scoring import Choice, State, score_answers

RULES = {"q1": Choice(("A",)), "q2": Choice(("B",)), "q3": Choice(("C",))}
FORMS = {
    "101": Form("101", ("q1", "q2"), ("ABCD", "ABCD")),
    "102": Form("102", ("q2", "q3"), ("BADC", "CDAB")),
}
DESIGN = Design(RULES, FORMS)


def test_variants_become_one_table():
    found = canonical_answers(DESIGN, ["101", "102"], [["A", "B"], ["A", "A"]])

    scored = score_answers(RULES, found.answers, found.states)
    assert {item: column.tolist() for item, column in found.answers.items()} == {
        "q1": ["A", ""],
        "q2": ["B", "B"],
        "q3": ["", "C"],
    }
    assert scored.totals.tolist() == [2, 2]
    assert found.states[0, 2] == State.NOT_PRESENTED
    assert found.positions.tolist() == [[1, 2, 0], [0, 1, 2]]


def test_blank_and_unreadable_marks_pass_unchanged():
    found = canonical_answers(DESIGN, ["102", "102"], [["?", ""], ["AB"]])

    assert found.answers["q2"].tolist() == ["?", "AB"]
    assert found.answers["q3"].tolist() == ["", ""]


def test_an_absent_person_has_no_cells_to_score():
    found = canonical_answers(DESIGN, ["101"], [[]], [State.ABSENT])

    assert found.states.tolist() == [[State.ABSENT, State.ABSENT, State.NOT_PRESENTED]]


def test_anchors_are_the_items_two_forms_share():
    assert DESIGN.anchors("101", "102") == ("q2",)


def test_an_unknown_form_is_refused():
    with pytest.raises(InvalidInput) as refusal:
        canonical_answers(DESIGN, ["999"], [["A"]])
    assert refusal.value.code == "form.unknown"


def test_more_answers_than_items_are_refused():
    with pytest.raises(InvalidInput) as refusal:
        canonical_answers(DESIGN, ["101"], [["A", "B", "C"]])
    assert refusal.value.code == "form.length"


@pytest.mark.parametrize(("items", "code"), [(("q1", "q9"), "item.unruled"), (("q1", "q1"), "form.repeats")])
def test_a_form_needs_rules_and_no_repeats(items, code):
    with pytest.raises(InvalidInput) as refusal:
        Design(RULES, {"1": Form("1", items)})
    assert refusal.value.code == code
