import unicodedata
from datetime import date, datetime

import pytest

from tests.web.shared.spreadsheets.files import csv, old_workbook, workbook, workbook_of
from tests.web.shared.spreadsheets.test_fonts import in_tcvn3, in_vni, in_windows
from thucchat.web.people.importers.kinds import KINDS
from thucchat.web.people.importers.tables import columns_seen, is_sure, read_list, shown
from thucchat.web.shared.spreadsheets.reading import read_spreadsheet

TODAY = date(2026, 11, 22)
PUPILS = KINDS["pupils"]
MINISTRY = [
    "STT",
    "Mã định danh Bộ GD&ĐT",
    "Họ tên",
    "Ngày sinh",
    "Giới tính",
    "Dân tộc",
    "Trạng thái",
    "SĐT liên hệ",
    "Nơi sinh chi tiết",
    "Chỗ ở hiện nay",
    "Lớp học",
    "Khối học",
    "Số định danh cá nhân",
]
LO = [
    1,
    "1100000001",
    "Lò Thị Mẫu",
    "05/09/2014",
    "Nữ",
    "Thái",
    "Đang học",
    "0912",
    "Xã Mẫu",
    "Bản Mẫu",
    "6A1",
    6,
    "011314000001",
]
SHORT = ["Mã học sinh", "Họ và tên", "Ngày sinh", "Giới tính", "Lớp"]
MAU = ["1100000001", "Lò Thị Mẫu", "05/09/2014", "Nữ", "6A1"]


def read(data: bytes, kind=PUPILS, chosen=None):
    return read_list(kind, read_spreadsheet(data), chosen or {}, TODAY)


def told(parsed) -> list[tuple]:
    problems = shown(parsed.problems, parsed.places)
    return problems.select("sheet", "line", "column", "value", "code").rows()


def only(parsed) -> dict:
    assert not parsed.problems["is_error"].any(), parsed.problems.rows()
    (row,) = parsed.rows.to_dicts()
    return row


def changed(**values) -> list:
    """The row MAU with some cells changed, by heading place."""
    row = list(MAU)
    for place, value in values.items():
        row[int(place[1:])] = value
    return row


def merge_heading(book, page):
    page.merge_range(0, 0, 0, 4, "SỞ GIÁO DỤC VÀ ĐÀO TẠO")
    page.merge_range(1, 0, 1, 4, "DANH SÁCH HỌC SINH LỚP 6A1")


def split_name(book, page):
    for place, heading in ((0, "Mã học sinh"), (3, "Ngày sinh"), (4, "Giới tính"), (5, "Lớp")):
        page.merge_range(0, place, 1, place, heading)
    page.merge_range(0, 1, 0, 2, "Họ và tên")
    page.write_row(1, 1, ["Họ đệm", "Tên"])


def wide_name(book, page):
    page.merge_range(0, 1, 0, 2, "Họ và tên")


def merged_down(book, page):
    page.merge_range(1, 4, 3, 4, "6A1")


