import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from thucchat.engine.documents.tree import Appendix, Centred, Column, Document, Letterhead, Paragraph, Table
from thucchat.engine.documents.xlsx import to_xlsx

HEAD = Letterhead("", "Sở Y", "", "", date(2025, 2, 3), "Báo cáo", "Kết quả")


def sheets(*tables, body=()):
    content = to_xlsx(Document(HEAD, (*body, *tables)))
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_numbers_are_numbers_and_texts_are_texts():
    table = Table(
        "Bảng một", "Một", (Column("Môn"), Column("TB", 2), Column("Số bài", 0)), (("07", 6.125, 3),)
    )

    assert sheets(table)["Một"][:3] == [["Bảng một", "", ""], ["Môn", "TB", "Số bài"], ["07", 6.125, 3.0]]


@pytest.mark.parametrize("text", ["=1+1", "+84", "@SUM(A1)", "http://x.vn", "{=A1}"])
def test_no_text_becomes_a_formula_or_a_link(text):
    table = Table(text, "Một", (Column("Ghi chú"),), ((text,),), text)

    content = to_xlsx(Document(HEAD, (Paragraph(text), table)))

    cells = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Một").to_python()
    assert cells == [[text], ["Ghi chú"], [text], [text]]
    assert b"hyperlink" not in content


def test_an_absent_value_is_an_empty_cell():
    assert sheets(Table("T", "Một", (Column("A"), Column("B", 2)), (("x", None),)))["Một"][2] == ["x", ""]


def test_sheet_names_are_legal_and_different():
    columns, rows = (Column("A"),), (("x",),)
    names = list(sheets(*(Table("T", name, columns, rows) for name in ("Một/hai", "Một/hai", "m" * 60))))

    assert names == ["Báo cáo", "Một hai", "Một hai 2", "m" * 28]


def test_the_first_sheet_holds_the_texts():
    assert sheets(body=(Paragraph("Nội dung."),))["Báo cáo"] == [
        ["Sở Y"],
        ["Báo cáo"],
        ["Kết quả"],
        ["Nội dung."],
    ]


def test_the_first_sheet_holds_the_texts_of_appendices_too():
    appendix = Appendix("Phụ lục", "Danh sách", "Kèm theo", (Centred("Chú ý"),))
    content = to_xlsx(Document(HEAD, (), appendices=(appendix,)))

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))

    assert book.get_sheet_by_name("Báo cáo").to_python()[-1] == ["Chú ý"]


def test_equal_documents_are_equal_files():
    document = Document(HEAD, (Paragraph("Nội dung."),))

    assert to_xlsx(document) == to_xlsx(document)
