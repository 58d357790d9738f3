"""Doubts about questions that come from, or go to, other programs."""

import pytest

from thucchat.engine.papers.interchange.doubts import doubts, flag, letter
from thucchat.engine.papers.model import Question

FOUR = dict(zip("abcd", "pqrs", strict=True))


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        (Question(1, "x", {"A": "1", "B": "2"}, "A", "choice", None), []),
        (Question(1, "x", {"A": "1", "B": "2"}, None, "choice", None), ["key.missing"]),
        (Question(1, "x", {"A": "1", "B": ""}, "A", "choice", None), ["option.empty"]),
        (Question(1, "x", {"A": "1", "B": "1"}, "A", "choice", None), ["option.same"]),
        (Question(1, "x", {"A": "[hình]", "B": "[hình]"}, "A", "choice", None), []),
        (Question(1, "x", FOUR, "ĐĐSS", "true_false", None), []),
        (Question(1, "x", {"a": "1"}, "Đ", "true_false", None), ["option.count"]),
        (Question(1, "x", {}, None, "essay", None), []),
    ],
)
def test_options_and_keys_are_looked_through(question, codes):
    assert [flag.code for flag in doubts(question)] == codes


def test_letters_go_on_after_z():
    assert [letter(place) for place in (0, 25, 26, 27, 52)] == ["A", "Z", "AA", "AB", "BA"]


def test_the_text_of_a_flag_is_one_short_line():
    assert flag("c", "m", "a\n b" + "x" * 100).text == "a b" + "x" * 76 + "…"
