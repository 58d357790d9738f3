"""A drawing as pixels, for programs that read no SVG. Nothing is loaded here that composes drawings."""

from functools import cache
from pathlib import Path

import vl_convert

from thucchat.engine.documents.tree import Chart

SCALE = 3  # pixels of a PNG per px: 288 dots per inch


def png(chart: Chart, fonts: Path | None = None) -> bytes:
    """The drawing as PNG; `fonts` is a folder of TTF files to draw the letters with."""
    if fonts is not None:
        _register(fonts)
    return bytes(vl_convert.svg_to_png(chart.svg, scale=SCALE))


@cache
def _register(fonts: Path) -> None:
    vl_convert.register_font_directory(str(fonts))
