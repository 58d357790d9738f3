"""Grids of text in a workbook or a Word file; a merged cell is its text, then blanks."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.reading.names import TBL, TC, TR, Element, P, T, w
from thucchat.engine.papers.reading.package import open_package, parse_xml
from thucchat.engine.vietnamese import tidy

LARGEST = 20_000_000  # bytes of a file
LARGEST_UNPACKED = 100_000_000  # bytes
MOST_ROWS, MOST_COLUMNS = 5000, 200
WORD_BODY = "word/document.xml"
Grid = list[list[str]]


def sheets_of(content: bytes) -> list[tuple[str, Grid]]:
    """Sheets, or tables of a Word file each with the paragraph before it as first row, by name.

    Raises:
        InvalidInput: `blueprint.size`, `blueprint.file`.
    """
    if len(content) > LARGEST:
        raise InvalidInput(
            "blueprint.size", f"Tệp lớn hơn {LARGEST // 1_000_000} MB, không phải là một ma trận."
        )
    return _word_tables(content) if _is_word(content) else _sheets(content)


def _is_word(content: bytes) -> bool:
    """The directory of the archive tells what it is and how large it becomes, before anything is unpacked."""
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
            raise InvalidInput("blueprint.size", "Tệp bung ra quá lớn so với một ma trận.")
        return WORD_BODY in archive.namelist()
    return False


def _sheets(content: bytes) -> list[tuple[str, Grid]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [(name, book.get_sheet_by_name(name)) for name in book.sheet_names]
        for _, sheet in sheets:
            _check_size(sheet.total_height, sheet.total_width)
        return [
            (name, [list(map(_text, row)) for row in sheet.to_python(skip_empty_area=False)])
            for name, sheet in sheets
        ]
    except (CalamineError, ValueError, OSError) as error:
        raise InvalidInput("blueprint.file", f"Không đọc được tệp ma trận: {error}") from error


def _check_size(rows: int, columns: int) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise InvalidInput("blueprint.size", "Bảng quá lớn so với một ma trận.")


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{Decimal(repr(value)).normalize():f}"
    return _lines(str(value))


def _lines(text: str) -> str:
    return "\n".join(filter(None, map(tidy, text.splitlines())))


def _word_tables(content: bytes) -> list[tuple[str, Grid]]:
    package = open_package(content)
    body = parse_xml(package.parts[package.document], package.document).find(w("body"))
    found: list[tuple[str, Grid]] = []
    before = ""
    for block in () if body is None else body:
        if block.tag == P:
            before = _lines(_words(block)) or before
        elif block.tag == TBL:
            found.append((f"Bảng {len(found) + 1}", [[before], *_rows(block)]))
    return found


def _rows(table: Element) -> Iterator[list[str]]:
    rows = table.findall(TR)
    _check_size(len(rows), 0)
    for row in rows:
        cells: list[str] = []
        for cell in row.findall(TC):
            span = cell.find(f"{w('tcPr')}/{w('gridSpan')}")
            width = _whole(span.get(w("val")) if span is not None else None)
            _check_size(0, len(cells) + width)
            shown = "" if _continues(cell) else _lines("\n".join(map(_words, cell.iter(P))))
            cells += [shown, *[""] * (width - 1)]
        yield cells


def _continues(cell: Element) -> bool:
    """Whether the cell belongs to the one above it."""
    merge = cell.find(f"{w('tcPr')}/{w('vMerge')}")
    return merge is not None and merge.get(w("val")) != "restart"


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 4 else 1


def _words(paragraph: Element) -> str:
    breaks = {w("br"), w("cr")}
    parts = ("\n" if node.tag in breaks else node.text or "" for node in paragraph.iter(T, *breaks))
    return "".join(parts)
