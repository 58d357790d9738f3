import csv
import io
from datetime import date

import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st

from thucchat.web.shared.spreadsheets.reading import read_spreadsheet
from thucchat.web.shared.spreadsheets.writing import Form, List, is_live, plain, write_list

LIVE = [
    "=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x", " =1",
    '"=1', "'=1", " ' +1",
    "−1", "\n=1",
]  # fmt: skip
CALM = ["Lò Thị Mẫu", "Bản Phủ - xã 2", "1-2", "a=b", "6A1", "0123", "", "H'Mông", "x@y.vn"]


def cells_of(data: bytes) -> list[list[object]]:
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def test_texts_stay_texts_numbers_numbers_and_days_days_in_excel():
    rows = [["=1+1", "012312000001", -3, 7.25, date(2014, 9, 5), None, "https://x.vn"]]

    written = cells_of(write_list(List("Thử", list("abcdefg"), rows), Form.XLSX))

    assert written[1] == ["=1+1", "012312000001", -3.0, 7.25, date(2014, 9, 5), "", "https://x.vn"]


@pytest.mark.parametrize("text", LIVE)
def test_what_a_program_might_run_is_marked_as_text_in_csv(text):
    data = write_list(List("Thử", ["a"], [[text]]), Form.CSV).decode("utf-8-sig")

    assert is_live(text)
    assert next(csv.reader([data.split("\r\n", 1)[1]]))[0].startswith("'")


@pytest.mark.parametrize("text", CALM)
def test_other_text_is_not_touched(text):
    assert not is_live(text)
    data = write_list(List("Thử", ["a", "b"], [[text, "x"]]), Form.CSV).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(data)))[1] == [text, "x"]


def test_negative_numbers_and_days_are_plain_in_csv():
    data = write_list(List("Thử", ["a", "b"], [[-3, date(2014, 9, 5)]]), Form.CSV)

    assert data == b"\xef\xbb\xbfa,b\r\n-3,05/09/2014\r\n"


@given(st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_any_text_comes_back_from_excel_as_it_went(texts):
    kept = [plain(text) for text in texts]

    written = cells_of(write_list(List("Thử", ["a"] * (len(texts) + 1), [["neo", *texts]]), Form.XLSX))

    assert [str(cell).replace("\r\n", "\n").replace("\r", "\n") for cell in written[1][1:]] == [
        text.replace("\r\n", "\n").replace("\r", "\n") for text in kept
    ]


@given(st.text(alphabet="=+-@\t\r\n\x00 '\"＝＋－＠a1", max_size=12))
def test_no_csv_cell_begins_as_a_formula(text):
    data = write_list(List("Thử", ["a", "b"], [[text, "x"]]), Form.CSV).decode("utf-8-sig")

    cell = next(csv.reader(io.StringIO(data.split("\r\n", 1)[1], newline="")))[0]

    assert not cell or not is_live(cell) or cell.startswith("'")
    assert "\x00" not in cell


def test_what_is_exported_can_be_read_again():
    rows = [["Họ và tên", "Ghi chú"], ["Lò Thị Mẫu", "=1"]]

    xlsx, text = (write_list(List("Thử", rows[0], rows[1:]), form) for form in Form)

    assert read_spreadsheet(xlsx)[0].cells.rows() == [tuple(row) for row in rows]
    assert read_spreadsheet(text)[0].cells.rows()[1] == ("Lò Thị Mẫu", "'=1")
