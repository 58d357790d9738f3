import numpy as np
import pytest

from tests.engine.sheets.foreign import STYLES, drawn, fitted, read_many


@pytest.mark.parametrize("style", STYLES)
def test_a_layout_fitted_by_pointing_lies_where_the_form_was_drawn(style):
    page, true = drawn(style)
    layout = fitted(style, page, true)
    assert layout.map.values == true.map.values
    assert np.abs(layout.map.centres - true.map.centres).max() < 0.35


@pytest.mark.parametrize("style", STYLES)
def test_foreign_forms_are_read_from_a_scanner(style):
    found = read_many(style, "scan", 1, range(2))
    assert found.right_marks == found.marks
    assert found.review_sheets == 0


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("severity", [1, 2])
def test_foreign_forms_are_read_from_a_phone(style, severity):
    found = read_many(style, "photo", severity, range(2))
    assert found.right_marks == found.marks
    assert found.set_aside == 0


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
def test_photographs_of_foreign_forms_hold_the_promised_accuracy(style):
    found = read_many(style, "photo", 1, range(200, 230))
    assert found.wrong_marks == found.wrong_identity == 0
    assert found.right_marks >= 0.995 * found.marks


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("kind", ["scan", "bw", "damp", "photocopy", "photo"])
def test_no_mark_of_a_foreign_form_is_wrong_unseen(style, kind):
    found = read_many(style, kind, 1, range(100, 106))
    assert found.wrong_marks == found.wrong_identity == 0
