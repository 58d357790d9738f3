import io
from datetime import date
from decimal import Decimal

import docx
import numpy as np
import pypdfium2
import pytest
import zxingcpp

from thucchat.engine.documents.docx import to_docx
from thucchat.engine.documents.forms.handover_minute import HandedPupil, HandoverMinute, handover_document
from thucchat.engine.documents.pdf import to_pdf
from thucchat.engine.documents.tree import Figure, LegalBases, Letterhead

ROOT = "THUCCHAT-SO 1200 " + "5f3a" * 16
HEAD = Letterhead(
    "UBND xã Mẫu", "Trường Mẫu", "Số: 05/BB-TM", "Mẫu", date(2025, 1, 2), "Biên bản", "Bàn giao lớp 6A"
)
PUPILS = (
    HandedPupil("Lò Một", Decimal("2.25"), Decimal("0.62"), "Nguy cơ", "Phân số"),
    HandedPupil("Lò Hai", Decimal("6.50"), Decimal("0.58"), "Vững"),
    HandedPupil("Lò Ba", None, None, ""),
)
BASES = ("Căn cứ Kế hoạch số 15/KH-SGDĐT", "Căn cứ kết quả khảo sát")


@pytest.fixture(scope="module")
def document():
    minute = HandoverMinute(
        "6A", "Toán", "khảo sát đầu năm", "Nguyễn Giao", "Trần Nhận", "Lê Trưởng", "Hiệu trưởng", PUPILS,
        date(2025, 1, 9), ROOT, BASES,
    )  # fmt: skip
    return handover_document(minute, HEAD, ("Lưu: VT.",))


@pytest.fixture(scope="module")
def word(document):
    return docx.Document(io.BytesIO(to_docx(document)))


@pytest.fixture(scope="module")
def pdf(document):
    return pypdfium2.PdfDocument(to_pdf(document))


def pdf_text(pdf):
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pdf).split())


def test_who_was_not_measured_is_no_zero(document):
    groups, pupils = document.tables

    assert [row[:2] for row in groups.rows] == [("Vững", 1), ("Nguy cơ", 1), ("Chưa đo", 1)]
    assert pupils.rows[2] == (3, "Lò Ba", None, None, "Chưa đo", "")


def test_word_and_pdf_hold_the_same_numbers(word, pdf):
    state = (
        "Lớp 6A, môn Toán, có 3 học sinh; 2 em có kết quả khảo sát đầu năm, điểm trung bình 4,38; "
        "1 em chưa có kết quả, không tính là điểm 0."
    )
    text = pdf_text(pdf)

    assert state in [paragraph.text for paragraph in word.paragraphs]
    assert state in text
    rows = [[cell.text for cell in row.cells] for row in word.tables[2].rows[1:]]
    assert rows[0] == ["1", "Lò Một", "2,25", "0,62", "Nguy cơ", "Phân số"]
    assert all(" ".join(filter(None, row)) in text for row in rows)


def test_legal_bases_are_italic_and_end_as_the_decree_says(word, pdf):
    lines = [paragraph for paragraph in word.paragraphs if paragraph.text.startswith("Căn cứ")]

    assert [line.text[-1] for line in lines] == [";", "."]
    assert all(run.font.italic for line in lines for run in line.runs)
    assert f"{BASES[0]}; {BASES[1]}." in pdf_text(pdf)
    assert LegalBases(()).lines == ()


def test_the_three_sign_in_order_above_the_recipients(word):
    foot = word.tables[-1]

    assert [cell.text.split("\n")[0] for cell in foot.rows[0].cells] == [
        "BÊN GIAO",
        "BÊN NHẬN",
        "HIỆU TRƯỞNG",
    ]
    assert [cell.text.split("\n")[-1] for cell in foot.rows[0].cells] == [
        "Nguyễn Giao", "Trần Nhận", "Lê Trưởng",
    ]  # fmt: skip
    assert "w:cantSplit" in foot.rows[0]._tr.xml
    *before, recipients, last = word.paragraphs
    assert [recipients.text, last.text] == ["Nơi nhận:", "- Lưu: VT."]
    assert all(paragraph.paragraph_format.keep_with_next for paragraph in before[-2:])


def test_the_code_on_paper_reads_as_the_printed_root(document, pdf):
    (mark,) = [block for block in document.body if isinstance(block, Figure)]
    pages = [np.ascontiguousarray(page.render(scale=3).to_numpy()) for page in pdf]

    assert mark.caption.endswith(ROOT)
    assert [code.text for page in pages for code in zxingcpp.read_barcodes(page)] == [ROOT]
