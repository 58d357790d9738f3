from xml.etree import ElementTree

import pytest

from thucchat.engine.documents.charts import group_means, histogram, standing_line


def texts(chart):
    return [element.text for element in ElementTree.fromstring(chart.svg).iter() if element.text]


def test_a_histogram_says_its_numbers_in_words(report):
    chart = histogram(report.subjects[0])

    assert chart.alt == (
        "Phổ điểm Toán: 40 bài, trung bình 5,23, trung vị 5,05; cột cao nhất bắt đầu từ 5,00 điểm với "
        "30 bài; 6 bài dưới 5, 4 bài từ 8 trở lên."
    )
    root = ElementTree.fromstring(chart.svg)
    assert (root.get("role"), root.get("aria-label")) == ("img", chart.alt)
    assert "TB 5,23" in texts(chart)


def test_a_histogram_has_a_bar_for_every_bin(report):
    subject = report.subjects[0]

    bars = [
        element
        for element in ElementTree.fromstring(histogram(subject).svg).iter()
        if element.get("aria-roledescription") == "bar"
    ]
    assert len(bars) == len(subject.bins)


def test_a_subject_nobody_sat_is_said_to_be_empty(report):
    assert histogram(report.subjects[2]).alt == "Phổ điểm Lịch sử: không có bài nào."


def test_means_stand_from_high_to_low_with_their_counts(report):
    chart = group_means(report.groups, 0, minimum=5)

    assert chart.alt.startswith("Điểm trung bình Toán của 2 nhóm, từ cao xuống thấp: cao nhất Xã A (5,75)")
    assert {"5,75 (10)", "5,05 (30)"} <= set(texts(chart))


def test_groups_too_small_to_chart_are_left_out(report):
    assert (
        group_means(report.groups, 1).alt == "Điểm trung bình Ngữ văn: không nhóm nào đủ số bài để so sánh."
    )


def test_the_line_of_years_tells_ranks_under_the_axis(report):
    chart = standing_line(report.standing)

    assert {"hạng 2/2", "hạng 1/1", "Cả nước"} <= set(texts(chart))
    assert "năm 2024 đạt 7,00 (cả nước 7,00), hạng 1/1" in chart.alt


@pytest.mark.parametrize("forbidden", ["style=", "<script", "http://localhost"])
def test_a_drawing_may_stand_on_a_page_with_a_strict_policy(report, forbidden):
    assert forbidden not in histogram(report.subjects[0]).svg
