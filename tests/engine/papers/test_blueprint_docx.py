import io
from dataclasses import replace

import pytest
from docx import Document

from tests.engine.papers.blueprints import example_a, example_b
from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.blueprint_docx import blueprint_to_docx
from thucchat.engine.papers.blueprint_plain import blueprint_as_plain, blueprint_from_plain
from thucchat.engine.papers.blueprint_reading import read_blueprint


@pytest.mark.parametrize("example", [example_a, example_b])
def test_a_blueprint_comes_back_from_word_as_it_was(example):
    blueprint = example()

    read = read_blueprint(blueprint_to_docx(blueprint))

    assert (read.title, read.lines) == (blueprint.title, blueprint.lines)


def test_merged_cells_of_a_teacher_s_own_table_are_read_as_in_a_workbook():
    document = Document()
    document.add_paragraph("MA TRẬN ĐỀ KIỂM TRA TOÁN 9")
    table = document.add_table(rows=4, cols=6)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "Chủ đề"
    table.cell(0, 1).merge(table.cell(1, 1)).text = "Nội dung"
    table.cell(0, 2).merge(table.cell(0, 3)).text = "Nhận biết"
    table.cell(0, 4).merge(table.cell(0, 5)).text = "Thông hiểu"
    for column, text in zip(range(2, 6), ["TN", "TL", "TN", "TL"], strict=True):
        table.cell(1, column).text = text
    table.cell(2, 0).merge(table.cell(3, 0)).text = "Hàm số"
    for row, values in ((2, ["Bậc nhất", "3", "", "1", ""]), (3, ["Bậc hai", "", "1 (1,5đ)", "2", ""])):
        for column, value in enumerate(values, 1):
            table.cell(row, column).text = value
    target = io.BytesIO()
    document.save(target)

    read = read_blueprint(target.getvalue())

    found = [
        (line.topic, line.content, {place: cell.count for place, cell in line.cells.items()})
        for line in read.lines
    ]
    assert read.title == "MA TRẬN ĐỀ KIỂM TRA TOÁN 9"
    assert found == [
        ("Hàm số", "Bậc nhất", {("choice", "Biết"): 3, ("choice", "Hiểu"): 1}),
        ("Hàm số", "Bậc hai", {("essay", "Biết"): 1, ("choice", "Hiểu"): 2}),
    ]


def test_a_word_file_without_a_matrix_is_refused_by_name():
    document, target = Document(), io.BytesIO()
    document.add_paragraph("Giấy mời họp")
    document.save(target)

    with pytest.raises(InvalidInput) as refusal:
        read_blueprint(target.getvalue())
    assert refusal.value.code == "blueprint.heading"


@pytest.mark.parametrize("example", [example_a, example_b])
def test_plain_values_keep_everything_but_sums(example):
    blueprint = example()

    assert blueprint_from_plain(blueprint_as_plain(blueprint)) == blueprint


@pytest.mark.parametrize("broken", [{}, {"title": "x", "worth": {}, "lines": [{}]}, [], None])
def test_other_values_are_no_blueprint(broken):
    with pytest.raises(InvalidInput) as refusal:
        blueprint_from_plain(broken)
    assert refusal.value.code == "blueprint.plain"


def test_a_plain_cell_of_no_known_place_is_refused():
    plain = blueprint_as_plain(replace(example_b()))
    plain["lines"][0]["cells"]["choice|Sáng tạo"] = {"count": 1, "points": None, "competency": ""}

    with pytest.raises(InvalidInput):
        blueprint_from_plain(plain)
