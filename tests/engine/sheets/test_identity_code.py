import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.identity_code import SheetCode, code_svg, parse_code

texts = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="|"), max_size=12)


@given(texts, texts, texts, texts)
def test_what_is_written_is_read(layout, candidate, code, serial):
    content = SheetCode(layout, candidate, code, serial)
    barcode = zxingcpp.create_barcode(content.text(), zxingcpp.BarcodeFormat.DataMatrix, force_square=True)
    drawn = np.kron(np.array(barcode.to_image(scale=4, add_quiet_zones=False)), np.ones((1, 1), np.uint8))
    framed = cv2.copyMakeBorder(drawn, 12, 12, 12, 12, cv2.BORDER_CONSTANT, value=255)
    (found,) = zxingcpp.read_barcodes(framed)
    assert parse_code(found.text) == content


@pytest.mark.parametrize("bad", ["a|b", "Đ01", "x" * 41, "a\nb"])
def test_values_that_the_code_cannot_carry_are_refused(bad):
    with pytest.raises(InvalidInput, match="không ghi được vào mã vạch"):
        SheetCode("2025", bad, "", "").text()


@pytest.mark.parametrize("text", ["", "TC1|2025|1", "https://example.org", "TC2|2025|1|2|3"])
def test_other_barcodes_are_not_ours(text):
    assert parse_code(text) is None


@pytest.mark.parametrize("layout", ["2025", "truoc-2025", "tieu-hoc"])
def test_the_drawing_is_square_whatever_the_content(layout):
    svg = code_svg(SheetCode(layout, "12345678", "0101", "000001"))
    width, height = svg.split('width="', 1)[1].split('"')[0], svg.split('height="', 1)[1].split('"')[0]
    assert width == height
