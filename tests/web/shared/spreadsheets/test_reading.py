import unicodedata
from datetime import date

import pytest

from tests.web.shared.spreadsheets.files import csv, old_workbook, workbook, workbook_of
from thucchat.web.shared.spreadsheets.model import Merge, letters_of
from thucchat.web.shared.spreadsheets.packing import pack, unpack
from thucchat.web.shared.spreadsheets.reading import read_spreadsheet


def cells_of(data: bytes) -> list[tuple]:
    return read_spreadsheet(data)[0].cells.rows()


def test_every_cell_is_text_as_it_was_meant():
    rows = [["012312000001", 12312000001, 37.5, 1.0, True, "  hai  chữ "]]

    assert cells_of(workbook(rows)) == [("012312000001", "12312000001", "37.5", "1", "true", "  hai  chữ ")]


def test_a_date_cell_reads_as_a_day_in_both_excel_formats():
    def in_book(book, page):
        page.write_datetime(0, 0, date(2014, 9, 5), book.add_format({"num_format": "dd/mm/yyyy"}))

    assert cells_of(workbook([], change=in_book)) == [("2014-09-05 00:00:00",)]
    import xlwt

    style = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    book = xlwt.Workbook()
    book.add_sheet("A").write(0, 0, date(2014, 9, 5), style)
    from io import BytesIO

    out = BytesIO()
    book.save(out)
    assert cells_of(out.getvalue()) == [("2014-09-05 00:00:00",)]


def test_empty_lines_and_columns_before_the_first_cell_keep_their_places():
    sheet = read_spreadsheet(workbook([[], [], [None, None, "x"]]))[0]

    assert sheet.cells.rows() == [(None, None, None), (None, None, None), (None, None, "x")]


def test_what_the_eye_does_not_see_is_told():
    def hide(book, page):
        page.set_row(2, None, None, {"hidden": True})
        page.set_column(1, 2, None, None, {"hidden": True})
        page.merge_range(3, 0, 5, 0, "gộp")
        page.write_formula(6, 1, "=1/0", None, "#DIV/0!")
        book.add_worksheet("Ẩn").hide()

    first, second = read_spreadsheet(workbook([["a", "b", "c"]], change=hide))

    assert first.hidden_rows == (2,)
    assert first.hidden_columns == (1, 2)
    assert first.merges == (Merge(3, 0, 5, 0),)
    assert first.failed == ("B7",)
    assert (first.is_hidden, second.is_hidden, second.name) == (False, True, "Ẩn")


def test_merged_cells_of_an_old_workbook_are_told():
    from io import BytesIO

    import xlwt

    book = xlwt.Workbook()
    book.add_sheet("A").write_merge(0, 0, 0, 3, "Tiêu đề")
    out = BytesIO()
    book.save(out)

    assert read_spreadsheet(out.getvalue())[0].merges == (Merge(0, 0, 0, 3),)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_files_are_split_whatever_their_separator_and_encoding(separator, encoding):
    rows = [["Họ và tên", "Lớp"], ["Lò Thị Mẫu", "6A1"]]

    assert cells_of(csv(rows, separator=separator, encoding=encoding)) == [tuple(row) for row in rows]


def test_a_text_file_may_have_titles_short_lines_and_quoted_line_breaks():
    data = 'DANH SÁCH\n\nHọ tên,Ngày sinh,Lớp\n"Lò Thị\nMẫu",05/09/2014\nVàng A,,6A,,\n'.encode()

    rows = cells_of(data)

    assert rows[0][0] == "DANH SÁCH"
    assert rows[-2][:3] == ("Lò Thị\nMẫu", "05/09/2014", None)
    assert rows[-1][:3] == ("Vàng A", None, "6A")


def test_excels_own_hint_of_the_separator_is_followed():
    assert cells_of("sep=;\nHọ tên;Lớp\nLò Thị Mẫu;6A,1\n".encode())[-1] == ("Lò Thị Mẫu", "6A,1")


def test_decomposed_letters_come_through_as_they_are():
    name = unicodedata.normalize("NFD", "Nguyễn")

    assert cells_of(workbook([[name]])) == [(name,)]


def test_every_sheet_is_read_in_order():
    sheets = read_spreadsheet(workbook_of({"6A": [["x"]], "6B": [["y"]]}))

    assert [(sheet.name, sheet.cells.item()) for sheet in sheets] == [("6A", "x"), ("6B", "y")]


def test_an_empty_sheet_has_no_cells():
    assert read_spreadsheet(workbook([]))[0].cells.height == 0


def test_sheets_survive_being_packed():
    sheets = read_spreadsheet(old_workbook([["a", 1.5], ["", "b"]]))

    again = unpack(pack(sheets))

    assert again[0].cells.equals(sheets[0].cells)
    assert again[0].merges == sheets[0].merges


@pytest.mark.parametrize(("place", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_named_as_in_the_sheet(place, name):
    assert letters_of(place) == name


def test_the_child_can_neither_open_files_nor_connect():
    import subprocess
    import sys

    program = (
        "import socket, thucchat.web.shared.spreadsheets.child as c\n"
        "c.warm_up(); c.limit_self()\n"
        "for act in (lambda: open('/etc/hostname'), socket.socket):\n"
        "    try:\n        act()\n    except OSError as error:\n        print(error.errno)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["24", "24"]
