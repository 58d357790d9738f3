import polars as pl
import pytest

from thucchat.cli.item_columns import chosen_columns, item_columns
from thucchat.engine.errors import InvalidInput


def items_of(columns, *, letters=False):
    frame = pl.DataFrame({name: [str(cell) for cell in cells] for name, cells in columns.items()})
    frame = frame.with_columns(pl.all().replace("None", None))
    kept, caveats = item_columns(frame, frame.columns, letters=letters)
    return kept, " ".join(caveats)


def test_the_sum_of_the_others_is_no_item():
    kept, told = items_of(
        {"c1": [0, 1, None, 1], "c2": [1, 1, 0, 1], "c3": [0, 1, 1, 0], "all": [1, 3, 1, 2]}
    )

    assert kept == ["c1", "c2", "c3"]
    assert "all (bằng tổng các câu khác)" in told


@pytest.mark.parametrize(
    "columns",
    [
        {"c1": [0, 1, 0], "c2": [1, 0, 0], "c3": [1, 1, 0]},  # c3 is c1 + c2 by chance
        {"c1": [0, 1, 2], "c2": [0, 1, 2]},
        {"c1": [0, 1, 0], "c2": [1, 1, 0], "c3": [1, 2, 1]},
    ],
)
def test_an_item_is_not_taken_for_a_sum(columns):
    assert items_of(columns) == (list(columns), "")


def quarters(highest):
    return [step / 4 for step in range(highest * 4 + 1)] + [0] * (60 - highest * 4 - 1)


def test_essays_in_quarter_points_are_items_where_they_are_numbered_like_the_others():
    kept, told = items_of({"C1": [0, 1] * 30, "TL1": quarters(10), "tuổi tháng": quarters(10)})

    assert kept == ["C1", "TL1"]
    assert "tuổi tháng (41 giá trị khác nhau" in told


def test_an_item_named_in_words_has_as_many_scores_as_an_item_may_have():
    kept, told = items_of({"C1": [0, 1] * 30, "nghe": quarters(5)[::-1], "nói": quarters(6)})

    assert kept == ["C1"]
    assert "nghe (21 giá trị" in told
    assert "nói (25 giá trị" in told


def test_times_numbered_like_items_are_no_items():
    kept, _ = items_of({"C1": [0, 1] * 60, "C2": [1, 0] * 60, "T1": range(120)})

    assert kept == ["C1", "C2"]


def test_the_same_score_may_be_written_in_several_ways():
    written = [f"{score}{tail}" for score in range(11) for tail in ("", ".0", ",00")]

    assert items_of({"nghe": written}) == (["nghe"], "")


@pytest.mark.parametrize(
    "name", ["Semester", "attempt", "tests", "trial", "Weight", "Học kỳ", "Tổng điểm", "n"]
)
def test_names_that_items_do_not_have_are_told(name):
    kept, told = items_of({"c1": [0, 1], "c2": [1, 1], name: [1, 2]})

    assert kept == ["c1", "c2"]
    assert f"Không dùng các cột: {name} (" in told


def test_answers_are_not_counted():
    assert items_of({"C1": ["A", "B"] * 20, "đáp số": range(40)}, letters=True)[0] == ["C1", "đáp số"]


def test_a_table_without_items_says_what_was_passed_over():
    with pytest.raises(InvalidInput, match=r"toán \(40 giá trị khác nhau.*--items") as refusal:
        items_of({"toán": range(40), "lớp": ["A"] * 40})
    assert refusal.value.code == "items.none"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("c*", ["c1", "c2", "c10"]), ("c1,c10", ["c1", "c10"]), ("c1:c2", ["c1", "c2"]), (r"c\d{2}", ["c10"])],
)
def test_patterns_choose_columns(pattern, expected):
    assert chosen_columns(["id", "c1", "c2", "c10"], pattern) == expected


def test_a_pattern_that_fits_nothing_is_refused():
    with pytest.raises(InvalidInput, match="“x\\*”"):
        chosen_columns(["c1"], "c1,x*")
