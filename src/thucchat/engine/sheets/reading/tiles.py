"""The picture of a blank form cut into tiles, and where these tiles are on another page of the form.

Pages are upright, PIXELS_PER_MM pixels a millimetre, and even: paper has one brightness in light and shadow.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from thucchat.engine.sheets.reading.images import Image
from thucchat.engine.sheets.reading.light import paper_white
from thucchat.engine.sheets.reading.locate import Points
from thucchat.engine.sheets.reading.pictures import decoded

PIXELS_PER_MM = 2.5
SIDE_MM = 18.0
STEP_MM = SIDE_MM / 2
REACH_MM = 15.0  # within which a rare tile looks like nothing else
SAME_PLACE_MM = 1.5
LIKENESS = 0.85  # correlation of a rare tile with anything else in reach, at most
PAPER = 230  # brightness of even paper
SOFT = 0.8  # pixels of blur
FEWEST = 6  # tiles that tell where a page lies
PRINTED = 6.0  # standard deviation of brightness on a tile that shows anything
RARE, RARE_CELLS = 24, (6, 4)  # tiles at most; rows and columns of the page over which they are spread
MANY, MANY_CELLS = 60, (10, 7)


@dataclass(frozen=True, slots=True)
class BlankForm:
    """A blank form by which pages are found."""

    page: Image
    rare: NDArray[np.int64]  # (n, 2), top-left pixels of tiles that cannot be taken for their surroundings
    tiles: NDArray[np.int64]  # (n, 2), of tiles over the whole page, whether rare or not


@dataclass(frozen=True, slots=True)
class Found:
    """Tiles on a page."""

    meant: Points  # (n, 2), pixels of their middle on the blank
    seen: Points  # (n, 2), pixels where they are on the page
    alike: NDArray[np.float64]  # (n,), correlation there


def even(image: Image) -> Image:
    """The image without light and shadow, slightly soft."""
    white = cv2.resize(paper_white(image), image.shape[::-1])
    level = np.clip(image / white * PAPER, 0, 255).astype(np.uint8)
    return np.asarray(cv2.GaussianBlur(level, (0, 0), SOFT), np.uint8)


@lru_cache(maxsize=8)
def blank_form(picture: bytes) -> BlankForm:
    """The form of a layout's picture, a PNG of the even page."""
    page = decoded(picture)
    side, step = round(SIDE_MM * PIXELS_PER_MM), round(STEP_MM * PIXELS_PER_MM)
    height, width = page.shape
    corners = [(x, y) for y in range(0, height - side + 1, step) for x in range(0, width - side + 1, step)]
    printed = [one for one in corners if page[one[1] :, one[0] :][:side, :side].std() > PRINTED]
    likeness = {one: _likeness(page, one) for one in printed}
    order = sorted(printed, key=lambda one: likeness[one])
    rare = [one for one in order if likeness[one] < LIKENESS]
    return BlankForm(
        page, _spread(rare, page.shape, RARE, RARE_CELLS), _spread(order, page.shape, MANY, MANY_CELLS)
    )


def _likeness(page: Image, corner: tuple[int, int]) -> float:
    """Correlation of a tile with what is most like it in reach but not the tile itself."""
    match, low = _matches(page, page, corner, REACH_MM)
    x, y = np.subtract(corner, low)
    near = round(SAME_PLACE_MM * PIXELS_PER_MM)
    match[max(y - near, 0) : y + near + 1, max(x - near, 0) : x + near + 1] = -1
    return float(match.max())


def _matches(
    page: Image, blank: Image, corner: tuple[int, int], reach_mm: float
) -> tuple[NDArray[np.float32], tuple[int, int]]:
    """Correlations of the tile of `blank` at `corner` with places around it on `page`; the first place."""
    (x, y), side, reach = corner, round(SIDE_MM * PIXELS_PER_MM), round(reach_mm * PIXELS_PER_MM)
    left, top = max(x - reach, 0), max(y - reach, 0)
    window = page[top : y + side + reach, left : x + side + reach]
    match = cv2.matchTemplate(window, blank[y : y + side, x : x + side], cv2.TM_CCOEFF_NORMED)
    return np.asarray(match, np.float32), (left, top)


def _spread(
    order: list[tuple[int, int]], shape: tuple[int, ...], most: int, cells: tuple[int, int]
) -> NDArray[np.int64]:
    """The first `most` of tiles, taken in turn from cells over the page."""
    piles: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for x, y in order:
        piles[y * cells[0] // shape[0], x * cells[1] // shape[1]].append((x, y))
    deepest = max(map(len, piles.values()), default=0)
    chosen = [pile[turn] for turn in range(deepest) for pile in piles.values() if len(pile) > turn]
    return np.array(chosen[:most], np.int64).reshape(-1, 2)


def find_tiles(page: Image, form: BlankForm, corners: NDArray[np.int64], reach_mm: float) -> Found:
    """Where the tiles at `corners` of the blank fit best on `page`, within `reach_mm` of their places."""
    seen, alike = [], []
    for x, y in corners.tolist():
        match, low = _matches(page, form.page, (x, y), reach_mm)
        _, best, _, peak = cv2.minMaxLoc(match)
        seen.append(np.add(low, peak))
        alike.append(best)
    half = round(SIDE_MM * PIXELS_PER_MM) / 2
    return Found(
        np.asarray(corners + half, float), np.array(seen, float).reshape(-1, 2) + half, np.array(alike, float)
    )
