import cv2
import numpy as np
import pytest

from thucchat.engine.sheets.reading.outlines import outlines

PAGE = np.array([[150, 90], [610, 130], [580, 820], [120, 760]], np.int32)
WHOLE = [[0, 0], [700, 0], [700, 900], [0, 900]]


def sheet(shadow):
    image = np.full((900, 700), 90, np.uint8)
    cv2.fillConvexPoly(image, PAGE, 225)
    cv2.putText(image, "PHIEU", (250, 300), 0, 2, 0, 6)
    return (image * np.linspace(1, 1 - shadow, 900)[:, None]).astype(np.uint8)


@pytest.mark.parametrize("shadow", [0.0, 0.3])
def test_a_bright_page_is_among_the_outlines_and_the_whole_picture_is_the_last(shadow):
    found = list(outlines(sheet(shadow)))
    assert min(np.abs(corners - PAGE).max() for corners in found) < 10
    assert found[-1].tolist() == WHOLE


def test_a_picture_that_is_all_paper_has_one_outline():
    [corners] = outlines(np.full((900, 700), 240, np.uint8))
    assert np.abs(corners - WHOLE).max() <= 1
