"""The light on a page: how white the paper is at each place, and which lines the scanner itself drew."""

import cv2
import numpy as np
from numpy.typing import NDArray

from thucchat.engine.sheets.reading.images import Image

COARSE_SIDE = 440  # pixels of the long side on which paper white is followed
WHITE_WINDOW = 1 / 32  # of the long side: wider than an anchor, narrower than most shadows
STREAK_BANDS = 24
STREAK_SHARE = 0.85  # of the bands a streak must darken
STREAK_DEPTH = 0.16  # of white


def paper_white(image: Image) -> NDArray[np.float32]:
    """Brightness of unprinted paper, on a coarse grid over the whole image.

    A closing (darkest of the brightest) follows shadows and keeps their edges, which a blur would smear.
    Shapes:
        result: the image's proportions, long side COARSE_SIDE.
    """
    scale = COARSE_SIDE / max(image.shape)
    coarse = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    side = int(COARSE_SIDE * WHITE_WINDOW) | 1
    kernel = np.ones((side, side), np.uint8)
    closed = cv2.morphologyEx(cv2.medianBlur(coarse, 3), cv2.MORPH_CLOSE, kernel)
    return np.maximum(cv2.blur(closed, (5, 5)), 1).astype(np.float32)


def without_streaks(image: Image) -> tuple[Image, int]:
    """The image with feeder streaks (dark lines over the whole height) bridged, and their columns counted."""
    bands = cv2.resize(image, (image.shape[1], STREAK_BANDS), interpolation=cv2.INTER_AREA).astype(np.float32)
    around = cv2.medianBlur(bands, 5)
    around = np.maximum(around, cv2.blur(bands, (15, 1)))
    dark = (around - bands) > STREAK_DEPTH * around
    streaks = dark.mean(axis=0) >= STREAK_SHARE
    if not streaks.any():
        return image, 0
    wide = np.convolve(streaks, np.ones(3), "same") > 0
    good = np.flatnonzero(~wide)
    bad = np.flatnonzero(wide)
    if len(bad) > image.shape[1] // 20:
        return image, len(bad)
    left = good[np.maximum(np.searchsorted(good, bad) - 1, 0)]
    right = good[np.minimum(np.searchsorted(good, bad), len(good) - 1)]
    mended = image.copy()
    mended[:, bad] = np.maximum(image[:, left], image[:, right])
    return mended, len(bad)
