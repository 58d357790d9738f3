from dataclasses import replace

import numpy as np
import pytest

from thucchat.engine.sheets.layout_files import load_layout
from thucchat.engine.sheets.reading.decide import decide
from thucchat.engine.sheets.reading.sampling import Ink
from thucchat.engine.sheets.reading.settings import Thresholds

LAYOUT = load_layout("td-40-0-0")
NOTHING = 0.06  # darkness of an empty bubble


def ink_of(marks, dark=0.6, ring=None, blank=NOTHING):
    """Ink of a sheet where question n has the darkness `marks[n][option]`, and the others one clear mark."""
    mean = np.full(len(LAYOUT.map.values), blank, np.float32)
    around = np.full(len(mean), 0.01, np.float32)
    for place, one in enumerate(LAYOUT.fields):
        start = LAYOUT.map.first[place]
        if one.question in marks:
            for option, value in marks[one.question].items():
                mean[start + one.values.index(option)] = blank + value
            for option, value in (ring or {}).get(one.question, {}).items():
                around[start + one.values.index(option)] = value
        elif one.kind == "choice":
            mean[start + place % 4] = blank + dark
    groups = int(LAYOUT.map.groups.max()) + 1
    empty = np.zeros(len(mean), bool)
    return Ink(
        mean,
        mean - blank,
        around,
        empty,
        np.ones(groups, np.float32),
        True,
        np.zeros((groups, 2), np.float32),
    )


def states(ink, thresholds=None):
    marks = decide(LAYOUT, ink, thresholds)
    return {
        one.name: (marks.states[n], marks.values[n], bool(marks.doubtful[n]))
        for n, one in enumerate(LAYOUT.fields)
    }


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        ({}, ("blank", "", False)),
        ({"B": 0.6}, ("single", "B", False)),
        ({"B": 0.6, "C": 0.05}, ("single", "B", False)),
        ({"B": 0.6, "C": 0.24}, ("single", "B", True)),
        ({"B": 0.18}, ("faint", "B", True)),
        ({"B": 0.6, "D": 0.55}, ("multiple", "BD", False)),
        ({"B": 0.6, "D": 0.36}, ("multiple", "BD", True)),
    ],
)
def test_a_field_is_decided_against_the_sheet(mark, expected):
    assert states(ink_of({"I.5": mark}))["I.5"] == expected


@pytest.mark.parametrize("dark", [0.2, 0.4, 0.8])
def test_light_and_heavy_hands_are_read_alike(dark):
    found = states(ink_of({"I.5": {"C": dark}, "I.6": {}}, dark=dark))
    assert (found["I.5"], found["I.6"]) == (("single", "C", False), ("blank", "", False))


def test_dark_paper_does_not_make_marks():
    assert states(ink_of({"I.5": {}}, blank=0.3))["I.5"] == ("blank", "", False)


def test_a_mark_struck_out_gives_way_to_the_other_and_is_shown():
    found = states(ink_of({"I.5": {"A": 0.7, "C": 0.6}}, ring={"I.5": {"A": 0.3, "C": 0.02}}))
    assert found["I.5"] == ("cancelled", "C", True)


def test_a_pupil_who_marks_with_crosses_has_struck_nothing_out():
    crosses = {f"I.{number}": {"B": 0.6} for number in range(1, 41)}
    around = {question: {"B": 0.28} for question in crosses}
    assert {one[0] for name, one in states(ink_of(crosses, ring=around)).items() if name in crosses} == {
        "single"
    }
    around["I.5"] = {"B": 0.6}
    assert states(ink_of(crosses, ring=around))["I.5"][0] == "cancelled"


@pytest.mark.parametrize(
    ("mark", "erased"),
    [
        ({"B": 0.6, "C": 0.06}, "C"),
        ({"B": 0.6, "C": 0.02}, ""),
        ({"C": 0.06}, ""),
        ({"B": 0.6, "C": 0.6}, ""),
    ],
)
def test_a_trace_of_ink_beside_a_mark_is_told(mark, erased):
    marks = decide(LAYOUT, ink_of({"I.5": mark}))
    assert marks.erased[[one.name for one in LAYOUT.fields].index("I.5")] == erased


def test_a_page_of_which_parts_miss_their_outlines_is_for_a_person():
    ink = ink_of({})
    ink.matches[:2] = 0.1
    sure = replace(ink, flat=True)
    assert not states(sure)["I.40"][2]
    assert all(one[2] for one in states(replace(ink, flat=False)).values())


def test_a_pupil_who_always_marks_the_same_letter_is_read():
    marks = {f"I.{number}": {"A": 0.6} for number in range(1, 41)}
    found = states(ink_of(marks))
    assert all(found[f"I.{number}"] == ("single", "A", False) for number in range(1, 41))


def test_a_second_pass_that_reads_otherwise_is_shown():
    ink = ink_of({"I.5": {"B": 0.6}})
    ink.middle[LAYOUT.map.first[[one.name for one in LAYOUT.fields].index("I.5")] + 1] = 0.02
    assert states(ink)["I.5"] == ("single", "B", True)


def test_a_bubble_outside_the_image_is_damaged_not_blank():
    ink = ink_of({})
    ink.lost[LAYOUT.map.first[-1]] = True
    assert states(ink)["I.40"][0] == "damaged"


def test_other_thresholds_decide_the_same_ink_otherwise():
    ink = ink_of({"I.5": {"B": 0.18}})
    assert states(ink, Thresholds(mark=0.25, middle=0.25))["I.5"] == ("single", "B", False)
