"""Text typed for TCVN3 and VNI fonts becomes the Unicode a reader sees, and is flagged."""

import pytest

from tests.engine.papers.word import p, r
from thucchat.engine.papers.reading.legacy_fonts import legacy_kind, to_unicode
from thucchat.engine.papers.reading.reader import read_paper
from thucchat.engine.papers.writing.new_file import new_file


@pytest.mark.parametrize(
    ("typed", "font", "read"),
    [
        ("C©u 1. Hµm sè nµo sau ®©y ®ång biÕn", ".VnTime", "Câu 1. Hàm số nào sau đây đồng biến"),
        ("Céng hßa x· héi chñ nghÜa", ".VnTimeH", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA"),
        ("Caâu 1. Haøm soá naøo sau ñaây ñoàng bieán", "VNI-Times", "Câu 1. Hàm số nào sau đây đồng biến"),
        ("ÑIEÄN BIEÂN, ôû, öôùc", "VNI-Times", "ĐIỆN BIÊN, ở, ước"),
        ("Câu 1. Đúng", "Times New Roman", "Câu 1. Đúng"),
    ],
)
def test_legacy_text_is_read(typed, font, read):
    assert to_unicode(typed, font) == read


@pytest.mark.parametrize(
    ("font", "kind"), [(".VnArial", "TCVN3"), ("VNI-Helve", "VNI"), ("Vni Times", "VNI"), ("Arial", "")]
)
def test_the_font_tells_the_code(font, kind):
    assert legacy_kind(font) == kind


def test_a_paper_in_a_legacy_font_is_read_and_named():
    typed = [
        "C©u 1. TÝnh tæng?",
        "A. mét\tB. hai\tC. ba\tD. bèn",
        "C©u 2. TÝnh hiÖu?",
        "A. mét\tB. hai\tC. ba\tD. bèn",
    ]

    paper = read_paper(new_file("".join(p(r(line, font=".VnTime")) for line in typed)))

    assert [question.stem for question in paper.questions] == ["Tính tổng?", "Tính hiệu?"]
    assert paper.questions[0].options == {"A": "một", "B": "hai", "C": "ba", "D": "bốn"}
    assert paper.fonts == (".VnTime",)
    assert [flag.code for flag in paper.flags] == ["font.legacy"]
    assert all("font.legacy" in {flag.code for flag in question.flags} for question in paper.questions)
