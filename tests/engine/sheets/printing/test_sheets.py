import pypdfium2
import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.layout_files import layout_names, load_layout
from thucchat.engine.sheets.printing.sheets import PrintedSheet, blank_form, print_sheets
from thucchat.engine.sheets.reading.page import read_page


def render(pdf, page=0, dpi=150):
    with pypdfium2.PdfDocument(pdf) as document:
        image = document[page].render(scale=dpi / 72, grayscale=True).to_numpy()
        return image.reshape(image.shape[:2]).copy()


@pytest.mark.parametrize("name", layout_names())
def test_a_pre_filled_sheet_of_every_layout_reads_back_as_printed(name):
    layout = load_layout(name)
    candidate = "0123456789"[: layout.digits("candidate") or 8]
    code = "9876"[: layout.digits("code")]
    pdf = print_sheets(layout, [PrintedSheet(candidate, code, "000042")])
    reading = read_page(render(pdf), layout)
    assert (reading.candidate.text, reading.code.text, reading.serial) == (candidate, code, "000042")
    assert {one.text for one in reading.answers} == {""}
    assert reading.review == ()


def test_pages_come_in_the_order_given_with_their_own_numbers(form):
    sheets = [PrintedSheet(f"{place:08d}", "0101", f"{place:06d}") for place in (7, 3, 5)]
    pdf = print_sheets(form, sheets)
    assert [read_page(render(pdf, page), form).candidate.text for page in range(3)] == [
        "00000007",
        "00000003",
        "00000005",
    ]


def test_the_part_of_an_essay_cover_that_stays_carries_no_candidate():
    layout = load_layout("tu-luan")
    pdf = print_sheets(layout, [PrintedSheet("12345678", "", "000777", {"name": "Nguyễn Văn A"})])
    page = render(pdf)
    lower = page.copy()
    lower[: round(107 / 297 * len(page))] = 255
    reading = read_page(lower, layout)
    assert reading.candidate.text == reading.candidate.printed == ""
    assert reading.serial == "000777"


def test_a_candidate_number_of_the_wrong_length_is_refused(form):
    with pytest.raises(InvalidInput, match="“123” phải gồm đúng 8 chữ số"):
        print_sheets(form, [PrintedSheet("123", "0101", "1")])


def test_no_sheet_at_all_is_refused(form):
    with pytest.raises(InvalidInput, match="Không có phiếu"):
        print_sheets(form, [])


def test_a_blank_form_has_one_page_of_the_layout_size():
    layout = load_layout("lop-a5")
    with pypdfium2.PdfDocument(blank_form(layout)) as document:
        assert len(document) == 1
        assert document[0].get_size() == pytest.approx((148 / 25.4 * 72, 210 / 25.4 * 72), abs=0.5)
