import cv2
import numpy as np
import pytest

from tests.engine.sheets.foreign import STYLES, drawn, fitted, photographs
from thucchat.engine.sheets.reading.locate import project
from thucchat.engine.sheets.reading.page import measure_page
from thucchat.engine.sheets.reading.registration import place_by_blank

STYLE = "no dark marks"


@pytest.fixture(scope="module")
def layouts():
    return {style: fitted(style, *drawn(style)) for style in STYLES}


def view(page, layout, corners):
    """The page seen with its corners at `corners` on a grey table, and the map from mm."""
    size = np.array(
        [[0, 0], [layout.width, 0], [layout.width, layout.height], [0, layout.height]], np.float32
    )
    to_image = cv2.getPerspectiveTransform(size, np.array(corners, np.float32))
    mm = np.diag([page.shape[1] / layout.width, page.shape[0] / layout.height, 1.0])
    image = cv2.warpPerspective(
        cv2.GaussianBlur(page, (0, 0), 1), to_image @ np.linalg.inv(mm), (1500, 2000), borderValue=100
    )
    return image, to_image


SEEN = {
    "straight": [[150, 150], [1350, 150], [1350, 1850], [150, 1850]],
    "from the side": [[200, 200], [1330, 150], [1400, 1800], [120, 1750]],
    "upside down": [[1350, 1850], [150, 1850], [150, 150], [1350, 150]],
    "a corner outside": [[-60, 120], [1330, 20], [1420, 1800], [90, 1850]],
    "turned by a quarter": [[1400, 450], [1400, 1550], [50, 1500], [50, 500]],
}


@pytest.mark.parametrize("how", SEEN)
def test_a_page_is_laid_on_its_blank_to_a_third_of_a_millimetre(layouts, how):
    layout = layouts[STYLE]
    image, to_image = view(drawn(STYLE)[0], layout, SEEN[how])
    placed = place_by_blank(layout, image)
    centres = layout.map.centres
    off = np.hypot(*(placed.pixels(centres) - project(to_image, centres)).T)
    assert off.max() < 1200 / 210 * 0.35
    assert placed.error < 0.5


@pytest.mark.parametrize("style", STYLES)
def test_a_page_of_another_form_is_not_found(layouts, style):
    for other in STYLES:
        if other != style:
            [(image, _, _)] = photographs(other, "photo", 1, [31])
            assert place_by_blank(layouts[style], image) is None
            assert measure_page(image, layouts[style]).problem == "page:not_found"


def test_a_form_printed_a_row_lower_is_found_a_row_lower(layouts):
    page, true = drawn(STYLE)
    row = round(7.5 * page.shape[0] / 297)
    image, to_image = view(np.roll(page, row, axis=0), layouts[STYLE], SEEN["from the side"])
    placed = place_by_blank(layouts[STYLE], image)
    meant = project(to_image, true.map.centres + np.array([0.0, row * 297 / page.shape[0]]))
    assert np.hypot(*(placed.pixels(true.map.centres) - meant).T).max() < 1200 / 210 * 0.5
