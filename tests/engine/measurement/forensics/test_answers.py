import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.forensics.answers import MISSING, MOST_OPTIONS, answers_of
from thucchat.engine.measurement.keys import rule_of_key

RULES = {f"c{place}": rule_of_key("A") for place in range(5)}


def test_options_are_told_apart_and_a_blank_is_no_option():
    texts = dict.fromkeys(RULES, ("A", "b", "", " B "))

    found = answers_of(texts, RULES)

    one, two, blank, again = found.codes[:, 0]
    assert two == again != one
    assert blank == MISSING
    assert found.is_right[:, 0].tolist() == [True, False, False, False]


def test_either_of_two_keys_is_right():
    rules = RULES | {"c0": rule_of_key("A/C")}

    found = answers_of(dict.fromkeys(rules, ("A", "B", "C")), rules)

    assert found.is_right[:, 0].tolist() == [True, False, True]


def test_rare_numbers_never_count_as_alike():
    rules = RULES | {"c0": rule_of_key("0,5")}
    numbers = ["0,5"] * 5 + [str(number) for number in range(20) for _ in range(2)]

    found = answers_of(dict.fromkeys(rules, tuple(numbers)), rules)

    rare = found.codes[-1, 0]
    assert rare == MOST_OPTIONS - 1
    assert not found.alike[0, rare]
    assert not found.right[0, rare]
    assert found.is_right[:5, 0].all()


def test_a_paper_of_essays_cannot_be_compared():
    with pytest.raises(InvalidInput) as refusal:
        answers_of({}, {f"c{place}": rule_of_key("TL 2") for place in range(8)})

    assert refusal.value.code == "items.few"
