import cv2
import numpy as np
import pytest

from thucchat.engine.sheets.reading.pictures import encoded
from thucchat.engine.sheets.reading.tiles import FEWEST, PIXELS_PER_MM, blank_form, even, find_tiles


def page():
    """A grid of rings 8 mm apart under lines of different words."""
    blank = np.full((742, 525), 230, np.uint8)
    for y in range(300, 740, 20):
        for x in range(40, 480, 20):
            cv2.circle(blank, (x, y), 6, 90, 1)
    for line, text in enumerate(["SO GIAO DUC", "PHIEU TRA LOI", "Ho va ten", "Truong Lop", "Mon thi"]):
        cv2.putText(blank, text, (40 + 37 * line, 50 + 45 * line), 0, 0.9 - 0.08 * line, 0, 2)
    return blank


def test_rare_tiles_are_words_and_no_bubbles_among_bubbles():
    form = blank_form(encoded(page()))
    inside = (form.rare[:, 1] > 340) & (form.rare[:, 0] > 80) & (form.rare[:, 0] < 390)
    assert len(form.rare) >= FEWEST
    assert not (inside & (form.rare[:, 1] < 650)).any()
    assert len(form.tiles) > len(form.rare)


def test_a_form_of_bubbles_alone_has_no_rare_tiles():
    rings = np.full((742, 525), 230, np.uint8)
    for y in range(-20, 780, 20):
        for x in range(-20, 560, 20):
            cv2.circle(rings, (x, y), 6, 90, 1)
    assert len(blank_form(encoded(rings)).rare) < FEWEST


@pytest.mark.parametrize("move", [(0, 0), (9, -14), (-30, 22)])  # pixels
def test_tiles_are_found_where_the_page_was_moved_to(move):
    form = blank_form(encoded(page()))
    moved = cv2.warpAffine(
        page(), np.array([[1, 0, move[0]], [0, 1, move[1]]], float), (525, 742), borderValue=230
    )
    found = find_tiles(moved, form, form.rare, 15)
    kept = found.alike > 0.9
    assert kept.mean() > 0.5
    assert np.abs(found.seen[kept] - found.meant[kept] - move).max() < 1


def test_evening_takes_the_shadow_away():
    lit = (page() * np.linspace(1, 0.5, 525)[None]).astype(np.uint8)
    assert np.abs(even(lit).astype(float) - even(page())).mean() < 3
    assert page().shape[1] == PIXELS_PER_MM * 210
