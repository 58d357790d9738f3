import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.measurement.results.cells import parse_cells


def parsed(text):
    return parse_cells(pl.Series("toan", [text], dtype=pl.String)).row(0)


@given(st.integers(0, 1000), st.sampled_from([".", ","]), st.sampled_from(["", " ", "\u00a0"]))
def test_every_score_of_the_scale_is_read_with_point_or_comma(score, mark, blank):
    text = f"{blank}{score // 100}{mark}{score % 100:02d}{blank}"

    assert parsed(text) == ("scored", score)


@given(st.text(max_size=12))
def test_any_text_is_a_score_a_mark_blank_or_bad(text):
    state, hundredths = parsed(text)

    assert (state == "scored") == (hundredths is not None)
    assert hundredths is None or 0 <= hundredths <= 1000


@pytest.mark.parametrize("text", ["tám", "11", "-1", "7.125", "7.5.5", "inf", "8 9", "10,01", "Đ", "1_0"])
def test_what_is_no_score_is_bad(text):
    assert parsed(text) == ("bad", None)


@pytest.mark.parametrize("text", ["", "  ", None, "NaN", "NULL", "-"])
def test_nothing_is_not_sat_and_never_zero(text):
    assert parsed(text) == ("blank", None)


@pytest.mark.parametrize(
    ("text", "state"),
    [("v", "absent"), ("Vắng", "absent"), ("Mie\u0302\u0303n", "exempt"), ("Huỷ", "cancelled")],
)
def test_known_marks_say_why_there_is_no_score(text, state):
    assert parsed(text) == (state, None)


def test_binary_noise_of_a_spreadsheet_is_the_score_it_came_from():
    assert parsed("7.1499999999999995") == ("scored", 715)


def test_typed_numbers_are_read_as_they_are():
    cells = pl.Series("toan", [7.25, None, float("nan"), 10.5])

    assert parse_cells(cells).rows() == [("scored", 725), ("blank", None), ("blank", None), ("bad", None)]
