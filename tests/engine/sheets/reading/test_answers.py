import numpy as np
import pytest

from thucchat.engine.sheets.layout_files import load_layout
from thucchat.engine.sheets.reading.answers import Answer, answers_from, identify
from thucchat.engine.sheets.reading.decide import Marks

LAYOUT = load_layout("td-0-0-1")
COLUMNS = [place for place, one in enumerate(LAYOUT.fields) if one.question == "I.1"]


def number(*cells):
    states, values = ["blank"] * len(LAYOUT.fields), [""] * len(LAYOUT.fields)
    for place, cell in zip(COLUMNS, cells, strict=True):
        states[place] = "blank" if not cell else "single" if len(cell) == 1 else "multiple"
        values[place] = cell
    none = np.zeros(len(states), bool)
    marks = Marks(tuple(states), tuple(values), np.ones(len(states)), none, none, ("",) * len(states), 0.6)
    return answers_from(LAYOUT, marks)["I.1"]


@pytest.mark.parametrize(
    ("cells", "text", "flags", "doubtful"),
    [
        (("", "", "", ""), "", (), False),
        (("-", "1", ",", "5"), "-1,5", (), False),
        (("7", "", "", ""), "7", (), False),
        (("", "", "4", "2"), "42", (), False),
        (("1", "", "2", ""), "12", ("gap",), True),
        (("-", "", "", ""), "-", ("form",), False),
        (("1", ",", ",", "2"), "1,,2", ("form",), False),
        (("1", "23", "4", ""), "1?4", (), False),
    ],
)
def test_columns_make_a_number(cells, text, flags, doubtful):
    answer = number(*cells)
    assert (answer.text, answer.flags, answer.doubtful) == (text, flags, doubtful)


def bubbled(text, *, doubtful=False):
    return Answer("candidate", text, "single", 1.0, doubtful, ())


@pytest.mark.parametrize(
    ("bubbles", "doubtful", "printed", "text", "problem"),
    [
        ("123", False, "123", "123", ""),
        ("123", False, "", "123", ""),
        ("", False, "123", "123", ""),
        ("", False, "", "", "blank"),
        ("124", False, "123", "", "conflict"),
        ("1?3", False, "123", "", "unclear"),
        ("1?4", False, "123", "", "conflict"),
        ("1?3", False, "", "", "unclear"),
        ("123", True, "", "", "unclear"),
    ],
)
def test_identity_is_certain_or_empty(bubbles, doubtful, printed, text, problem):
    found = identify(bubbled(bubbles, doubtful=doubtful), printed)
    assert (found.text, found.problem) == (text, problem)
