"""Finds a page that has no dark squares by pictures of its landmarks: crosses, angles, logos, words.

For flat scans of forms that others printed: the image is taken to show the whole page, turned by quarters
and a few degrees, with each landmark within SEARCH_MM of its place.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from thucchat.engine.sheets.layout import Anchor, Layout
from thucchat.engine.sheets.reading.images import Image
from thucchat.engine.sheets.reading.locate import Placement, Points, fit_map, project

PIXELS_PER_MM = 3.0
SEARCH_MM = 22.0
ALIKE = 0.5  # correlation of a landmark with its picture
FEWEST = 3
NEAR_MM = 1.5  # of its place, for a landmark to be believed
Score = tuple[int, float]


def place_by_landmarks(layout: Layout, image: Image) -> list[Placement]:
    """The best placement over the quarter turns; empty when too few landmarks are found."""
    upright = (image.shape[0] > image.shape[1]) == (layout.height > layout.width)
    best: tuple[Score, Placement] | None = None
    for turns in (0, 2) if upright else (1, 3):
        found = _placement(layout, image, turns)
        if found is not None and (best is None or found[0] > best[0]):
            best = found
    return [] if best is None else [best[1]]


def _placement(layout: Layout, image: Image, turns: int) -> tuple[Score, Placement] | None:
    turned = np.ascontiguousarray(np.rot90(image, turns))
    size = (round(layout.width * PIXELS_PER_MM), round(layout.height * PIXELS_PER_MM))
    page = cv2.resize(turned, size, interpolation=cv2.INTER_AREA)
    seen = [(one, *_find(np.asarray(page, np.uint8), one)) for one in layout.anchors]
    good = [(one.at, place, alike) for one, place, alike in seen if alike >= ALIKE]
    if len(good) < FEWEST:
        return None
    meant, where = np.array([one[0] for one in good]), np.array([one[1] for one in good])
    to_page, kept = _agreed(meant, where)
    if len(kept) < FEWEST:
        return None
    error = (
        float(np.sqrt((np.hypot(*(project(to_page, meant[kept]) - where[kept]).T) ** 2).mean()))
        / PIXELS_PER_MM
    )
    matrix = _turned_back(turned.shape, size, turns) @ to_page
    return (len(kept), float(np.mean([one[2] for one in good]))), Placement(matrix, len(kept), error)


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


def _turned_back(shape: tuple[int, ...], size: tuple[int, int], turns: int) -> Points:
    """From pixels of the small turned page to pixels of the image as it came."""
    height, width = shape
    larger = np.diag([width / size[0], height / size[1], 1.0])
    # rot90 turns counter-clockwise: undo it, one quarter at a time, on pixel coordinates.
    back = {
        0: [[1, 0, 0], [0, 1, 0]],
        1: [[0, -1, height - 1], [1, 0, 0]],
        2: [[-1, 0, width - 1], [0, -1, height - 1]],
        3: [[0, 1, 0], [-1, 0, width - 1]],
    }[turns]
    return np.array([*back, [0, 0, 1]], float) @ larger


def decoded(picture: bytes) -> Image:
    """A landmark's PNG as a grey image."""
    return np.asarray(cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)


def encoded(image: Image) -> bytes:
    """A grey image as PNG."""
    return bytes(cv2.imencode(".png", image)[1].tobytes())
