import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.keys import rule_of_key
from thucchat.engine.measurement.scoring import Choice, Essay, Numeric, Statements


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("c", Choice(("C",))),
        ("A/C", Choice(("A", "C"))),
        ("D", Choice(("D",))),
        ("ĐSSĐ", Statements("ĐSSĐ")),
        ("D S S D", Statements("ĐSSĐ")),
        ("TFFT", Statements("ĐSSĐ")),
        ("ĐSĐ", Statements("ĐSĐ", by_ladder=False)),
        ("0,5", Numeric(("0,5",))),
        ("-3.25", Numeric(("-3,25",))),
        ("10", Numeric(("10",))),
        ("TL 2,5", Essay(2.5)),
    ],
)
def test_a_key_means_its_rule(text, rule):
    assert rule_of_key(text) == rule


def test_points_travel_with_the_rule():
    assert rule_of_key("B", 0.25) == Choice(("B",), 0.25)


@pytest.mark.parametrize("text", ["", "Z", "đúng", "1,2,3"])
def test_other_texts_are_no_keys(text):
    with pytest.raises(InvalidInput) as refusal:
        rule_of_key(text)
    assert refusal.value.code == "key.invalid"
