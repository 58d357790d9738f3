"""Pictures of what a person must look at: one crop a doubtful question, one overlay a sheet."""

from pathlib import Path

import cv2

from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.batch.records import PageRecord
from thucchat.engine.sheets.batch.table import BatchResult, SheetRow
from thucchat.engine.sheets.layout import Layout
from thucchat.engine.sheets.reading.evidence import Picture, crop, overlay, upright
from thucchat.engine.sheets.reading.images import Image, capture, decode, pages

OVERLAY = "phieu"


def write_pictures(source: Path, folder: Path, result: BatchResult) -> int:
    """Write pictures for every sheet that a person must look at. Returns how many.

    A file that is no longer the one captured (by fingerprint) is refused, not shown.
    Raises:
        InvalidInput: `evidence.changed`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    base = source.parent if source.is_file() else source
    return sum(_sheet_pictures(base, folder, result.layout, row) for row in result.rows if row.review)


def _sheet_pictures(base: Path, folder: Path, layout: Layout, row: SheetRow) -> int:
    measured, reading = row.record.measured, row.reading
    if measured is None or measured.placement is None or reading is None:
        return 0
    image = captured_image(base / row.record.file, row.record)
    stem = f"{row.record.file.replace('/', '_')}-{row.record.page}"
    written = [_write(folder / f"{stem}-{OVERLAY}.png", overlay(image, layout, measured, reading))]
    page = upright(image, layout, measured)
    questions = [one.question for one in reading.answers if one.doubtful]
    questions += [name for name in ("candidate", "code") if any(flag.startswith(name) for flag in row.review)]
    asked = [name for name in questions if any(one.question == name for one in layout.fields)]
    written.extend(
        _write(folder / f"{stem}-{question}.png", crop(page, layout, [question])) for question in asked
    )
    return len(written)


def captured_image(path: Path, record: PageRecord) -> Image:
    """The image a record was measured on, in the same size.

    Raises:
        InvalidInput: `evidence.changed` when the file is not the one captured.
    """
    shot = capture(path)
    if shot.sha256 != record.sha256:
        raise InvalidInput("evidence.changed", f"Tệp “{path.name}” không còn là ảnh đã đọc: vân tay đã khác.")
    image = next(pages(shot, record.page - 1, record.page))
    if not isinstance(image, InvalidInput) and image.shape != record.size:
        image = decode(shot, full=True)
    if isinstance(image, InvalidInput):
        raise image
    return image


def _write(path: Path, picture: Picture) -> Path:
    _, content = cv2.imencode(".png", picture)
    path.write_bytes(content.tobytes())
    return path
