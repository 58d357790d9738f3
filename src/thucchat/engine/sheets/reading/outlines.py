"""Where a page may lie in a picture, by its bright outline alone; rough, for others to refine."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from thucchat.engine.sheets.reading.images import Image
from thucchat.engine.sheets.reading.locate import Points

SOFT = 2.5  # pixels of blur, so that print does not cut the page up
THREAD = 7  # pixels; narrower bright bridges to what lies around are cut
LEVELS = (0.6, 0.75, 0.5, 0.85)  # of the brightest; a shadow over page or table hides it from some of them
BRIGHTEST = 90  # percentile
STRAIGHT = (0.02, 0.03, 0.05)  # of the outline that straightening may cut off
SHEET_SHARE = 0.25  # of the image that the page fills at least
SAME = 0.01  # of the image's long side between corners of outlines not worth telling apart


def outlines(image: Image) -> Iterator[Points]:
    """Corners, clockwise from the top left, of bright quadrilaterals, then of the whole picture; none twice.

    The image is reduced, to about a thousand pixels.
    """
    height, width = image.shape
    whole = np.array([[0, 0], [width, 0], [width, height], [0, height]], float)
    seen: list[Points] = []
    for corners in (*_bright_sheets(image), whole):
        if all(np.abs(corners - one).max() > SAME * max(image.shape) for one in seen):
            seen.append(corners)
            yield corners


def _bright_sheets(image: Image) -> Iterator[Points]:
    soft = np.asarray(cv2.GaussianBlur(image, (0, 0), SOFT), np.uint8)
    between, _ = cv2.threshold(soft, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    brightest = float(np.percentile(soft, BRIGHTEST))
    for level in (between, *(share * brightest for share in LEVELS)):
        if (corners := _quadrilateral(soft, level)) is not None:
            yield corners


def _quadrilateral(soft: Image, level: float) -> Points | None:
    """The largest patch brighter than `level`, if it has four corners."""
    bright = np.asarray(soft > level, np.uint8)
    apart = cv2.morphologyEx(bright, cv2.MORPH_OPEN, np.ones((THREAD, THREAD), np.uint8))
    found, _ = cv2.findContours(apart, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not found:
        return None
    hull = cv2.convexHull(max(found, key=cv2.contourArea))
    around = cv2.arcLength(hull, closed=True)
    for share in STRAIGHT:
        corners = cv2.approxPolyDP(hull, share * around, closed=True)[:, 0]
        if len(corners) == 4 and cv2.contourArea(corners) > SHEET_SHARE * soft.size:
            return _clockwise(corners.astype(float))
    return None


def _clockwise(corners: NDArray[np.float64]) -> Points:
    around = corners - corners.mean(axis=0)
    return np.asarray(corners[np.argsort(np.arctan2(around[:, 1], around[:, 0]))], float)
