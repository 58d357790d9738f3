from datetime import date

import pypdfium2
import pytest

from thucchat.engine.documents.forms.results_report import results_document
from thucchat.engine.documents.pdf import to_pdf
from thucchat.engine.documents.tree import (
    Appendix,
    Centred,
    Document,
    Letterhead,
    PageBreak,
    Paragraph,
    Signature,
)

HEAD = Letterhead(
    "UBND tỉnh X", "Sở Y", "Số: 05/BC-SGDĐT", "Điện Biên", date(2025, 2, 3), "Báo cáo", "Kết quả #1"
)


def pages(content):
    with pypdfium2.PdfDocument(content) as pdf:
        return [page.get_textpage().get_text_bounded() for page in pdf]


def test_the_head_of_an_administrative_document_is_complete():
    signature = Signature(("KT. Giám đốc", "Phó giám đốc"), "Nguyễn Văn A")
    document = Document(HEAD, (Paragraph("Nội dung."),), ("Như trên", "Lưu: VT"), (signature,))

    (text,) = pages(to_pdf(document))

    for line in (
        "UBND TỈNH X",
        "SỞ Y",
        "Số: 05/BC-SGDĐT",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Điện Biên, ngày 03 tháng 02 năm 2025",
        "BÁO CÁO",
        "Nơi nhận:",
        "- Lưu: VT",
        "PHÓ GIÁM ĐỐC",
        "Nguyễn Văn A",
    ):
        assert line in text


def test_pages_are_numbered_from_the_second_on():
    document = Document(HEAD, (Paragraph("Một."), PageBreak(), Paragraph("Hai.")))

    first, second = pages(to_pdf(document))

    assert second.split()[0] == "2"
    assert first.split()[0] != "1"


@pytest.mark.parametrize("text", ["#panic()", "$x^2$ *đậm* _nghiêng_", "@nguồn <nhãn> \\ // `mã`"])
def test_texts_are_never_markup(text):
    (page,) = pages(to_pdf(Document(HEAD, (Paragraph(text),))))

    assert text in page


def test_the_report_prints_the_numbers_of_the_results(report):
    text = "\n".join(pages(to_pdf(results_document(report, HEAD))))

    for number in ("5,23", "5,75", "Đạt", "Xã A", "ab" * 8):
        assert number in text


def test_equal_documents_are_equal_files(report):
    document = results_document(report, HEAD)

    assert to_pdf(document) == to_pdf(document)


def test_an_appendix_follows_the_signature_on_its_own_page():
    appendix = Appendix(
        "Phụ lục I", "Danh sách trường", "Kèm theo Quyết định số 05", (Paragraph("Trường A."),)
    )
    body = (Centred("QUYẾT ĐỊNH:"), Paragraph("Nội dung."))
    document = Document(HEAD, body, ("Lưu: VT",), (Signature(("Giám đốc",), "Ông A"),), (appendix,))

    first, second = pages(to_pdf(document))

    assert "QUYẾT ĐỊNH:" in first
    assert first.index("GIÁM ĐỐC") > first.index("Nội dung.")
    assert second.split("\r\n")[1:] == [
        "Phụ lục I", "DANH SÁCH TRƯỜNG", "(Kèm theo Quyết định số 05)", "Trường A.",
    ]  # fmt: skip


@pytest.mark.parametrize("proof", [(), (Paragraph("Mã nội dung: ab", small=True),)])
def test_a_signature_never_stands_without_the_last_sentence(proof):
    signature = Signature(("Giám đốc",), "Ông A")
    for lines in range(18, 26):
        body = (*(Paragraph(f"Câu {number}.") for number in range(lines)), *proof)

        (*_, last) = pages(to_pdf(Document(HEAD, body, (), (signature,))))

        assert f"Câu {lines - 1}." in last
