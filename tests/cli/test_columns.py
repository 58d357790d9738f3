import numpy as np
import polars as pl
import pytest

from thucchat.cli.columns import (
    code_column,
    find_column,
    key_columns,
    number_column,
    text_column,
    without_empty_tail,
)
from thucchat.engine.errors import InvalidInput


def frame(**columns):
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def test_only_empty_rows_at_the_end_are_dropped():
    table = frame(id=["a", None, "b", " ", None], x=["", "", "1", None, ""])

    assert without_empty_tail(table)["id"].to_list() == ["a", None, "b"]
    assert without_empty_tail(table.tail(2)).is_empty()


def test_numbers_may_have_a_comma_a_point_blanks_and_spaces():
    table = frame(score=["7,25", " 8.5 ", "", None, "NA", "-", "1e-3", "+3", ",5", "10."])

    found = number_column(table, "score")

    assert np.isnan(found[2:6]).all()
    assert found[[0, 1, 6, 7, 8, 9]].tolist() == [7.25, 8.5, 0.001, 3, 0.5, 10]


def test_a_cell_that_is_no_number_is_named():
    with pytest.raises(InvalidInput, match="Dòng 3, cột “score”: “tám” không phải là số") as refusal:
        number_column(frame(score=["7", "tám"]), "score")
    assert refusal.value.code == "column.number"


def test_columns_of_real_numbers_stay_as_they_are():
    assert number_column(pl.DataFrame({"x": [1.0, None, 0.1]}), "x")[[0, 2]].tolist() == [1, 0.1]


def test_a_heading_is_found_in_spite_of_case_and_spaces_but_never_guessed():
    assert find_column(frame(**{" Điểm  Thi": []}), "điểm thi") == " Điểm  Thi"
    with pytest.raises(InvalidInput, match="Không có cột “Toan”") as refusal:
        find_column(frame(toan=[], TOAN=[]), "Toan")
    assert refusal.value.code == "column.missing"


def test_codes_keep_their_zeros_and_blanks_have_none():
    table = frame(id=["007", "7", "", "007", None])

    assert text_column(table, "id") == ["007", "7", None, "007", None]
    names, codes = code_column(table, "id")
    assert (names, codes.tolist()) == (["007", "7"], [0, 1, -1, 0, -1])


def test_combinations_are_sorted_and_rows_with_a_blank_have_none():
    table = frame(school=["B", "A", "B", None], subject=["Văn", "Toán", "Văn", "Toán"])

    labels, places = key_columns(table, ["school", "subject"])

    assert labels.rows() == [("A", "Toán"), ("B", "Văn")]
    assert places.tolist() == [1, 0, 1, -1]
