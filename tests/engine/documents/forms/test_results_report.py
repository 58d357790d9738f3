from datetime import date

import pytest

from thucchat.engine.documents.forms.results_report import (
    bins_table,
    gaps_table,
    means_table,
    points_table,
    results_document,
    standing_document,
    standing_table,
    statistics_table,
    subject_ranks_table,
)
from thucchat.engine.documents.tree import Figure, Heading, Letterhead, Paragraph

HEAD = Letterhead("", "", "", "", date(2025, 2, 3), "Báo cáo", "Kết quả")


def test_every_part_stands_under_its_roman_number(report):
    document = results_document(report, HEAD)

    assert [block.text for block in document.body if isinstance(block, Heading)] == [
        "I. KẾT QUẢ TỪNG MÔN",
        "II. SO SÁNH THEO XÃ",
        "III. VỊ TRÍ SO VỚI CẢ NƯỚC",
        "IV. CÁCH TÍNH VÀ NGUỒN SỐ LIỆU",
    ]


def test_tables_carry_the_very_numbers_of_the_report(report):
    toan = report.subjects[0]

    table = statistics_table(report.subjects)

    assert table.rows[0][:3] == ("Toán", toan.count, toan.mean)
    assert table.rows[2] == ("Lịch sử", 0, None, None, None, None, None, 0, 0, 0, 0, 0)
    assert points_table(report.subjects).rows[0][1:] == toan.by_point


def test_the_bars_are_a_table_too(report):
    table = bins_table(report.subjects[0])

    assert sum(row[2] for row in table.rows) == report.subjects[0].count
    assert table.rows[-1][:2] == (10.0, 10.0)


def test_groups_show_means_of_subjects_somebody_sat(report):
    table = means_table(report)

    assert [column.heading for column in table.columns] == ["Xã", "Thí sinh", "Toán", "Ngữ văn"]
    assert sorted(table.rows, key=str) == [("=Xã B", 31, pytest.approx(5.05), 10.0), ("Xã A", 12, 5.75, None)]


def test_the_verdict_on_the_gap_is_written_out(report):
    (row,) = gaps_table(report.gaps).rows

    assert row == ("Toán", "Xã A", 5.75, "=Xã B", 5.05, pytest.approx(0.7), 1.0, "Đạt")


def test_the_national_rank_and_the_verdict_stand_by_year(report):
    rows = standing_table(report.standing).rows

    assert rows[0] == ("2023", 5.0, 5.5, 2, 2, None, None, None)
    assert rows[1] == ("2024", 7.0, 7.0, 1, 1, 1, 2.0, "Đạt")
    assert subject_ranks_table(report.standing).rows == (("Toán", 2, 1),)


def test_each_subject_somebody_sat_has_a_chart(report):
    captions = [block.caption for block in results_document(report, HEAD).body if isinstance(block, Figure)]

    assert sum(caption.startswith("Phổ điểm") for caption in captions) == 2
    assert "Điểm trung bình của Điện Biên và cả nước" in captions


def test_the_method_names_source_and_fingerprint(report):
    texts = [block.text for block in results_document(report, HEAD).body if isinstance(block, Paragraph)]

    assert any("sbd (mã)" in text for text in texts)
    assert texts[-1] == f"Nguồn: diem.csv; mã băm SHA-256 {'ab' * 32}; Thực Chất 0.1.0."


def test_a_standing_makes_a_document_of_its_own(report):
    document = standing_document(report.standing, "bang.csv", HEAD)

    assert [table.sheet for table in document.tables] == ["Thứ hạng", "Thứ hạng môn"]
