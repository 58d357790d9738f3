"""Labelled sheets made without our own damage or drawing.

pdftoppm rasterises, ImageMagick fills and turns them, LibreOffice packs them into a document.
"""

import base64
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from thucchat.engine.sheets.distort.truth import Habit, Truth, invent
from thucchat.engine.sheets.layout import Layout
from thucchat.engine.sheets.printing.sheets import PrintedSheet, print_sheets

DPI = 200
MARK = 0.82  # of the bubble


def make_by_tools(folder: Path, layout: Layout, pipeline: str, count: int) -> Iterator[tuple[Path, Truth]]:
    """Files and what stands on them."""
    for seed in range(count):
        rng = np.random.default_rng([seed, *pipeline.encode(), *layout.name.encode()])
        candidate, code = (
            "".join(map(str, rng.integers(0, 10, layout.digits(field)))) for field in ("candidate", "code")
        )
        shown = candidate or "00000000"
        habit = Habit(changed=0.0, double=0.0)
        truth = invent(layout, habit, rng, candidate=shown, code=code, printed=not candidate)
        printed = PrintedSheet("" if candidate else shown, "", f"{seed:06d}")
        stem = folder / f"{layout.name}-{seed}"
        (stem.with_suffix(".pdf")).write_bytes(print_sheets(layout, [printed]))
        run("pdftoppm", "-r", str(DPI), "-gray", "-png", "-singlefile", f"{stem}.pdf", str(stem))
        fill(stem.with_suffix(".png"), layout, truth, rng)
        yield PIPELINES[pipeline](stem, rng), truth


def run(*command: str) -> None:
    """Run a program, or stop."""
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def fill(picture: Path, layout: Layout, truth: Truth, rng: np.random.Generator) -> None:
    """Ellipses in a pencil's grey where the pupil marked."""
    scale = DPI / 25.4
    strokes = []
    for stain in truth.stains:
        x, y = (layout.map.centres[stain.bubble] + rng.normal(0, 0.15, 2)) * scale
        a, b = np.array(layout.bubble) / 2 * scale * MARK
        level = int(rng.integers(40, 110))
        strokes.append(f"fill rgb({level},{level},{level}) ellipse {x:.1f},{y:.1f} {a:.1f},{b:.1f} 0,360")
    run("convert", str(picture), "-draw", " ".join(strokes), "-colorspace", "Gray", str(picture))


def turned(stem: Path, rng: np.random.Generator) -> Path:
    """A JPEG at 150 dpi, turned, blurred and noisy."""
    out = stem.with_suffix(".jpg")
    angle = f"{rng.normal(0, 1.2):.2f}"
    run("convert", f"{stem}.png", "-resize", "75%", "-background", "white", "-rotate", angle,
        "-blur", "0x0.7", "-attenuate", "0.2", "+noise", "Gaussian", "-quality", "78", str(out))  # fmt: skip
    return out


def fax(stem: Path, _: np.random.Generator) -> Path:
    """Black and white, group 4, upside down."""
    out = stem.with_suffix(".tif")
    run("convert", f"{stem}.png", "-rotate", "180", "-threshold", "62%", "-compress", "Group4", str(out))
    return out


def tilted(stem: Path, rng: np.random.Generator) -> Path:
    """Seen from the side on a brown table, with light falling off."""
    out = stem.with_suffix(".jpg")
    pulled = [f"{int(one)}" for one in rng.uniform(0, 90, 4)]
    corners = f"0,0 {pulled[0]},{pulled[1]} %[fx:w-1],0 %[fx:w-1-{pulled[2]}],{pulled[3]} "
    corners += f"0,%[fx:h-1] 0,%[fx:h-1] %[fx:w-1],%[fx:h-1] %[fx:w-1-{pulled[1]}],%[fx:h-1-{pulled[0]}]"
    run("convert", f"{stem}.png", "-colorspace", "sRGB", "-bordercolor", "#6b4a2f", "-border", "160",
        "-virtual-pixel", "edge", "-distort", "Perspective", corners,
        "(", "+clone", "-sparse-color", "Bilinear", "0,0 white %w,0 #bbb 0,%h #ddd %w,%h #999", ")",
        "-compose", "Multiply", "-composite", "-blur", "0x0.8", "-quality", "80", str(out))  # fmt: skip
    return out


def office(stem: Path, _: np.random.Generator) -> Path:
    """The picture set in a text document, printed to PDF by LibreOffice."""
    picture = stem.with_suffix(".jpg")
    run("convert", f"{stem}.png", "-quality", "85", str(picture))
    data = base64.b64encode(picture.read_bytes()).decode()
    source = stem.with_suffix(".fodt")
    source.write_text(FODT.replace("DATA", data))
    stem.with_suffix(".pdf").unlink()
    own = f"-env:UserInstallation=file://{stem.parent}/profile"  # beside whatever else runs
    kind = "--infilter=OpenDocument Text Flat XML"
    run("soffice", own, "--headless", kind, "--convert-to", "pdf", "--outdir", str(stem.parent), str(source))
    return stem.with_suffix(".pdf")


FODT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
<office:automatic-styles><style:page-layout style:name="p"><style:page-layout-properties
 fo:page-width="210mm" fo:page-height="297mm" fo:margin="5mm"/></style:page-layout></office:automatic-styles>
<office:master-styles>
<style:master-page style:name="Standard" style:page-layout-name="p"/></office:master-styles>
<office:body><office:text><text:p>
<draw:frame text:anchor-type="as-char" svg:width="195mm" svg:height="275.8mm">
<draw:image><office:binary-data>DATA</office:binary-data></draw:image></draw:frame></text:p></office:text>
</office:body></office:document>"""
PIPELINES: dict[str, Callable[[Path, np.random.Generator], Path]] = {
    "pdftoppm, ImageMagick: turned JPEG, 150 dpi": turned,
    "pdftoppm, ImageMagick: Group 4 TIFF upside down": fax,
    "pdftoppm, ImageMagick: tilted on a table": tilted,
    "LibreOffice PDF, 93 %": office,
}
