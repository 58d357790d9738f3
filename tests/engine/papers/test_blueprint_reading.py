import io
import zipfile

import pytest
import xlsxwriter

from tests.engine.papers.blueprints import A, K, U
from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.blueprint import Cell
from thucchat.engine.papers.blueprint_reading import read_blueprint


def workbook(rows):
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Sheet1")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return memory.getvalue()


def test_an_older_form_with_levels_over_kinds_and_four_levels():
    rows = [
        ["PHÒNG GD&ĐT", "", ""],
        ["KHUNG MA TRẬN", "", ""],
        ["TT", "Chương/ chủ đề", "Nội dung/ đơn vị kiến thức", "Mức độ nhận thức", *[""] * 7, "Tổng % điểm"],
        ["", "", "", "Nhận biết", "", "Thông hiểu", "", "Vận dụng", "", "Vận dụng cao", "", ""],
        ["", "", "", *["TNKQ", "TL"] * 4, ""],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)", "(10)", "(11)", "(12)"],
        ["1", "Số thực", "Căn bậc hai", "4", "", 2, "", "", "1 (1,0đ)", "", "1 (0,5 điểm)", "30%"],
        ["", "", "Số vô tỉ", 3.0, "", "1 câu", "", "", "", "", "", "10"],
        ["Tổng", "", "", 7, "", 3, "", "", 1, "", 1, ""],
    ]
    blueprint = read_blueprint(workbook(rows))
    first, second = blueprint.lines

    assert (first.topic, first.content, second.topic, second.content) == (
        *("Số thực", "Căn bậc hai"),
        *("Số thực", "Số vô tỉ"),
    )
    essay = first.cells["essay", A]
    assert (essay.count, str(essay.points)) == (2, "1.5")
    assert {place: cell.count for place, cell in first.cells.items()} == {
        ("choice", K): 4,
        ("choice", U): 2,
        ("essay", A): 2,
    }
    assert second.cells == {("choice", K): Cell(3), ("choice", U): Cell(1)}
    assert (first.percent, second.percent) == (30, 10)


def test_outcomes_by_heading_and_by_verb():
    head = ["TT", "Chủ đề", "Nội dung", "Yêu cầu cần đạt", "TNKQ", "", "", "Tự luận", "", ""]
    levels = ["", "", "", "", "Biết", "Hiểu", "Vận dụng", "Biết", "Hiểu", "Vận dụng"]
    outcomes = "- Biết được tập hợp số.\n- Hiểu cách viết.\nVận dụng:\n+ Tính nhanh.\n+ Tính nhẩm."
    rows = [head, levels, [1, "Số", "Tập hợp", outcomes, "2 (TD)", 1, "", "", "", "1 (NL; 2đ)"]]

    [line] = read_blueprint(workbook(rows), title="x").lines

    assert line.outcomes == {
        K: ("Biết được tập hợp số.",),
        U: ("Hiểu cách viết.",),
        A: ("Tính nhanh.", "Tính nhẩm."),
    }
    assert line.cells["choice", K] == Cell(2, None, "TD")
    assert (line.cells["essay", A].competency, line.cells["essay", A].points) == ("NL", 2)


def bomb():
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(100_000_001))
    return memory.getvalue()


def test_cells_that_cannot_be_read_are_all_named():
    rows = [
        ["TT", "Nội dung", "TNKQ", "", ""],
        ["", "", "Biết", "Hiểu", "Vận dụng"],
        [1, "Bài 1", "hai", 1, "?"],
        [2, "Bài 2", 1, "1,5", ""],
    ]
    with pytest.raises(InvalidInput) as refusal:
        read_blueprint(workbook(rows))
    assert refusal.value.facts["cells"] == [
        "Sheet1, dòng 3, cột 3: “hai”.",
        "Sheet1, dòng 3, cột 5: “?”.",
        "Sheet1, dòng 4, cột 4: “1,5”.",
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file"),
        (b"PK\x03\x04 not a workbook", "file"),
        (workbook([["một", "hai"]]), "heading"),
        (workbook([["TT", "Nội dung", "Ghi chú"]]), "heading"),
        (workbook([["x"]] * 6000), "size"),
        (bomb(), "size"),
        (bytes(20_000_001), "size"),
    ],
)
def test_files_without_a_matrix_are_refused(content, code):
    with pytest.raises(InvalidInput) as refusal:
        read_blueprint(content)
    assert refusal.value.code == f"blueprint.{code}"
