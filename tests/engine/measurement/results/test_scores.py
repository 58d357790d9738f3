from decimal import Decimal

import polars as pl
import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.results.columns import score_columns
from thucchat.engine.measurement.results.scores import count_cells, count_scores
from thucchat.engine.tables import GROUP_SIZES, SCORE_COUNTS, SCORES

CELLS = pl.DataFrame(
    {
        "sbd": ["1", "2", "3", " ", None],
        "truong": ["A", "A ", None, None, None],
        "toan": ["7,5", "7.5", "v", "", None],
        "van": ["8", None, "9", None, None],
    }
)


def counted(frame, **options):
    return count_cells(frame, score_columns(frame, group=options.get("group")), **options)


def test_equal_scores_are_counted_however_they_are_written():
    result = counted(CELLS)

    assert result.counts.schema == SCORE_COUNTS
    assert sorted(result.counts.rows(), key=str) == [
        ("", "toan", "absent", None, 1),
        ("", "toan", "scored", 750, 2),
        ("", "van", "scored", 800, 1),
        ("", "van", "scored", 900, 1),
    ]


def test_lines_without_candidate_and_scores_are_nobody():
    result = counted(CELLS)

    assert result.sizes.schema == GROUP_SIZES
    assert result.sizes.rows() == [("", 3)]


def test_groups_are_split_by_tidied_name_and_a_blank_one_is_kept():
    result = counted(CELLS, group="truong")

    assert dict(result.sizes.rows()) == {"A": 2, "(không ghi)": 1}
    assert ("A", "toan", "scored", 750, 2) in result.counts.rows()


def test_bad_cells_are_named_by_row_column_and_value():
    frame = pl.DataFrame({"sbd": ["1", "2"], "toan": ["8", "tám"], "van": ["11", "9"]})

    with pytest.raises(InvalidInput) as refusal:
        counted(frame)

    assert refusal.value.code == "score.invalid"
    assert "dòng 2, cột “van”: “11”; dòng 3, cột “toan”: “tám”" in str(refusal.value)


def test_only_the_first_bad_cells_are_written_out():
    frame = pl.DataFrame({"toan": ["tám"] * 25})

    with pytest.raises(InvalidInput, match=r"25 ô không phải điểm.* và 15 ô khác"):
        counted(frame)


def test_a_score_of_nobody_is_refused():
    frame = pl.DataFrame({"sbd": ["1", None], "toan": ["8", "7"]})

    with pytest.raises(InvalidInput) as refusal:
        counted(frame, first_row=6)
    assert (refusal.value.code, refusal.value.facts["row"]) == ("candidate.blank", 7)


def test_long_scores_are_counted_like_cells():
    rows = [
        ("1", "A", "toan", Decimal("7.50"), "scored"),
        ("2", "A", "toan", Decimal("7.50"), "scored"),
        ("3", "A", "toan", None, "absent"),
    ]

    counts = count_scores(pl.DataFrame(rows, schema=SCORES, orient="row"))

    assert counts.schema == SCORE_COUNTS
    assert sorted(counts.rows(), key=str) == [
        ("A", "toan", "absent", None, 1),
        ("A", "toan", "scored", 750, 2),
    ]
