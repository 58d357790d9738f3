"""Dark solid marks in an image, among which are the anchors of its layout."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from thucchat.engine.sheets.layout import Layout
from thucchat.engine.sheets.reading.images import Image

Points = NDArray[np.float64]

SEARCH_SIDE = 900  # pixels of the long side on which squares are looked for
DARK = 0.55  # of paper white; in spoilt pictures of the way from the darkest to it
BLACKEST = 0.2  # % of pixels that are the darkest; anchors are twice that
SMALLEST_SIDE, LARGEST_SIDE = 5, 60  # pixels at search size
TURNED = 0.52  # what turning leaves of the share of the upright rectangle that is dark
CORNER_CUT = 0.04  # of the outline that straightening may cut off; a disc keeps five corners then
FILLED = 0.87  # of a leaning square's hull
LOOKED_AT, MOST_SQUARES, MOST_OUTER, SPARE_SQUARES = 3, 18, 8, 8


@dataclass(frozen=True, slots=True)
class Squares:
    """Dark solid squares found, largest first, in pixels of the full image."""

    centres: Points  # (n, 2)
    sides: NDArray[np.float64]  # (n,)


def find_squares(
    image: Image, white: NDArray[np.float32], layout: Layout, most: int = MOST_SQUARES
) -> Squares:
    """Candidates for the anchors of `layout`, as solid and at most as stretched as they are.

    Shapes:
        white: coarse paper brightness as `paper_white` gives it.
    """
    small, scale = _reduced(image)
    return _squares(_darker(small, white * DARK), scale, layout, most)


def find_spoilt_squares(image: Image, white: NDArray[np.float32], layout: Layout) -> Iterator[Squares]:
    """Candidates in pictures of little contrast, then where a hard threshold left black marks hollow."""
    small, scale = _reduced(image)
    black = float(np.percentile(small, BLACKEST))
    dark = _darker(small, black + DARK * np.maximum(white - black, 0))
    yield _squares(dark, scale, layout, MOST_SQUARES)
    outlines, _ = cv2.findContours(dark, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    filled = np.asarray(cv2.drawContours(dark, outlines, -1, 255, cv2.FILLED), np.uint8)
    yield _squares(filled, scale, layout, MOST_SQUARES)


def _reduced(image: Image) -> tuple[Image, float]:
    scale = min(1.0, SEARCH_SIDE / max(image.shape))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8), scale


def _darker(small: Image, level: NDArray[np.float32]) -> NDArray[np.uint8]:
    wide = cv2.resize(level.astype(np.uint8), (small.shape[1], small.shape[0]))
    return np.asarray(cv2.compare(small, wide, cv2.CMP_LT), np.uint8)


def _squares(dark: NDArray[np.uint8], scale: float, layout: Layout, most: int) -> Squares:
    _, labels, found_stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=4, ltype=cv2.CV_32S)
    stats = np.asarray(found_stats, np.int32)
    likely = _likely(stats, layout)
    outer = _outermost_of(stats[likely])
    most = max(most, len(layout.anchors) + SPARE_SQUARES)
    found = _looked_at(labels, stats, (likely[: most * LOOKED_AT], most), layout.solid)
    found |= _looked_at(labels, stats, (likely[outer], MOST_OUTER), layout.solid)
    kept = np.array([found[one] for one in likely.tolist() if one in found]).reshape(-1, 3) / scale
    return Squares(kept[:, :2] + (0.5 / scale - 0.5), kept[:, 2])


def _likely(stats: NDArray[np.int32], layout: Layout) -> NDArray[np.int64]:
    """Labels of components of an anchor's form, largest first."""
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    least, most = sides.min(axis=1), sides.max(axis=1)
    filled = stats[:, cv2.CC_STAT_AREA] / sides.prod(axis=1)
    fits = (least >= SMALLEST_SIDE) & (most <= LARGEST_SIDE) & (filled > TURNED * layout.solid)
    likely = np.flatnonzero((fits & (most < layout.stretch * least))[1:]) + 1
    return likely[np.argsort(-stats[likely, cv2.CC_STAT_AREA])]


def _outermost_of(boxes: NDArray[np.int32]) -> NDArray[np.int64]:
    """Those on the hull of all: filled bubbles may be as large as anchors, but they lie inside."""
    if len(boxes) < MOST_SQUARES:
        return np.zeros(0, np.int64)
    corners = boxes[:, [cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP]]
    return np.sort(cv2.convexHull(corners, returnPoints=False).ravel()).astype(np.int64)


def _looked_at(
    labels: NDArray[Any], stats: NDArray[np.int32], chosen: tuple[NDArray[np.int64], int], solid: float
) -> dict[int, tuple[float, float, float]]:
    """The squares among components, by label, no more than a number."""
    found: dict[int, tuple[float, float, float]] = {}
    for label in chosen[0]:
        if len(found) < chosen[1] and (square := _square(labels, int(label), stats[label], solid)):
            found[int(label)] = square
    return found


def _square(
    labels: NDArray[Any], label: int, box: NDArray[Any], solid: float
) -> tuple[float, float, float] | None:
    """Centre and side of a component that fills its tightest rectangle."""
    left, top, width, height, area = (int(number) for number in box)
    rows, columns = np.nonzero(labels[top : top + height, left : left + width] == label)
    points = np.column_stack((columns, rows)).astype(np.float32)
    _, (side, other), _ = cv2.minAreaRect(points)
    if area < solid * (side + 1) * (other + 1) and not _leaning(
        points, area
    ):  # pixel centres: half a pixel a side
        return None
    return left + float(columns.mean()), top + float(rows.mean()), float(np.sqrt(area))


def _leaning(points: NDArray[np.float32], area: int) -> bool:
    """Whether points fill a quadrilateral, as a square does when seen from the side."""
    hull = cv2.convexHull(points)
    outline = cv2.approxPolyDP(hull, CORNER_CUT * cv2.arcLength(hull, closed=True), closed=True)
    around = cv2.contourArea(hull) + cv2.arcLength(hull, closed=True) / 2 + 1
    return len(outline) == 4 and area > FILLED * around
