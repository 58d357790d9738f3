"""Images from hostile files: formats allowed by name, size read from the header before anything is decoded.

Images are grey, uint8, (height, width). A page is decoded at once and dropped after reading.
"""

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput

Image = NDArray[np.uint8]

MOST_PIXELS = 40_000_000
MOST_PAGES = 2_000
MOST_BYTES = 600_000_000
FEWEST_PIXELS = 200  # a side
PDF_DPI = 150
ENOUGH_PIXELS = 2_600  # a long side above this is decoded at half size: A4 at 150 dpi is 1754
POINTS_PER_INCH = 72
FORMATS = {b"\xff\xd8\xff": "jpeg", b"\x89PNG": "png", b"II*\x00": "tiff", b"MM\x00*": "tiff", b"%PDF": "pdf"}
SUFFIXES = (".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png")
SOF_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class Capture:
    """The bytes of one file as captured, and their fingerprint."""

    name: str
    content: bytes
    sha256: str
    format: str


def capture(path: Path) -> Capture:
    """Read a file and fingerprint it before anything looks inside.

    Raises:
        InvalidInput: `image.size`, `image.format`.
    """
    if path.stat().st_size > MOST_BYTES:
        raise InvalidInput("image.size", f"Tệp “{path.name}” lớn hơn {MOST_BYTES // 1_000_000} MB.")
    return capture_bytes(path.name, path.read_bytes())


def capture_bytes(name: str, content: bytes) -> Capture:
    """As `capture`, for bytes already at hand."""
    start = content[:1024].lstrip()[:4] if b"%PDF" in content[:1024] else content[:4]
    found = next((kind for magic, kind in FORMATS.items() if start.startswith(magic)), None)
    if found is None:
        raise InvalidInput("image.format", f"Tệp “{name}” không phải là PDF, TIFF, JPEG hay PNG.")
    return Capture(name, content, hashlib.sha256(content).hexdigest(), found)


def page_count(shot: Capture) -> int:
    """How many pages the file holds, checked against the limits.

    Raises:
        InvalidInput: `image.broken`, `image.pixels`, `image.pages`.
    """
    if shot.format == "pdf":
        count = _pdf_pages(shot)
    else:
        sizes = header_sizes(shot)
        for width, height in sizes:
            _check_pixels(shot, width, height)
        count = len(sizes)
    if not count:
        raise InvalidInput("image.broken", f"Tệp “{shot.name}” không có trang nào.")
    if count > MOST_PAGES:
        raise InvalidInput(
            "image.pages", f"Tệp “{shot.name}” có {count} trang, quá {MOST_PAGES}; hãy tách nhỏ."
        )
    return count


def pages(shot: Capture, first: int = 0, last: int | None = None) -> Iterator[Image | InvalidInput]:
    """Pages `first` up to `last` (from 0, `last` left out) as grey images, or why a page cannot be had."""
    stop = page_count(shot) if last is None else last
    if shot.format == "pdf":
        yield from _pdf_images(shot, range(first, stop))
    elif shot.format == "tiff":
        yield from _tiff_images(shot, range(first, stop))
    else:
        yield decode(shot)


def decode(shot: Capture, *, full: bool = False) -> Image | InvalidInput:
    """A JPEG or PNG as grey; large ones at half size unless `full`."""
    (width, height), *_ = header_sizes(shot)
    halved = not full and max(width, height) > ENOUGH_PIXELS
    flag = cv2.IMREAD_REDUCED_GRAYSCALE_2 if halved and shot.format == "jpeg" else cv2.IMREAD_GRAYSCALE
    try:
        image = cv2.imdecode(np.frombuffer(shot.content, np.uint8), flag)
    except cv2.error:
        image = None
    if image is None:
        return InvalidInput(
            "image.broken", f"Không giải mã được ảnh “{shot.name}”: tệp hỏng hoặc bị cắt cụt."
        )
    return _usable(shot, np.asarray(image, np.uint8) if full else _halved(image))


def _halved(image: NDArray[Any]) -> Image:
    if max(image.shape) <= ENOUGH_PIXELS:
        return np.asarray(image, np.uint8)
    return np.asarray(cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)


def _usable(shot: Capture, image: Image) -> Image | InvalidInput:
    if min(image.shape) < FEWEST_PIXELS:
        return InvalidInput(
            "image.small", f"Ảnh “{shot.name}” chỉ có {image.shape[1]} × {image.shape[0]} điểm ảnh."
        )
    return image


