import io
from datetime import date

import docx
import pytest

from thucchat.engine.documents.charts import histogram
from thucchat.engine.documents.docx import to_docx
from thucchat.engine.documents.tree import (
    Appendix,
    Centred,
    Column,
    Document,
    Figure,
    Heading,
    Letterhead,
    Paragraph,
    Signature,
    Table,
)

HEAD = Letterhead(
    "UBND tỉnh X", "Sở Y", "Số: 05/BC-SGDĐT", "Điện Biên", date(2025, 2, 3), "Báo cáo", "Kết quả"
)
TABLE = Table("Bảng", "Bảng", (Column("Môn"), Column("TB", 2)), (("Toán", 6.125), ("=Sử", None)))


def opened(document):
    return docx.Document(io.BytesIO(to_docx(document)))


def test_the_page_is_that_of_an_administrative_document():
    section = opened(Document(HEAD, ())).sections[0]

    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(length.mm) for length in margins] == [20, 20, 30, 15]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml


def test_the_head_and_foot_stand_in_two_columns():
    word = opened(Document(HEAD, (), ("Lưu: VT",), (Signature(("Giám đốc",), "Nguyễn Văn A"),)))

    head, foot = word.tables
    assert head.cell(0, 0).text.split("\n")[:2] == ["UBND TỈNH X", "SỞ Y"]
    assert "ngày 03 tháng 02 năm 2025" in head.cell(0, 1).text
    assert foot.cell(0, 0).text == "Nơi nhận:\n- Lưu: VT"
    assert foot.cell(0, 1).text.split() == ["GIÁM", "ĐỐC", "Nguyễn", "Văn", "A"]


def test_several_sign_side_by_side_above_the_recipients():
    signatures = (Signature(("Thư kí",), "Bà B"), Signature(("Chủ trì",), "Ông A"))

    body = (Paragraph("Đầu."), Paragraph("Hết."), Paragraph("Mã nội dung: ab", small=True))
    word = opened(Document(HEAD, body, ("Lưu: VT",), signatures))

    assert [cell.text.split("\n")[0] for cell in word.tables[-1].rows[0].cells] == ["THƯ KÍ", "CHỦ TRÌ"]
    assert [paragraph.text for paragraph in word.paragraphs[-2:]] == ["Nơi nhận:", "- Lưu: VT"]
    kept = [paragraph.text for paragraph in word.paragraphs if paragraph.paragraph_format.keep_with_next]
    assert kept == ["Hết.", "Mã nội dung: ab"]


def test_an_appendix_follows_the_signature_on_its_own_page():
    appendix = Appendix("Phụ lục I", "Danh sách", "Kèm theo Quyết định số 05", (TABLE,))
    document = Document(HEAD, (Centred("QUYẾT ĐỊNH:"),), (), (Signature(("Giám đốc",)),), (appendix,))

    word = opened(document)

    texts = [paragraph.text for paragraph in word.paragraphs]
    start = texts.index("Phụ lục I")
    assert texts[start : start + 3] == ["Phụ lục I", "DANH SÁCH", "(Kèm theo Quyết định số 05)"]
    assert word.paragraphs[start].paragraph_format.page_break_before
    assert word.paragraphs[texts.index("QUYẾT ĐỊNH:")].runs[0].font.bold
    assert document.tables == (TABLE,)


def test_tables_print_cells_and_repeat_their_heading():
    table = opened(Document(HEAD, (TABLE,))).tables[1]

    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Môn", "TB"],
        ["Toán", "6,13"],
        ["=Sử", "–"],
    ]
    assert "w:tblHeader" in table.rows[0]._tr.xml


def test_texts_are_times_in_every_script():
    word = opened(Document(HEAD, (Heading("I. MỤC", 1), Paragraph("Nội dung & <thẻ>"))))

    fonts = word.styles["Normal"].element.rPr.rFonts
    assert {fonts.get(docx.oxml.ns.qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {
        "Times New Roman"
    }
    assert "Nội dung & <thẻ>" in [paragraph.text for paragraph in word.paragraphs]


def test_a_chart_carries_its_alternative_text(report):
    chart = histogram(report.subjects[0])

    word = opened(Document(HEAD, (Figure(chart, "Hình"),)))

    assert word.inline_shapes[0]._inline.docPr.get("descr") == chart.alt


@pytest.mark.parametrize("body", [(), (TABLE,)])
def test_equal_documents_are_equal_files(body):
    assert to_docx(Document(HEAD, body)) == to_docx(Document(HEAD, body))
