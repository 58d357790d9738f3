"""Pages of a Word paper as pictures, to be shown beside what was read from it."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pypdfium2

from thucchat.engine.papers.writing.pdf import papers_to_pdf

DPI = 80  # readable on a screen, about 50 KB a page
POINTS_PER_INCH = 72


def page_pictures(content: bytes, fonts: Sequence[Path] = (), *, most: int = 8) -> list[bytes]:
    """PNG of each of the first `most` pages, as `papers_to_pdf` sets them.

    Raises:
        NoResult: `pdf.opaque`.
        InvalidInput: what `open_source` refuses.
    """
    document = pypdfium2.PdfDocument(papers_to_pdf([content], fonts)[0])
    try:
        pages = [document[number] for number in range(min(most, len(document)))]
        return [_png(page) for page in pages]
    finally:
        document.close()


def _png(page: pypdfium2.PdfPage) -> bytes:
    target = BytesIO()
    page.render(scale=DPI / POINTS_PER_INCH, grayscale=False).to_pil().save(target, "PNG", optimize=True)
    return target.getvalue()