HONEST = {
    "the ministry's list": workbook([["DANH SÁCH HỌC SINH LỚP 6A1"], [], MINISTRY, LO]),
    "our template": workbook(
        [
            [field.label for field in PUPILS.fields if field.example],
            [field.example for field in PUPILS.fields if field.example],
        ]
    ),
    "vnEdu's marks, in the old format, with a second heading row": old_workbook(
        [
            ["BẢNG TỔNG HỢP KẾT QUẢ GIÁO DỤC HỌC KỲ 2, NĂM HỌC 2025 - 2026"],
            ["Khối 6 - Lớp 6A1 - (Học kỳ 2)"],
            [],
            [],
            [],
            ["STT", "Mã học sinh", "Số định danh cá nhân", "Họ và tên", "Ngày sinh", "Toán", "Giới tính"],
            ["", "", "", "", "", "(HS 1)", ""],
            [1, "1100000001", "011314000001", "Lò Thị Mẫu", "05/09/2014", 7.5, "Nữ"],
        ],
        "6A1",
    ),
    "SMAS-like, the class as the sheet's name": workbook(
        [["Danh sách"], ["TT", "Mã HS", "Họ tên học sinh", "Ngày sinh", "Giới tính"], [1, *MAU[:4]]],
        sheet="6A1",
    ),
    "merged titles above": workbook([[], [], SHORT[:4], MAU[:4]], change=merge_heading),
    "the name in two merged columns with headings below": workbook(
        [[], [], ["1100000001", "Lò Thị", "Mẫu", "05/09/2014", "Nữ", "6A1"]], change=split_name
    ),
    "the name in two columns under one heading": workbook(
        [
            ["Mã học sinh", None, None, "Ngày sinh", "Giới tính", "Lớp"],
            ["1100000001", "Lò Thị", "Mẫu", "05/09/2014", "Nữ", "6A1"],
        ],
        change=wide_name,
    ),
    "first and last names apart": csv(
        [
            ["Mã học sinh", "Họ đệm", "Tên", "Ngày sinh", "Giới tính", "Lớp"],
            ["1100000001", "Lò Thị", "Mẫu", "05/09/2014", "Nữ", "6A1"],
        ]
    ),
    "girls ticked": csv(
        [
            ["Mã học sinh", "Họ và tên", "Ngày sinh", "Nữ", "Lớp"],
            ["1100000001", "Lò Thị Mẫu", "05/09/2014", "x", "6A1"],
        ]
    ),
    "headings with line breaks, stars and blanks": workbook(
        [["Mã học  sinh (*)", "Họ và\ntên *", "NGÀY SINH", "Giới tính:", " Lớp "], MAU]
    ),
    "column numbers under the heading": workbook([SHORT, [1, 2, 3, 4, 5], MAU]),
    "column numbers in brackets": workbook([SHORT, ["(1)", "(2)", "(3)", "(4)", "(5)"], MAU]),
    "the heading again on the next page": workbook([SHORT, MAU, SHORT]),
    "numbered lines without anybody": workbook([["STT", *SHORT], [1, *MAU], [2], [3]]),
    "a total and signatures below": workbook(
        [SHORT, MAU, ["Tổng số: 1 học sinh"], [None, None, None, None, "Hiệu trưởng"]]
    ),
    "a date as Excel's number": workbook([SHORT, changed(c2=41887)]),
    "a date as Excel's number in text": workbook([SHORT, changed(c2="41887")]),
    "a date with dashes": workbook([SHORT, changed(c2="5-9-2014")]),
    "a date with dots and blanks": workbook([SHORT, changed(c2="5 . 9 . 2014")]),
    "a date the other way round": workbook([SHORT, changed(c2="2014-09-05")]),
    "the code as a number": workbook([SHORT, changed(c0=1100000001)]),
    "decomposed letters": workbook(
        [
            [unicodedata.normalize("NFD", text) for text in SHORT],
            [unicodedata.normalize("NFD", text) for text in MAU],
        ]
    ),
    "TCVN3 letters": workbook([SHORT, changed(c1=in_tcvn3("Lò Thị Mẫu"))]),
    "VNI letters": workbook([SHORT, changed(c1=in_vni("Lò Thị Mẫu"))]),
    "Windows-1258 letters in a text file": "\n".join(
        ";".join(map(in_windows, row))
        for row in (["Mã học sinh", "Họ và tên", "Ngày sinh", "Giới tính", "Lớp"], MAU)
    ).encode("latin-1"),
    "blanks that do not show": workbook([SHORT, changed(c1="\u00a0Lò\u200b  Thị\u00a0Mẫu ")]),
    "a name in capitals": workbook([SHORT, changed(c1="LÒ THỊ MẪU")]),
    "the class spelled out": workbook([SHORT, changed(c4="Lớp 6a1")]),
    "the class with a blank": workbook([SHORT, changed(c4="6 A1")]),
    "text marked by an export": csv([SHORT, MAU]),
    "columns nobody asked for": workbook([[*SHORT, "Ghi chú", "Ghi chú"], [*MAU, "a", "b"]]),
    "empty lines between": workbook([[], [], SHORT, [], MAU, []]),
    "a table away from the corner": workbook([[], [], [None, None, *SHORT], [None, None, *MAU]]),
    "separated by semicolons": csv([SHORT, MAU], separator=";"),
    "UTF-16 from an old Excel": csv([SHORT, MAU], separator="\t", encoding="utf-16"),
}


