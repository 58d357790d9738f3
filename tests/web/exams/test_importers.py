from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from tests.web.exams.files import csv
from thucchat.engine.errors import InvalidInput
from thucchat.web.exams.importers.national import read_national
from thucchat.web.exams.importers.results import read_results
from thucchat.web.shared.spreadsheets.model import Merge, Sheet
from thucchat.web.shared.spreadsheets.reading import read_spreadsheet


def results_of(data: bytes, *, is_graduation: bool = False):
    return read_results(read_spreadsheet(data), is_graduation=is_graduation)


def messages(parsed) -> list[tuple[int, str, str]]:
    return [tuple(row) for row in parsed.problems.select("line", "column", "message").iter_rows()]


def test_scores_are_whole_hundredths_and_each_absence_keeps_its_kind():
    parsed = results_of(csv("sbd;toan;van", '01;"7,25";v', "02;0;m", "03;;hủy", "04;10;"))

    assert parsed.subjects == ("toan", "van")
    assert parsed.rows.select("sbd", "toan", "van").rows() == [
        ("01", 725, -1),
        ("02", 0, -2),
        ("03", None, -3),
        ("04", 1000, None),
    ]
    assert parsed.problems.is_empty()


def test_a_bad_cell_is_named_by_line_column_and_value():
    parsed = results_of(csv("sbd,toan,van", "01,7,tám", "02,10.5,6"))

    assert [(line, column) for line, column, _ in messages(parsed)] == [(2, "C (van)"), (3, "B (toan)")]
    assert "“tám” không phải điểm từ 0 đến 10" in messages(parsed)[0][2]
    assert parsed.problems["is_error"].all()


def test_a_repeated_number_and_a_missing_one_are_errors():
    parsed = results_of(csv("sbd,toan", "01,7", "01,8", ",9"))

    assert [message for _, _, message in messages(parsed)] == [
        "Số báo danh 01 đã có ở dòng 2; mỗi thí sinh chỉ một dòng.",
        "Dòng có điểm nhưng thiếu số báo danh; hãy điền hoặc bỏ dòng.",
    ]


def test_a_graduation_number_gets_back_the_zero_that_excel_dropped():
    assert results_of(csv("sbd,toan", "7000001,7"), is_graduation=True).rows["sbd"].to_list() == ["07000001"]
    assert results_of(csv("sbd,toan", "7000001,7")).rows["sbd"].to_list() == ["7000001"]


def test_titles_above_two_rows_of_headings_and_notes_below_are_passed_over():
    cells = [
        ("SỞ GIÁO DỤC VÀ ĐÀO TẠO", None, None, None, None),
        ("STT", "SBD", "Tên trường", "Điểm thi", None),
        (None, None, None, "Toán", "Ngữ văn"),
        (None, None, None, "(HS 1)", "(HS 1)"),
        ("1", "05", "THCS 1", "7.5", "8"),
    ]
    frame = pl.DataFrame(cells, schema=[str(place) for place in range(5)], orient="row")
    merges = (Merge(1, 1, 2, 1), Merge(1, 2, 2, 2), Merge(1, 3, 1, 4))

    parsed = read_results([Sheet("Phòng 1", frame, merges)], is_graduation=False)

    row = parsed.rows.select("line", "sbd", "school_name", "toan", "van").row(0)
    assert row == (5, "05", "THCS 1", 750, 800)


def test_every_visible_sheet_is_read(tmp_path: Path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for room, (subject, score) in enumerate((("Toán", 7), ("Văn", 8.25))):
            sheet = book.add_worksheet(f"Phòng {room}")
            sheet.write_row(0, 0, ["SBD", subject])
            sheet.write_row(1, 0, [room + 1, score])

    parsed = results_of(path.read_bytes())

    assert parsed.rows.select("sheet", "sbd", "toan", "van").rows() == [
        ("Phòng 0", "1", 700, None),
        ("Phòng 1", "2", None, 825),
    ]


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("ho ten,toan,van", "column.candidate"),
        ("sbd,Tiếng Anh,Ngoại ngữ", "column.subject_twice"),
        ("a,b,c", "table.missing"),
        ("sbd,toan,toan", "column.duplicate"),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused(heading, code):
    with pytest.raises(InvalidInput) as refusal:
        results_of(csv(heading, "1,7,8"))
    assert refusal.value.code == code


def test_national_means_are_read_and_bad_ones_named():
    data = csv("Năm;Tỉnh;Môn;Số bài;Điểm TB", "2024;A;Toán;10;6,5", "2024;B;Toán;0;", "2024;C;Toán;x;11")
    rows, _, problems = read_national(read_spreadsheet(data))

    assert rows.filter(pl.col("province") != "C").rows() == [(2024, "A", "Toán", 10, 6.5)]
    assert problems["message"].to_list() == ["“x” không phải số bài.", "“11” không phải điểm từ 0 đến 10."]


def test_two_national_lines_of_one_subject_are_an_error():
    data = csv("year,province,subject,count,mean", "2024,A,Toan,10,6", "2024,A,Toan,11,7")

    _, _, problems = read_national(read_spreadsheet(data))

    assert problems["message"].unique().to_list() == ["Có nhiều dòng cho A, môn Toan; hãy giữ một dòng."]
