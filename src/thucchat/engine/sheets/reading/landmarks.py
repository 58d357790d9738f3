"""Finds a page that has no dark squares by pictures of its landmarks: crosses, angles, logos, words.

For forms that others printed: the image must show the whole page, turned by quarters and a few degrees, or
the page must stand out from what lies behind it; each landmark is within SEARCH_MM of its place.
"""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from thucchat.engine.sheets.layout import Anchor, Layout
from thucchat.engine.sheets.reading.images import Image
from thucchat.engine.sheets.reading.locate import Placement, Points, fit_map, project
from thucchat.engine.sheets.reading.outlines import outlines
from thucchat.engine.sheets.reading.pictures import decoded

PIXELS_PER_MM = 3.0
SEARCH_MM = 22.0
ALIKE = 0.5  # correlation of a landmark with its picture
FEWEST = 3
NEAR_MM = 1.5  # of its place, for a landmark to be believed
Score = tuple[int, float]


def place_by_landmarks(layout: Layout, image: Image) -> list[Placement]:
    """The best placement over the quarter turns; empty when too few landmarks are found.

    The page is taken to be a bright sheet on something darker, or to be the picture.
    """
    scale = PIXELS_PER_MM * max(layout.width, layout.height) / max(image.shape)
    reduced = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    small = np.asarray(reduced, np.uint8)
    quads = [np.roll(corners, turns, axis=0) for corners in outlines(small) for turns in range(4)]
    found = [one for corners in quads if (one := _placement(layout, small, corners))]
    if not found:
        return []
    _, best = max(found, key=lambda one: one[0])
    return [replace(best, matrix=np.diag([1 / scale, 1 / scale, 1.0]) @ best.matrix)]


def _placement(layout: Layout, image: Image, corners: Points) -> tuple[Score, Placement] | None:
    """How the layout lies when its corners lie at `corners`, by the landmarks near their places there."""
    size = np.rint(np.array([layout.width, layout.height]) * PIXELS_PER_MM).astype(int)
    across, down = np.hypot(*(corners[1] - corners[0])), np.hypot(*(corners[3] - corners[0]))
    if (across > down) != (size[0] > size[1]):
        return None
    page_corners = np.array([[0, 0], [size[0], 0], size, [0, size[1]]], np.float32)
    back = cv2.getPerspectiveTransform(page_corners, corners.astype(np.float32))
    page = cv2.warpPerspective(
        image, back, [int(side) for side in size], flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    )
    seen = [(one, *_find(np.asarray(page, np.uint8), one)) for one in layout.anchors]
    good = [(one.at, place, alike) for one, place, alike in seen if alike >= ALIKE]
    if len(good) < FEWEST:
        return None
    meant, where = np.array([one[0] for one in good]), np.array([one[1] for one in good])
    to_page, kept = _agreed(meant, where)
    if len(kept) < FEWEST:
        return None
    off = np.hypot(*(project(to_page, meant[kept]) - where[kept]).T) / PIXELS_PER_MM
    placement = Placement(np.asarray(back, float) @ to_page, len(kept), float(np.sqrt((off**2).mean())))
    return (len(kept), float(np.mean([one[2] for one in good]))), placement


def _find(page: Image, anchor: Anchor) -> tuple[Points, float]:
    """Where the picture of a landmark fits best near its place (pixels of the page), and how well."""
    picture = decoded(anchor.picture)
    middle = np.array(anchor.at) * PIXELS_PER_MM
    reach = np.array(picture.shape[::-1]) / 2 + SEARCH_MM * PIXELS_PER_MM
    low = np.maximum(np.floor(middle - reach), 0).astype(int)
    high = np.minimum(np.ceil(middle + reach), page.shape[::-1]).astype(int)
    window = page[low[1] : high[1], low[0] : high[0]]
    if window.shape[0] < picture.shape[0] or window.shape[1] < picture.shape[1]:
        return middle, 0.0
    match = cv2.matchTemplate(window, picture, cv2.TM_CCOEFF_NORMED)
    _, alike, _, peak = cv2.minMaxLoc(match)
    return low + np.array(peak) + (np.array(picture.shape[::-1]) - 1) / 2, float(alike)


def _agreed(meant: Points, where: Points) -> tuple[Points, NDArray[np.int64]]:
    """The map on which most landmarks agree; those far from it are dropped, the worst first."""
    kept = np.arange(len(meant))
    while True:
        fitted = fit_map(meant[kept], where[kept], PIXELS_PER_MM)
        apart = np.hypot(*(project(fitted, meant[kept]) - where[kept]).T) / PIXELS_PER_MM
        if len(kept) <= FEWEST or apart.max() < NEAR_MM:
            return fitted, kept if apart.max() < NEAR_MM else kept[:0]
        kept = np.delete(kept, apart.argmax())
