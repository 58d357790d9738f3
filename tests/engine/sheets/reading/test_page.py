import cv2
import numpy as np
import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.distort.accuracy import Outcome, compare
from thucchat.engine.sheets.distort.suite import KINDS, make_cases
from thucchat.engine.sheets.layout_files import load_layout
from thucchat.engine.sheets.printing.sheets import PrintedSheet, print_sheets
from thucchat.engine.sheets.reading.images import capture_bytes, decode
from thucchat.engine.sheets.reading.page import measure_page, read_page, settle


def grey(case):
    image = decode(capture_bytes(case.name, case.image))
    assert not isinstance(image, InvalidInput)
    return image


def outcome(layout, cases):
    total = Outcome()
    for case in cases:
        reading = settle(layout, measure_page(grey(case), layout))
        total += compare(reading, case.truth.candidate, case.truth.code, case.truth.answers)
    return total


def test_ordinary_scans_are_read_without_a_mistake_or_a_question(form, scans):
    found = outcome(form, scans)
    assert found.right_marks == found.marks == 6 * 78
    assert found.review_sheets == found.wrong_identity == 0


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"scan", "photo12"}))
def test_hard_sheets_are_read_right_or_shown_to_a_person(form, kind):
    found = outcome(form, make_cases(form, kind, 1, range(50, 53)))
    assert found.wrong_marks == found.wrong_identity == 0
    assert found.right_marks > 0.97 * found.marks


@pytest.mark.parametrize("name", ["bo-2025", "truoc-2025", "tieu-hoc", "lop-a5", "tu-luan", "td-18-4-6"])
@pytest.mark.parametrize("kind", ["scan", "photo"])
def test_every_layout_is_read_from_scanner_and_phone(name, kind):
    layout = load_layout(name)
    found = outcome(layout, make_cases(layout, kind, 1, range(80, 82)))
    assert (found.right_marks, found.wrong_identity) == (found.marks, 0)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_the_way_round_does_not_matter(form, scans, turns):
    reading = read_page(np.ascontiguousarray(np.rot90(grey(scans[0]), turns)), form)
    assert {one.question: one.text for one in reading.answers} == scans[0].truth.answers


SPOILT = {
    "little contrast": lambda image: (image * 0.35 + 120).astype(np.uint8),
    "too dark": lambda image: (image * 0.35).astype(np.uint8),
    "hollow marks": lambda image: cv2.adaptiveThreshold(image, 255, 0, cv2.THRESH_BINARY, 25, 12),
    "75 dpi": lambda image: cv2.resize(image, None, fx=75 / 150, fy=75 / 150, interpolation=cv2.INTER_AREA),
    "turned by 12 degrees": lambda image: cv2.warpAffine(
        cv2.copyMakeBorder(image, 200, 200, 200, 200, cv2.BORDER_CONSTANT, value=30),
        cv2.getRotationMatrix2D((820, 1077), 12, 1.0),
        (1641, 2154),
        borderValue=30,
    ),
}


@pytest.mark.parametrize("how", SPOILT)
def test_spoilt_pictures_are_read_all_the_same(form, scans, how):
    case = scans[1]
    reading = read_page(SPOILT[how](cv2.resize(grey(case), (1241, 1754))), form)
    assert {one.question: one.text for one in reading.answers} == case.truth.answers
    assert reading.candidate.text == case.truth.candidate


def test_pencil_that_a_hard_threshold_took_away_is_asked_about(form):
    for case in make_cases(form, "scan", 1, range(60, 68)):
        hard = np.where(grey(case) < 120, 0, 255).astype(np.uint8)
        found = compare(read_page(hard, form), case.truth.candidate, case.truth.code, case.truth.answers)
        assert found.wrong_marks == found.wrong_identity == 0


def test_a_page_cut_by_the_feeder_is_found_by_the_marks_that_are_left(form):
    pdf = print_sheets(form, [PrintedSheet("00000007", "0101", "000001")])
    image = rendered(pdf)
    for part in (image[80:], image[:-80], image[:, :-75]):  # 13 mm: two corners and more are gone
        reading = read_page(np.ascontiguousarray(part), form)
        assert not reading.set_aside
        assert reading.candidate.text in {"00000007", ""}


@pytest.mark.parametrize("seed", [9009, 9016, 100068])
def test_a_page_that_lost_every_mark_of_one_edge_is_read_by_the_other_edge(form, seed):
    found = outcome(form, make_cases(form, "cropped", 3, [seed]))
    assert (found.set_aside, found.wrong_marks, found.wrong_identity) == (0, 0, 0)
    assert found.right_marks == found.marks


