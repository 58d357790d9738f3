from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.vietnamese import name_key, text_key, tidy, unaccented, vi_long_date, vi_number


def test_names_sort_by_given_name_with_d_before_barred_d_and_tones_last():
    ordered = ["Lò Văn An", "Vàng A Dế", "Lò Thị Đa", "Lò Thị Đá", "Quàng Thị Đào", "Tòng Văn Ở"]
    shuffled = [ordered[place] for place in (3, 0, 5, 2, 4, 1)]

    assert sorted(shuffled, key=name_key) == ordered


def test_a_composed_and_a_decomposed_name_are_one():
    assert name_key("Nguyễn Thị Ngọc Ánh") == name_key(tidy("Nguyễn  Thị Ngọc Ánh "))


def test_class_ten_stands_after_class_two():
    assert sorted(["6A10", "6A2", "10A1"], key=text_key) == ["6A2", "6A10", "10A1"]


@given(st.text())
def test_keys_are_ascii_whatever_the_text(text):
    assert name_key(text).isascii()


def test_search_text_has_neither_marks_nor_barred_d():
    assert unaccented("Đặng Thị Ươm ĐƯỜNG") == "dang thi uom duong"


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (Decimal("7.25"), 1, "7,3"),
        (1234567.5, None, "1.234.567,5"),
        (Decimal("0.05"), 1, "0,1"),
        (-2.5, 0, "-3"),
    ],
)
def test_numbers_are_written_with_a_comma_and_rounded_half_up(value, digits, text):
    assert vi_number(value, digits) == text


def test_a_document_writes_zero_before_small_days_and_the_first_two_months():
    assert vi_long_date(date(2024, 9, 5)) == "ngày 05 tháng 9 năm 2024"
    assert vi_long_date(date(2025, 2, 15)) == "ngày 15 tháng 02 năm 2025"
