import json

import numpy as np
import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.layout_files import layout_from, layout_names, load_layout

SMALL = {
    "name": "nho",
    "width": 100,
    "height": 100,
    "bubble": [4, 4],
    "anchors": [{"at": at, "size": 5} for at in ([8, 8], [92, 8], [8, 92], [92, 92])],
    "blocks": [{"kind": "choice", "count": 2, "at": [20, 20], "each": [0, 6], "option": [6, 0]}],
}


@pytest.mark.parametrize("name", layout_names())
def test_no_two_things_of_a_form_stand_on_each_other(name):
    layout = load_layout(name)
    centres = layout.map.centres
    apart = np.hypot(*np.moveaxis(centres[:, None] - centres[None], -1, 0)) + 1000 * np.eye(len(centres))
    assert apart.min() > max(layout.bubble)
    for mark in (*layout.anchors, *layout.codes):
        gaps = np.abs(centres - mark.at).max(axis=1) - mark.size / 2 - max(layout.bubble) / 2
        assert gaps.min() > 1.0
    corners = np.array([one.at for one in layout.anchors])
    assert (corners > 5).all()
    assert (corners < [layout.width - 5, layout.height - 5]).all()


def test_the_form_of_2025_has_the_three_parts_of_the_examination():
    layout = load_layout("2025")
    kinds = [one.kind for one in layout.fields]
    assert (kinds.count("choice"), kinds.count("true_false"), kinds.count("number")) == (40, 8 * 4, 6 * 4)
    assert layout.questions[39:42] == ("I.40", "II.1a", "II.1b")
    first, second, *_, last = [one for one in layout.fields if one.question == "III.1"]
    assert (first.values[0], second.values[0]) == ("-", ",")
    assert last.values == tuple("0123456789")


def test_the_older_form_has_120_questions_and_digit_counts_to_choose():
    layout = load_layout("truoc-2025", candidate=6, code=3)
    assert len(layout.questions) == 120
    assert (layout.digits("candidate"), layout.digits("code")) == (6, 3)


def test_more_digits_than_there_is_room_for_are_refused():
    with pytest.raises(InvalidInput, match="nhiều nhất 8 chữ số, không phải 9") as refusal:
        load_layout("2025", candidate=9)
    assert refusal.value.code == "layout.digits"


def test_a_file_gives_the_same_layout_as_its_data(tmp_path):
    path = tmp_path / "nho.json"
    path.write_text(json.dumps(SMALL), "utf-8")
    assert load_layout(str(path)).fingerprint == layout_from(SMALL).fingerprint


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"blocks": [{**SMALL["blocks"][0], "at": [98, 20]}]}, "invalid"),
        ({"blocks": SMALL["blocks"] * 2}, "invalid"),
        ({"blocks": [{"kind": "choice"}]}, "invalid"),
        ({"blocks": [{"kind": "drawing"}]}, "invalid"),
        ({"anchors": SMALL["anchors"][:2]}, "invalid"),
        ({"width": -5}, "invalid"),
        ({"bubble": [0, 4]}, "invalid"),
        ({"blocks": [{**SMALL["blocks"][0], "count": 9000, "each": [0, 0.001]}]}, "invalid"),
    ],
)
def test_a_layout_that_cannot_be_printed_or_read_is_refused(change, code):
    with pytest.raises(InvalidInput) as refusal:
        layout_from(SMALL | change)
    assert refusal.value.code == f"layout.{code}"


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(InvalidInput, match="2025, bo-2025"):
        load_layout("2026")