def test_eight_marks_that_agree_are_not_outvoted_by_four_on_a_page_upside_down():
    layout = load_layout("td-100-0-0")
    found = outcome(layout, make_cases(layout, "photo", 1, [100008]))
    assert (found.right_marks, found.review_sheets) == (100, 0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "severity", "set_aside"),
    [("scan", 1, 0), ("photo", 1, 0), ("damp", 2, 0), ("cropped", 3, 0)],  # severe crops take up to 15 mm
)
def test_many_sheets_hold_the_promised_accuracy(form, kind, severity, set_aside):
    found = outcome(form, make_cases(form, kind, severity, range(9000, 9060)))
    assert found.wrong_marks == found.wrong_identity == 0
    assert found.set_aside <= set_aside
    assert found.right_marks >= 0.995 * (found.marks - found.set_aside * len(form.questions))


def test_a_blank_page_a_foreign_page_and_an_other_form_are_set_aside_by_name(form):
    rng = np.random.default_rng(1)
    paper = np.clip(rng.normal(240, 3, (1754, 1241)), 0, 255).astype(np.uint8)
    printed = paper.copy()
    for line in range(200, 1500, 30):
        cv2.putText(printed, "Day la mot trang van ban khac", (100, line), 0, 0.8, 30, 2)
    other = load_layout("truoc-2025")
    case = next(make_cases(other, "scan", 1, [3]))
    flags = [read_page(image, form).flags for image in (paper, printed, grey(case))]
    assert flags == [("page:blank",), ("page:not_found",), ("page:other_layout",)]


def test_two_sheets_in_one_image_are_set_aside(form, scans):
    tall = [cv2.resize(grey(case), (1241, 1754)) for case in scans[:2]]
    assert read_page(np.hstack(tall), form).flags == ("page:two_sheets",)


def test_one_destroyed_corner_still_leaves_the_candidate_known(form):
    pdf = print_sheets(form, [PrintedSheet("00000007", "", "000001")])
    image = rendered(pdf)
    torn = image.copy()
    torn[: len(image) // 12, -len(image[0]) // 5 :] = 255
    reading = read_page(torn, form)
    assert reading.candidate.text == "00000007"
    assert "corner:1/2" in reading.flags


def rendered(pdf):
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        image = document[0].render(scale=150 / 72, grayscale=True).to_numpy()
        return image.reshape(image.shape[:2]).copy()


def paint(image, layout, field, value, grey_level=40):
    """Fill one bubble."""
    one = next(one for one in layout.fields if one.name == field)
    x, y = one.centres[one.values.index(value)]
    scale = image.shape[1] / layout.width
    cv2.circle(image, (round(x * scale), round(y * scale)), round(1.7 * scale), grey_level, -1)


def test_bubbles_that_contradict_the_corner_code_name_nobody(form):
    pdf = print_sheets(form, [PrintedSheet("00000007", "0101", "000001")])
    image = rendered(pdf)
    blank = print_sheets(form, [PrintedSheet("", "", "000001")])
    changed = rendered(blank)
    for column, digit in enumerate("00000008", 1):
        paint(changed, form, f"candidate#{column}", digit)
    for spot in form.codes:  # the corner codes of the one, the bubbles of the other
        scale = image.shape[1] / form.width
        (left, top), (right, low) = (
            [round((axis + way * (spot.size / 2 + 1)) * scale) for axis in spot.at] for way in (-1, 1)
        )
        changed[top:low, left:right] = image[top:low, left:right]
    reading = read_page(changed, form)
    assert reading.candidate.text == ""
    assert (reading.candidate.bubbles, reading.candidate.printed) == ("00000008", "00000007")
    assert "candidate:conflict" in reading.review


def test_a_blank_code_is_asked_for_and_never_invented(form):
    image = rendered(print_sheets(form, [PrintedSheet("", "", "000001")]))
    reading = read_page(image, form)
    assert (reading.candidate.text, reading.code.text) == ("", "")
    assert set(reading.review) == {"candidate:blank", "code:blank"}


def test_two_digits_in_a_column_leave_the_code_open_and_the_answers_untouched(form):
    image = rendered(print_sheets(form, [PrintedSheet("", "", "000001")]))
    for column, digit in enumerate("1234", 1):
        paint(image, form, f"code#{column}", digit)
    paint(image, form, "code#3", "8")
    paint(image, form, "I.1", "B")
    reading = read_page(image, form)
    assert (reading.code.text, reading.code.bubbles) == ("", "12?4")
    assert "code:unclear" in reading.review
    assert reading.answers[0].text == "B"