@pytest.mark.parametrize("data", HONEST.values(), ids=HONEST)
def test_an_odd_but_honest_file_gives_its_pupil(data):
    row = only(read(data))

    assert (row["code"], row["full_name"], row["born_on"], row["sex"], row["class_name"]) == (
        "1100000001",
        "Lò Thị Mẫu",
        date(2014, 9, 5),
        "02",
        "6A1",
    )


WRONG = {
    "a day that does not exist": (changed(c2="31/02/2014"), "C (ngày sinh)", "31/02/2014", "date.invalid"),
    "a year of two digits": (changed(c2="05/09/14"), "C (ngày sinh)", "05/09/14", "date.invalid"),
    "only a year": (changed(c2="2014"), "C (ngày sinh)", "2014", "date.invalid"),
    "a number that is no day": (changed(c2=70000), "C (ngày sinh)", "70000", "date.invalid"),
    "a day to come": (changed(c2="05/09/2044"), "C (ngày sinh)", "2044-09-05", "date.range"),
    "another sex": (changed(c3="khác"), "D (giới tính)", "khác", "value.unknown"),
    "no name": (changed(c1=None), "B (họ và tên)", None, "cell.missing"),
    "a name of signs": (changed(c1="???"), "B (họ và tên)", "???", "name.invalid"),
    "a code in scientific notation": (changed(c0="1,1E+09"), "A (mã học sinh)", "1,1E+09", "code.invalid"),
    "no class": (changed(c4=None), "E (lớp)", None, "cell.missing"),
    "a class too long": (changed(c4="Lớp " + "x" * 30), "E (lớp)", "Lớp " + "x" * 30, "class.invalid"),
}


@pytest.mark.parametrize(("row", "column", "value", "code"), WRONG.values(), ids=WRONG)
def test_a_bad_cell_is_told_by_sheet_line_column_and_value(row, column, value, code):
    parsed = read(workbook([SHORT, MAU, row], sheet="Khối 6"))

    assert ("Khối 6", 3, column, value, code) in told(parsed)
    assert parsed.problems["is_error"].any()


def test_every_error_of_every_line_is_told_at_once():
    bad = ["1,1E+09", "???", "31/02/2014", "khác", None]
    parsed = read(workbook([SHORT, bad, MAU, bad]))

    assert parsed.problems.filter("is_error").group_by("line").len().sort("line").rows() == [(2, 5), (4, 5)]


@pytest.mark.parametrize(
    ("given", "read_as"),
    [("11314000001", "011314000001"), (11314000001, "011314000001"), ("011 314 000 001", "011314000001")],
)
def test_a_personal_id_gets_back_the_zero_that_excel_dropped(given, read_as):
    row = only(read(workbook([[*SHORT, "Số CCCD"], [*MAU, given]])))

    assert row["personal_id"] == read_as


@pytest.mark.parametrize("given", ["123456789", "1.23E+11", "01131400000", "0113140000011", "abc"])
def test_what_cannot_be_a_personal_id_is_an_error(given):
    parsed = read(workbook([[*SHORT, "Số CCCD"], [*MAU, given]]))

    if given == "01131400000":  # eleven digits: Excel dropped the first
        assert parsed.rows["personal_id"].item() == "001131400000"
    else:
        assert told(parsed)[0][2:] == ("F (số cccd)", given, "id.invalid")


def test_an_id_that_tells_another_sex_or_year_is_only_a_warning():
    parsed = read(workbook([[*SHORT, "Số CCCD"], [*MAU, "011213000001"]]))

    assert {row[-1] for row in told(parsed)} == {"id.sex", "id.year"}
    assert not parsed.problems["is_error"].any()


@pytest.mark.parametrize(
    ("spelling", "code"),
    [("H'Mông", "08"), ("mông", "08"), ("KHƠ MÚ", "29"), ("03", "03"), ("Dân tộc Thái", "03")],
)
def test_ethnic_groups_are_known_by_their_usual_spellings(spelling, code):
    assert only(read(workbook([[*SHORT, "Dân tộc"], [*MAU, spelling]])))["ethnic"] == code


def test_a_repeated_code_is_told_where_it_stood_first():
    parsed = read(workbook_of({"6A1": [SHORT, MAU], "6A2": [SHORT, [*MAU[:4], "6A2"]]}))

    assert told(parsed) == [("6A2", 2, "A (mã học sinh)", "1100000001", "row.twice")]
    assert "trang “6A1”, dòng 2" in parsed.problems["message"].item()


