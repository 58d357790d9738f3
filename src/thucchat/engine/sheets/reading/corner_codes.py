"""Reads the corner codes where the layout says they stand, and settles what they say together."""

from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp

from thucchat.engine.sheets.identity_code import SheetCode, parse_code
from thucchat.engine.sheets.layout import CodeSpot, Layout
from thucchat.engine.sheets.reading.images import Image
from thucchat.engine.sheets.reading.locate import Placement

MARGIN_MM = 3.0


@dataclass(frozen=True, slots=True)
class CornerCodes:
    """What the codes of one sheet say."""

    read: int  # how many corners were read
    code: SheetCode | None  # None when no corner was read
    conflict: bool  # corners contradict each other: two sheets, or a pasted corner


def read_codes(image: Image, layout: Layout, placement: Placement) -> CornerCodes:
    """Read every corner."""
    found = [code for spot in layout.codes if (code := _read(image, spot, placement))]
    if not found:
        return CornerCodes(0, None, conflict=False)
    parts = [[getattr(one, name) for one in found] for name in ("layout", "candidate", "code", "serial")]
    settled = [next(filter(None, values), "") for values in parts]
    conflict = any(len(set(filter(None, values))) > 1 for values in parts)
    return CornerCodes(len(found), SheetCode(*settled), conflict)


def _read(image: Image, spot: CodeSpot, placement: Placement) -> SheetCode | None:
    half = spot.size / 2 + MARGIN_MM
    box = np.array([[-half, -half], [half, -half], [half, half], [-half, half]]) + spot.at
    pixels = placement.pixels(box)
    low = np.maximum(np.floor(pixels.min(axis=0)).astype(int), 0)
    high = np.ceil(pixels.max(axis=0)).astype(int)
    crop = image[low[1] : high[1], low[0] : high[0]]
    if min(crop.shape) < 12:
        return None
    for attempt in (crop, _enlarged(crop)):
        for barcode in zxingcpp.read_barcodes(
            np.ascontiguousarray(attempt), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.DataMatrix)
        ):
            if code := parse_code(barcode.text):
                return code
    return None


def _enlarged(crop: Image) -> Image:
    """Twice the size and sharpened: what blurred and low-resolution codes need."""
    large = cv2.resize(crop, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    soft = cv2.GaussianBlur(large, (0, 0), 2.5)
    return np.asarray(cv2.addWeighted(large, 1.8, soft, -0.8, 0), np.uint8)
