"""A code that proves something, on paper: the line to compare, and the same line as a QR code."""

import numpy as np
import zxingcpp

from thucchat.engine.documents.tree import Chart, Figure

SIDE = 110  # px
QUIET = 4  # modules of white around the code


def root_mark(printed: str, called: str = "Mã gốc của sổ sự kiện") -> Figure:
    """`printed` as a figure for the end of a minute, under the name people know it by."""
    barcode = zxingcpp.create_barcode(printed, zxingcpp.BarcodeFormat.QRCode)
    dark = np.array(barcode.to_image(scale=1, add_quiet_zones=False)) == 0
    side = len(dark) + 2 * QUIET
    path = "".join(f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, x in np.argwhere(dark))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIDE}" height="{SIDE}" viewBox="0 0 {side} {side}">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{path}" fill="#000"/></svg>'
    )
    alt = f"Mã QR của dòng: {printed}"
    return Figure(Chart(svg, alt, SIDE, SIDE), f"{called}: {printed}")