def test_two_pupils_alike_without_codes_must_be_told_apart():
    parsed = read(workbook([SHORT[1:], MAU[1:], MAU[1:]]))

    assert [row[1::3] for row in told(parsed)] == [(2, "row.alike"), (3, "row.alike")]


def test_each_sheet_is_a_class_and_hidden_ones_are_told():
    def hide(book, page):
        hidden = book.add_worksheet("6A9")
        hidden.write_row(0, 0, SHORT[:4])
        hidden.hide()

    parsed = read(workbook([SHORT[:4], MAU[:4]], sheet="6A1", change=hide))

    assert parsed.rows["class_name"].to_list() == ["6A1"]
    assert told(parsed) == [("6A9", 1, "", None, "sheet.hidden")]


def test_hidden_lines_and_columns_are_read_but_told():
    def hide(book, page):
        page.set_row(2, None, None, {"hidden": True})
        page.set_column(2, 2, None, None, {"hidden": True})

    second = ["1100000002", *MAU[1:]]
    parsed = read(workbook([SHORT, MAU, second], change=hide))

    assert parsed.rows.height == 2
    assert [row[-1] for row in told(parsed)] == ["column.hidden", "row.hidden"]


def test_a_cell_in_error_is_an_error():
    parsed = read(
        workbook([SHORT, MAU], change=lambda _, page: page.write_formula(1, 2, "=1/0", None, "#DIV/0!"))
    )

    assert ("DS", 2, "C (ngày sinh)", None, "cell.failed") in told(parsed)


def test_a_class_merged_over_its_pupils_counts_for_each():
    rows = [
        SHORT,
        *(["110000000" + str(n), f"Lò Thị {name}", "05/09/2014", "Nữ"] for n, name in enumerate("ABC")),
    ]

    parsed = read(workbook(rows, change=merged_down))

    assert parsed.rows["class_name"].to_list() == ["6A1"] * 3


def test_lines_that_are_no_rows_are_told_once():
    parsed = read(workbook([SHORT, MAU, ["Tổng số: 1"], [None, "Người lập"]]))

    assert told(parsed) == [("DS", 3, "", None, "row.skipped")]
    assert parsed.problems["message"].item().startswith("Dòng 3, 4 không phải dòng dữ liệu")


def test_a_file_without_a_table_says_so():
    parsed = read(workbook([["chỉ một ô"]]))

    assert told(parsed) == [("DS", 1, "", None, "table.missing")]
    assert parsed.rows.height == 0


def test_a_missing_column_is_told_once_not_for_every_line():
    parsed = read(
        workbook([["Mã học sinh", "Họ và tên", "Lớp"], ["1", "Lò Thị Mẫu", "6A1"], ["2", "Vàng A Dế", "6A1"]])
    )

    missing = [row for row in told(parsed) if row[-1] == "column.missing"]
    assert len(missing) == 2


def test_headings_without_accents_are_only_guessed():
    sheets = read_spreadsheet(workbook([["Ma hoc sinh", "Ho va ten", "Ngay sinh"], MAU[:3]]))

    columns = columns_seen(PUPILS, sheets, {})

    assert [column.guess for column in columns] == ["code", "full_name", "born_on"]
    assert not is_sure(PUPILS, columns)


def test_what_a_person_chose_goes_before_what_we_know():
    data = workbook([["Mã", "Học trò", "Sinh", "Phái", "Lớp", "Ghi chú"], [*MAU, "x"]])
    chosen = {
        "mã": "code",
        "học trò": "full_name",
        "sinh": "born_on",
        "phái": "sex",
        "lớp": "class_name",
        "ghi chú": "",
    }

    assert only(read(data, chosen=chosen))["full_name"] == "Lò Thị Mẫu"


def test_a_date_cell_with_a_time_of_day_is_not_a_birth_date():
    def stamp(book, page):
        page.write_datetime(
            1,
            2,
            datetime(2014, 9, 5, 13, 30, tzinfo=None),  # noqa: DTZ001  a cell knows no zone
            book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        )

    assert told(read(workbook([SHORT, MAU], change=stamp)))[0][-1] == "date.invalid"
