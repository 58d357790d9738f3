"""Numbers of lists are counted as Word counts them."""

import pytest
from lxml import etree

from tests.engine.papers.word import level, numbering, p
from thucchat.engine.papers.reading.looks import Styles
from thucchat.engine.papers.reading.names import WORD, P
from thucchat.engine.papers.reading.numbering import Numbering, written


def tree(inside, name="numbering"):
    return etree.fromstring(f'<w:{name} xmlns:w="{WORD}">{inside}</w:{name}>')


def labels(lists, *paragraphs):
    counter = Numbering(tree(lists), Styles(None))
    return [counter.label(each) for each in tree("".join(paragraphs), "body").iter(P)]


def test_a_deeper_level_starts_again_behind_a_higher_one():
    lists = numbering({0: [level(0, "Câu %1."), level(1, "%1.%2)", "lowerLetter")]}, {1: (0, None)})
    order = [(1, 0), (1, 1), (1, 1), (1, 0), (1, 1)]

    assert labels(lists, *(p("x", numbered=place) for place in order)) == [
        "Câu 1.",
        "1.a)",
        "1.b)",
        "Câu 2.",
        "2.a)",
    ]


def test_lists_that_share_their_levels_count_on_together_unless_told_to_start_again():
    lists = numbering({0: [level(0, "%1.", "upperLetter")]}, {1: (0, None), 2: (0, None), 3: (0, 1)})
    order = [(1, 0), (2, 0), (3, 0), (3, 0), (1, 0)]

    assert labels(lists, *(p("x", numbered=place) for place in order)) == ["A.", "B.", "A.", "B.", "C."]


def test_paragraphs_outside_lists_have_no_number():
    assert labels(numbering({0: [level(0, "%1.")]}, {1: (0, None)}), p("x"), p("x", numbered=(0, 0))) == [
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [(3, "decimal", "3"), (3, "upperLetter", "C"), (28, "lowerLetter", "bb"), (9, "upperRoman", "IX"),
     (14, "lowerRoman", "xiv"), (3, "bullet", ""), (7, "decimalZero", "07")],
)  # fmt: skip
def test_counts_are_written_in_the_form_asked_for(number, form, text):
    assert written(number, form) == text
