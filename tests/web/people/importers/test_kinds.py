import pytest

from tests.web.people.importers.test_tables import only, read
from tests.web.shared.spreadsheets.files import csv, workbook
from thucchat.web.people.importers.kinds import KINDS


@pytest.mark.parametrize(
    ("text", "share"), [("0,5", 0.5), ("0.25", 0.25), ("50%", 0.5), ("33,3 %", 0.333), ("1", 1.0), (0.5, 0.5)]
)
def test_shares_are_read_with_comma_point_or_percent(text, share):
    parsed = read(
        workbook([["Lớp", "Môn", "Giáo viên", "Phần"], ["6A1", "Toán", "Lò Thị Mẫu", text]]),
        KINDS["assignments"],
    )

    assert parsed.rows["share"].item() == share


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("Phó hiệu trưởng", "vice"),
        ("HIỆU TRƯỞNG", "principal"),
        ("Giáo viên THCS hạng II", "teacher"),
        ("Tổ trưởng chuyên môn", "teacher"),
        ("Nhân viên thư viện", "clerk"),
        ("Chuyên viên phòng", "officer"),
    ],
)
def test_positions_are_known_by_the_words_of_the_ministrys_list(text, position):
    rows = [
        ["Mã cán bộ", "Mã định danh (Bộ GD&ĐT)", "Họ tên", "Ngày sinh", "Giới tính", "Vị trí việc làm"],
        ["cb1", "1100900001", "Lò Thị Mẫu", "05/09/1984", "Nữ", text],
    ]

    row = only(read(workbook(rows), KINDS["staff"]))

    assert (row["position"], row["code"]) == (position, "1100900001")


def test_the_grade_is_told_by_the_name_of_the_class():
    parsed = read(csv([["Tên lớp", "Giáo viên chủ nhiệm"], ["10A1", "Lò Thị Mẫu"]]), KINDS["classes"])

    assert parsed.rows["grade"].item() == 10
