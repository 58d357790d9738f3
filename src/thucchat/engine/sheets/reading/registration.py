"""Finds a page by the picture of its blank: for forms that others printed and phones photographed.

The page is guessed from its outline, laid over the blank, and moved until the blank's tiles lie on their
likes, from rare tiles far away to all tiles near by. Only agreement of rare tiles counts in the end: a page
that lies a row of bubbles off has none.
"""

from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from thucchat.engine.sheets.layout import Layout
from thucchat.engine.sheets.reading.images import Image
from thucchat.engine.sheets.reading.locate import AGREED_MM, Placement, Points, fit_map, project
from thucchat.engine.sheets.reading.outlines import outlines
from thucchat.engine.sheets.reading.tiles import (
    FEWEST,
    PAPER,
    PIXELS_PER_MM,
    REACH_MM,
    BlankForm,
    Found,
    blank_form,
    even,
    find_tiles,
)

FILLED = 1.15  # long side of a picture against that of the page in it
ALIKE = 0.4  # correlation of a tile with its like, at least
UPRIGHT = 0.45  # of the logarithm of an outline's proportions against the page's
REACHES_MM = (5.0, REACH_MM)  # an outline that is right is told best from near by
COARSE_MM = 3.0  # off the first map, for a tile to agree with it
STEPS_MM = ((6.0, 2.0), (2.5, 1.2), (1.5, 0.8))  # search, then distance of tiles that agree
HALF_A_ROW_MM = 2.0  # beyond it, bubbles are taken for those of the next row
LOOK_MM, AGREED_TILE_MM = 8.0, 1.5  # the same when judging
SETTLED, BELIEVED = 0.8, 0.6  # of the rare tiles that agree: stop looking; good enough


@dataclass(frozen=True, slots=True)
class _Laid:
    """The blank laid on a reduced picture."""

    matrix: Points  # (3, 3), blank's pixels → picture's pixels
    agreed: int  # rare tiles
    share: float  # of the rare tiles that agree
    error: float  # of these, root mean square, mm


def place_by_blank(layout: Layout, image: Image) -> Placement | None:
    """The placement on which the blank's rare tiles agree; None where too few do."""
    form = blank_form(layout.picture)
    scale = FILLED * max(form.page.shape) / max(image.shape)
    small = np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    page, best = even(small), None
    for corners, turn, reach in product(outlines(small), range(4), REACHES_MM):
        start = _start(form, np.roll(corners, turn, axis=0))
        laid = None if start is None else _laid(page, form, start, reach)
        if laid and (best is None or laid.share > best.share):
            best = laid
        if best and best.share >= SETTLED:
            break
    if best is None or best.share < BELIEVED or best.agreed < FEWEST:
        return None
    half = (1 / scale - 1) / 2  # pixels are counted from their middles
    larger = np.array([[1 / scale, 0, half], [0, 1 / scale, half], [0, 0, 1]])
    matrix = larger @ best.matrix @ np.diag([PIXELS_PER_MM, PIXELS_PER_MM, 1])
    flat = best.share >= SETTLED and best.error < AGREED_MM and not np.abs(matrix[2, :2]).any()
    return Placement(matrix, best.agreed, best.error, flat)


def _start(form: BlankForm, corners: Points) -> Points | None:
    """The map that puts the blank's corners at `corners`; None where it would lie on its side."""
    height, width = form.page.shape
    across, down = np.hypot(*(corners[1] - corners[0])), np.hypot(*(corners[3] - corners[0]))
    if abs(np.log(across / down * height / width)) > UPRIGHT:
        return None
    own = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return np.asarray(cv2.getPerspectiveTransform(own, corners.astype(np.float32)), float)


def _laid(page: Image, form: BlankForm, start: Points, reach_mm: float) -> _Laid | None:
    """The blank moved from `start` to where its tiles are, at most `reach_mm` away."""
    matrix = _coarse(_look(page, form, start, (form.rare, reach_mm)), start)
    for reach, near in STEPS_MM:
        if matrix is None:
            return None
        found = _look(page, form, matrix, (form.rare if reach > HALF_A_ROW_MM else form.tiles, reach))
        matrix = _fine(found, matrix, near)
    return None if matrix is None else _judged(page, form, matrix)


def _look(page: Image, form: BlankForm, matrix: Points, what: tuple[NDArray[np.int64], float]) -> Found:
    """Tiles on the page as it lies under the blank."""
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    upright = cv2.warpPerspective(page, matrix, form.page.shape[::-1], flags=flags, borderValue=PAPER)
    return find_tiles(np.asarray(upright, np.uint8), form, *what)


def _coarse(found: Found, matrix: Points) -> Points | None:
    good = found.alike > ALIKE
    if good.sum() < FEWEST:
        return None
    near = COARSE_MM * PIXELS_PER_MM
    move, _ = cv2.estimateAffine2D(found.meant[good], found.seen[good], ransacReprojThreshold=near)
    return None if move is None else np.asarray(matrix @ np.vstack((move, [0.0, 0.0, 1.0])), float)


def _fine(found: Found, matrix: Points, near_mm: float) -> Points | None:
    """The stiffest map to the picture on which most tiles agree."""
    good = found.alike > ALIKE
    if good.sum() < FEWEST:
        return None
    meant, seen = found.meant[good], found.seen[good]
    _, agreed = cv2.findHomography(meant, seen, cv2.RANSAC, near_mm * PIXELS_PER_MM)
    kept = np.flatnonzero(agreed) if agreed is not None else np.zeros(0, np.int64)
    if len(kept) < FEWEST:
        return None
    return fit_map(meant[kept], project(matrix, seen[kept]), PIXELS_PER_MM / FILLED)


def _judged(page: Image, form: BlankForm, matrix: Points) -> _Laid | None:
    found = _look(page, form, matrix, (form.rare, LOOK_MM))
    off = np.hypot(*(found.seen - found.meant).T) / PIXELS_PER_MM
    good = (off < AGREED_TILE_MM) & (found.alike > ALIKE)
    weights = np.column_stack((found.meant, np.ones(len(found.meant)))) @ matrix[2]
    if not good.any() or (weights <= 0).any():
        return None
    return _Laid(matrix, int(good.sum()), float(good.mean()), float(np.sqrt((off[good] ** 2).mean())))
