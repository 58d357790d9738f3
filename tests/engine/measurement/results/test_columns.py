import polars as pl
import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.results.columns import chosen_columns, find_column, is_known, score_columns

FRAME = pl.DataFrame(
    {
        "STT": ["1", "2", "3"],
        "Số báo danh": ["01", "02", "03"],
        "Họ và tên": ["A", "B", "C"],
        "Trường": ["X", "X", "Y"],
        "Toán": ["7,5", None, "v"],
        "ma_mon_ngoai_ngu": ["N1", None, "N1"],
        "Năng khiếu": ["8", "9", None],
        "Phách": ["101", "102", "9"],
        "Thư": ["a", "b", "5"],
        "Trống": [None, None, None],
        "Tổng điểm": ["7,5", "8", "9"],
    },
    schema_overrides={"Trống": pl.String},
)


def test_score_columns_are_told_from_the_others_and_the_others_are_listed():
    columns = score_columns(FRAME)

    assert columns.candidate == "Số báo danh"
    assert columns.subjects == ("Toán", "Năng khiếu")
    reasons = {column.column: column.reason for column in columns.ignored}
    assert reasons["Trống"] == "cột trống"
    assert reasons["Phách"] == "phần lớn ô không phải điểm từ 0 đến 10"
    assert set(reasons) == set(FRAME.columns) - {"Toán", "Năng khiếu"}


def test_the_column_that_splits_groups_holds_no_scores():
    columns = score_columns(FRAME, group="Năng khiếu")

    assert columns.subjects == ("Toán",)


@pytest.mark.parametrize("heading", ["gioitinh", "GioiTinh", "Vắng", "schoolid", "uu_tien", "namsinh"])
def test_flags_and_codes_are_not_scores_even_when_they_look_like_them(heading):
    assert score_columns(pl.DataFrame({heading: [0, 1], "toan": [5, 6]})).subjects == ("toan",)


def test_a_subject_nobody_sat_is_still_a_subject():
    frame = pl.DataFrame({"sbd": ["1"], "tin_hoc": [None]}, schema={"sbd": pl.String, "tin_hoc": pl.String})

    assert score_columns(frame).subjects == ("tin_hoc",)


def test_a_person_may_choose_the_columns():
    columns = chosen_columns(FRAME, ["toan"])

    assert columns.subjects == ("Toán",)
    assert len(columns.ignored) == FRAME.width - 1


def test_a_file_without_scores_is_refused():
    with pytest.raises(InvalidInput) as refusal:
        score_columns(FRAME.select("STT", "Họ và tên"))
    assert refusal.value.code == "column.subjects"


def test_a_column_is_found_without_accents_and_a_missing_one_is_named():
    assert find_column(FRAME.columns, "truong") == "Trường"
    with pytest.raises(InvalidInput, match="Không có cột “huyện”"):
        find_column(FRAME.columns, "huyện")


@pytest.mark.parametrize(("heading", "known"), [("Toán", True), ("Họ tên", True), ("Lò Văn A", False)])
def test_headings_are_known_and_names_are_not(heading, known):
    assert is_known(heading) is known
