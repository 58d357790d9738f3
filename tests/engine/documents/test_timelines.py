from xml.etree import ElementTree as ET

import pytest

from thucchat.engine.documents.timelines import CERTAIN, TimePoint, timeline

SVG = "{http://www.w3.org/2000/svg}"


def parts(points):
    chart = timeline("Toán & <Văn>", points)
    return chart, ET.fromstring(chart.svg)


def test_a_higher_score_stands_higher_and_later_ones_to_the_right():
    _, root = parts([TimePoint("09/2024", 4.0, 0.5), TimePoint("01/2025", 6.5, None)])

    circles = root.findall(f"{SVG}circle")
    (first, second) = ((float(one.get("cx")), float(one.get("cy"))) for one in circles)
    assert first[0] < second[0]
    assert first[1] > second[1]


def test_an_interval_is_as_long_as_the_error_says_and_missing_where_it_is_not_known():
    _, root = parts([TimePoint("a", 5.0, 0.5), TimePoint("b", 5.0, None)])

    upright = [one for one in root.findall(f"{SVG}line") if one.get("x1") == one.get("x2")]
    levels = [float(one.get("y1")) for one in root.findall(f"{SVG}line") if one not in upright]
    point = (max(levels) - min(levels)) / 10  # px a point: lines stand at 0 to 10
    assert len(upright) == 1
    length = abs(float(upright[0].get("y1")) - float(upright[0].get("y2")))
    assert length == pytest.approx(2 * CERTAIN * 0.5 * point, abs=0.2)


def test_names_are_escaped_and_the_drawing_has_a_sentence():
    chart, root = parts([TimePoint("09/2024", 4.0, 0.5)])

    sentence = "Toán & <Văn> theo thời gian: 09/2024: 4,00 (sai số 0,50)."
    assert (chart.alt, root.get("aria-label"), root.find(f"{SVG}title").text) == (sentence,) * 3


@pytest.mark.parametrize("points", [[], [TimePoint("x", 9.9, 3.0)]])
def test_nothing_leaves_the_drawing(points):
    chart, root = parts(points)

    for line in root.findall(f"{SVG}line"):
        assert 0 <= float(line.get("y1")) <= chart.height
        assert 0 <= float(line.get("y2")) <= chart.height