def _check_pixels(shot: Capture, width: float, height: float) -> None:
    if width * height > MOST_PIXELS or min(width, height) < 1:
        size = f"{width:.0f} × {height:.0f}"
        raise InvalidInput(
            "image.pixels",
            f"Ảnh trong “{shot.name}” có {size} điểm ảnh, quá {MOST_PIXELS // 1_000_000} triệu.",
        )


def header_sizes(shot: Capture) -> list[tuple[int, int]]:
    """Width and height of each page as the header claims, without decoding.

    Raises:
        InvalidInput: `image.broken`.
    """
    readers = {"jpeg": _jpeg_size, "png": _png_size, "tiff": _tiff_sizes}
    try:
        return readers[shot.format](shot.content)
    except (struct.error, IndexError, ValueError) as error:
        raise InvalidInput("image.broken", f"Phần đầu của ảnh “{shot.name}” bị hỏng.") from error


def _png_size(content: bytes) -> list[tuple[int, int]]:
    if content[12:16] != b"IHDR":
        raise ValueError("no IHDR")
    return [struct.unpack(">II", content[16:24])]


def _jpeg_size(content: bytes) -> list[tuple[int, int]]:
    place = 2
    while place < len(content) - 9:
        if content[place] != 0xFF:
            raise ValueError("no marker")
        marker = content[place + 1]
        if marker in SOF_MARKERS:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return [(width, height)]
        padding = marker == 0xFF
        place += 1 if padding else 2 + struct.unpack(">H", content[place + 2 : place + 4])[0]
    raise ValueError("no frame")


def _tiff_sizes(content: bytes) -> list[tuple[int, int]]:
    order = "<" if content[:2] == b"II" else ">"
    sizes: list[tuple[int, int]] = []
    seen: set[int] = set()
    (place,) = struct.unpack(order + "I", content[4:8])
    while place and place not in seen and len(sizes) <= MOST_PAGES:
        seen.add(place)
        (entries,) = struct.unpack(order + "H", content[place : place + 2])
        sizes.append(_tiff_page(content, order, place + 2, entries))
        end = place + 2 + 12 * entries
        (place,) = struct.unpack(order + "I", content[end : end + 4])
    return sizes


def _tiff_page(content: bytes, order: str, start: int, entries: int) -> tuple[int, int]:
    found = {}
    for place in range(start, start + 12 * entries, 12):
        tag, kind, _ = struct.unpack(order + "HHI", content[place : place + 8])
        if tag in {256, 257}:
            code = order + ("H" if kind == 3 else "I")
            (found[tag],) = struct.unpack_from(code, content, place + 8)
    if len(found) != 2:
        raise ValueError("no size")
    return found[256], found[257]


def _tiff_images(shot: Capture, wanted: range) -> Iterator[Image | InvalidInput]:
    data = np.frombuffer(shot.content, np.uint8)
    for page in wanted:
        try:
            good, found = cv2.imdecodemulti(data, cv2.IMREAD_GRAYSCALE, range=(page, page + 1))
        except cv2.error:
            good, found = False, ()
        if good and len(found) > 0:
            yield _usable(shot, _halved(found[0]))
        else:
            yield InvalidInput("image.broken", f"Không giải mã được trang {page + 1} của “{shot.name}”.")


def _pdf_pages(shot: Capture) -> int:
    try:
        with pypdfium2.PdfDocument(shot.content) as document:
            return len(document)
    except pypdfium2.PdfiumError as error:
        raise InvalidInput(
            "image.broken", f"Không mở được PDF “{shot.name}”: tệp hỏng hoặc có mật khẩu."
        ) from error


def _pdf_images(shot: Capture, wanted: range) -> Iterator[Image | InvalidInput]:
    with pypdfium2.PdfDocument(shot.content) as document:
        for number in wanted:
            try:
                page = document[number]
                width, height = (side * PDF_DPI / POINTS_PER_INCH for side in page.get_size())
                _check_pixels(shot, width, height)
                image = page.render(scale=PDF_DPI / POINTS_PER_INCH, grayscale=True).to_numpy()
                page.close()
                yield _usable(shot, image.reshape(image.shape[:2]).copy())
            except pypdfium2.PdfiumError:
                yield InvalidInput("image.broken", f"Không đọc được trang {number + 1} của “{shot.name}”.")
            except InvalidInput as error:
                yield error
