from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.arrange import free_name
from thucchat.engine.sheets.layout_files import load_layout


@pytest.mark.parametrize("counts", [(12, 4, 6), (18, 4, 6), (24, 4, 0), (40, 0, 0), (40, 8, 6)])
def test_every_structure_of_the_2025_examination_fits_on_a_page(counts):
    layout = load_layout(free_name(*counts))
    kinds = [one.kind for one in layout.fields]
    assert (kinds.count("choice"), kinds.count("true_false") // 4, kinds.count("number") // 4) == counts


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 60), st.integers(0, 16), st.integers(0, 12))
def test_a_structure_is_laid_out_without_overlap_or_refused(choice, true_false, number):
    if choice + true_false + number == 0:
        with pytest.raises(InvalidInput, match="không có câu nào"):
            load_layout(free_name(choice, true_false, number))
        return
    with suppress(InvalidInput):
        layout = load_layout(free_name(choice, true_false, number))
        assert_apart(layout)


def assert_apart(layout):
    places = {tuple(round(axis, 3) for axis in centre) for centre in layout.map.centres}
    assert len(places) == len(layout.map.values)
    assert max(y for _, y in places) < 270


def test_a_structure_beyond_a_page_is_refused():
    with pytest.raises(InvalidInput, match="quá một trang A4") as refusal:
        load_layout(free_name(120, 8, 12))
    assert refusal.value.code == "layout.full"


def test_parts_are_numbered_in_the_order_they_come():
    assert load_layout("td-0-4-6").questions[0] == "I.1a"
