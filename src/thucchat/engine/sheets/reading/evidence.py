"""Pictures for people: the crop of a doubtful question, and the page with what was read drawn over it."""

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from thucchat.engine.sheets.layout import Layout
from thucchat.engine.sheets.reading.images import Image
from thucchat.engine.sheets.reading.page import Measured, SheetReading

Picture = NDArray[np.uint8]

PIXELS_PER_MM = 8.0
AROUND_MM = 4.0
GREEN, RED = (60, 160, 30), (30, 30, 220)  # blue, green, red


def upright(image: Image, layout: Layout, measured: Measured) -> Picture:
    """The page as printed, PIXELS_PER_MM pixels a millimetre, in colour."""
    assert measured.placement is not None
    scale = np.diag([1 / PIXELS_PER_MM, 1 / PIXELS_PER_MM, 1.0])
    size = (round(layout.width * PIXELS_PER_MM), round(layout.height * PIXELS_PER_MM))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    warped = cv2.warpPerspective(image, measured.placement.matrix @ scale, size, flags=flags)
    return np.asarray(cv2.cvtColor(warped, cv2.COLOR_GRAY2BGR), np.uint8)


def overlay(image: Image, layout: Layout, measured: Measured, reading: SheetReading) -> Picture:
    """The page with a ring around every mark read: green when sure, red when a person should look."""
    page = upright(image, layout, measured)
    if measured.ink is None or reading.marks is None:
        return page
    width, height = (round(side / 2 * PIXELS_PER_MM * 1.25) for side in layout.bubble)
    for place, one in enumerate(layout.fields):
        doubtful = bool(reading.marks.doubtful[place])
        shift = measured.ink.shifts[layout.map.groups[layout.map.first[place]]]
        for centre, value in zip(one.centres, one.values, strict=True):
            if value in reading.marks.values[place] or doubtful:
                x, y = ((np.array(centre) + shift) * PIXELS_PER_MM).round().astype(int)
                colour = RED if doubtful else GREEN
                cv2.ellipse(page, (int(x), int(y)), (width, height), 0, 0, 360, colour, 3 if doubtful else 2)
    return page


def crop(page: Picture, layout: Layout, questions: Iterable[str]) -> Picture:
    """The part of an upright page that holds `questions`, with a margin."""
    wanted = set(questions)
    centres = np.array([centre for one in layout.fields if one.question in wanted for centre in one.centres])
    reach = AROUND_MM + np.array(layout.bubble) / 2
    low = np.maximum((centres.min(axis=0) - reach) * PIXELS_PER_MM, 0).astype(int)
    high = ((centres.max(axis=0) + reach) * PIXELS_PER_MM).astype(int)
    return page[low[1] : high[1], low[0] : high[0]]
