"""Pictures of a blank form that go into its layout: upright, as PNG in base64."""

import base64
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from thucchat.engine.sheets.reading import landmarks, tiles
from thucchat.engine.sheets.reading.images import Image
from thucchat.engine.sheets.reading.locate import Points, project
from thucchat.engine.sheets.reading.pictures import encoded

LANDMARK_MM = 14.0  # side of a landmark's picture
SOFT = 0.4  # of the size of a pixel of the picture, standard deviation of the blur before it is taken


def landmark(image: Image, place: Sequence[float], to_page: Points) -> dict[str, Any]:
    """The anchor for a pointed place (pixels) that is known by what is printed around it."""
    middle = project(to_page, np.array([place], float))[0]
    side = 2 * round(LANDMARK_MM * landmarks.PIXELS_PER_MM / 2) + 1
    corner = middle - (side - 1) / 2 / landmarks.PIXELS_PER_MM
    soft = np.asarray(cv2.GaussianBlur(image, (0, 0), 1.0), np.uint8)
    picture = _upright(soft, to_page, (corner, landmarks.PIXELS_PER_MM), (side, side))
    at = [round(float(axis), 3) for axis in middle]
    return {"at": at, "size": LANDMARK_MM, "picture": _text(encoded(picture))}


def blank_page(image: Image, to_page: Points, size: tuple[float, float]) -> str:
    """The page of `size` mm; empty where it has too few places that look like nothing around them."""
    corner = project(np.asarray(np.linalg.inv(to_page), float), np.array([[0, 0], [size[0], 0]], float))
    coarser = float(np.hypot(*(corner[1] - corner[0]))) / size[0] / tiles.PIXELS_PER_MM
    soft = cv2.GaussianBlur(image, (0, 0), SOFT * coarser) if coarser > 1 else image
    pixels = (round(size[0] * tiles.PIXELS_PER_MM), round(size[1] * tiles.PIXELS_PER_MM))
    page = _upright(np.asarray(soft, np.uint8), to_page, (np.zeros(2), tiles.PIXELS_PER_MM), pixels)
    content = encoded(tiles.even(page))
    known = len(tiles.blank_form(content).rare) >= tiles.FEWEST
    return _text(content) if known else ""


def _upright(image: Image, to_page: Points, where: tuple[Points, float], size: tuple[int, int]) -> Image:
    """Part of the page: its top-left corner in mm and pixels a mm, then width and height in pixels."""
    corner, fine = where
    to_image = np.linalg.inv(to_page) @ np.array(
        [[1 / fine, 0, corner[0]], [0, 1 / fine, corner[1]], [0, 0, 1]]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpPerspective(image, to_image, size, flags=flags, borderValue=255), np.uint8)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
