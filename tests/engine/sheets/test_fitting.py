import cv2
import numpy as np
import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.fitting import fit_layout
from thucchat.engine.sheets.layout_files import layout_from
from thucchat.engine.sheets.reading.page import read_page

QUESTIONS, DIGITS = 30, 5


def blank(box):
    """A form in a foreign style: round corner marks, five options, digits at the right. Pixels at 150 dpi."""
    page = np.full((1754, 1240), 250, np.uint8)
    for corner in ((80, 80), (1160, 80), (80, 1674), (1160, 1674)):
        cv2.circle(page, corner, 22, 0, -1)
    for x, y in [(300 + 60 * o, 300 + 42 * q) for q in range(QUESTIONS) for o in range(5)]:
        bubble(page, x, y, box)
    for x, y in [(800 + 50 * d, 300 + 42 * v) for d in range(DIGITS) for v in range(10)]:
        bubble(page, x, y, box)
    return page


def bubble(page, x, y, box):
    if box:
        cv2.rectangle(page, (x - 14, y - 10), (x + 14, y + 10), 90, 2)
    else:
        cv2.circle(page, (x, y), 14, 90, 2)


def pointed(box):
    return {
        "name": "khac",
        "width": 210,
        "height": 297,
        "bubble": [28, 20 if box else 28],
        "shape": "box" if box else "circle",
        "anchors": [[90, 84], [1150, 90], [75, 1690], [1165, 1670]],
        "blocks": [
            {"kind": "choice", "count": QUESTIONS, "values": "ABCDE", "from": [300, 300], "to": [540, 1518]},
            {
                "kind": "digits",
                "field": "candidate",
                "columns": DIGITS,
                "from": [800, 300],
                "to": [1000, 678],
            },
        ],
    }


@pytest.mark.parametrize("box", [False, True])
@pytest.mark.parametrize("upside_down", [False, True])
def test_a_fitted_form_of_others_is_read(box, upside_down):
    rng = np.random.default_rng(5)
    layout = layout_from(fit_layout(blank(box), pointed(box)))
    answers, digits = rng.integers(0, 5, QUESTIONS), rng.integers(0, 10, DIGITS)
    page = blank(box)
    for question, option in enumerate(answers):
        cv2.circle(page, (int(300 + 60 * option), 300 + 42 * question), 10, 80, -1)
    for column, digit in enumerate(digits):
        cv2.circle(page, (800 + 50 * column, int(300 + 42 * digit)), 10, 80, -1)
    turn = cv2.getRotationMatrix2D((620, 877), 1.3, 1.0)
    page = cv2.warpAffine(page, turn, (1240, 1754), borderValue=245)
    reading = read_page(np.ascontiguousarray(page[::-1, ::-1] if upside_down else page), layout)
    assert [one.text for one in reading.answers] == ["ABCDE"[option] for option in answers]
    assert reading.candidate.text == "".join(map(str, digits))
    assert reading.review == ()


@pytest.mark.parametrize("upside_down", [False, True])
def test_corners_and_blocks_are_enough_where_the_form_has_words_of_its_own(upside_down):
    rng = np.random.default_rng(9)
    page = crossed()
    for line, text in enumerate(["Ho va ten", "Truong THPT", "Lop", "Mon thi", "Ngay kiem tra"]):
        cv2.putText(page, text, (700 + 20 * line, 900 + 130 * line), 0, 1.0, 0, 2)
    entries = {key: value for key, value in pointed(box=False).items() if key != "anchors"}
    layout = layout_from(fit_layout(page, entries))
    answers = rng.integers(0, 5, QUESTIONS)
    for question, option in enumerate(answers):
        cv2.circle(page, (int(300 + 60 * option), 300 + 42 * question), 10, 80, -1)
    page = cv2.warpAffine(page, cv2.getRotationMatrix2D((620, 877), 1.3, 0.98), (1240, 1754), borderValue=245)
    reading = read_page(np.ascontiguousarray(page[::-1, ::-1] if upside_down else page), layout)
    assert layout.anchors == ()
    assert [one.text for one in reading.answers] == ["ABCDE"[option] for option in answers]


def test_a_page_that_shows_too_little_needs_marks_to_be_found_by():
    page = np.full((1754, 1240), 250, np.uint8)
    entries = {key: value for key, value in pointed(box=False).items() if key != "anchors"}
    with pytest.raises(InvalidInput, match="cần ít nhất 3 ô định vị, chỉ có 0"):
        fit_layout(page, entries)


def test_pointing_far_from_any_mark_is_refused():
    with pytest.raises(InvalidInput, match="Không thấy ô đen"):
        fit_layout(
            blank(box=False),
            pointed(box=False) | {"anchors": [[600, 100], [1150, 90], [75, 1690], [1165, 1670]]},
        )


def test_a_block_without_its_last_bubble_is_refused():
    broken = pointed(box=False) | {"blocks": [{"kind": "choice", "count": 3, "from": [1, 1]}]}
    with pytest.raises(InvalidInput, match="'to'"):
        fit_layout(blank(box=False), broken)


def crossed(box=False):
    """The same blank with angles for corners and a heading, and no dark mark at all."""
    page = blank(box)
    page[:, :130] = page[:, 1110:] = 250
    for x, y, across, down in ((80, 80, 1, 1), (1160, 80, -1, 1), (80, 1674, 1, -1), (1160, 1674, -1, -1)):
        cv2.line(page, (x, y), (x + 40 * across, y), 0, 3)
        cv2.line(page, (x, y), (x, y + 40 * down), 0, 3)
    cv2.putText(page, "ANSWER SHEET", (430, 120), 0, 1.2, 0, 3)
    return page


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_form_without_dark_marks_is_read_by_its_landmarks(turns):
    rng = np.random.default_rng(8)
    places = {"landmarks": [[90, 90], [1150, 90], [90, 1664], [1150, 1664], [450, 110]]}
    layout = layout_from(fit_layout(crossed(), pointed(box=False) | places))
    answers = rng.integers(0, 5, QUESTIONS)
    page = crossed()
    for question, option in enumerate(answers):
        cv2.circle(page, (int(300 + 60 * option), 300 + 42 * question), 10, 80, -1)
    move = cv2.getRotationMatrix2D((620, 877), 0.9, 1.01)
    move[:, 2] += (9, -12)
    page = np.ascontiguousarray(np.rot90(cv2.warpAffine(page, move, (1240, 1754), borderValue=240), turns))
    reading = read_page(page, layout)
    assert [one.text for one in reading.answers] == ["ABCDE"[option] for option in answers]


def test_a_page_without_the_landmarks_is_set_aside():
    places = {"landmarks": [[90, 90], [1150, 90], [90, 1664], [1150, 1664], [450, 110]]}
    layout = layout_from(fit_layout(crossed(), pointed(box=False) | places))
    other = np.full((1754, 1240), 245, np.uint8)
    for line in range(150, 1600, 40):
        cv2.putText(other, "mot trang khac", (140, line), 0, 1.0, 20, 2)
    assert read_page(other, layout).flags == ("page:not_found",)
