"""Bytes to sheets of text cells; runs in the child process only."""

import csv
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from io import BytesIO, StringIO

import fastexcel
import polars as pl
import python_calamine

from thucchat.engine.errors import InvalidInput
from thucchat.web.shared.spreadsheets.checks import RESAVE, UTF16
from thucchat.web.shared.spreadsheets.model import Merge, Sheet

MOST_SHEETS, MOST_ROWS, MOST_COLUMNS = 200, 300_000, 300
MOST_NAMED = 2_000  # hidden rows or failed cells worth listing
SEPARATORS = ",;\t|"
HINT = re.compile(r"sep=([,;\t|])\n", re.IGNORECASE)  # Excel's own first line
NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
CHUNK = 2**20
OVERLAP = 4096  # longer than any opening tag we look for

HIDDEN_ROW = re.compile(rb'<row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d+)"')
HIDDEN_COLUMNS = re.compile(rb'<col\b(?=[^>]*\bhidden="(?:1|true)")(?=[^>]*\bmin="(\d+)")[^>]*\bmax="(\d+)"')
FAILED_CELL = re.compile(rb'<c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]+\d+)"')


def read_excel(data: bytes, *, zipped: bool) -> list[Sheet]:
    """Every sheet of a workbook.

    Raises:
        InvalidInput: `file.unreadable`, `file.password`, `file.sheets`, `file.rows`, `file.columns`.
    """
    try:
        fast, slow = fastexcel.read_excel(data), python_calamine.CalamineWorkbook.from_filelike(BytesIO(data))
    except (fastexcel.FastExcelError, python_calamine.CalamineError, OSError, ValueError) as error:
        raise _unreadable(error) from error
    if len(fast.sheet_names) > MOST_SHEETS:
        raise InvalidInput("file.sheets", f"Tệp có {len(fast.sheet_names)} trang tính, vượt {MOST_SHEETS}.")
    unseen = _unseen_parts(data) if zipped else {}
    shown = python_calamine.SheetVisibleEnum.Visible
    hidden = {meta.name for meta in slow.sheets_metadata if meta.visible != shown}
    try:
        sheets = [_sheet(fast, slow, name) for name in fast.sheet_names]
    except (fastexcel.FastExcelError, python_calamine.CalamineError, OSError, ValueError) as error:
        raise _unreadable(error) from error
    return [
        Sheet(
            sheet.name, sheet.cells, sheet.merges, *unseen.get(sheet.name, ((), (), ())), sheet.name in hidden
        )
        for sheet in sheets
    ]


def _unreadable(error: Exception) -> InvalidInput:
    if "password" in str(error).lower() or "encrypt" in str(error).lower():
        return InvalidInput("file.password", "Tệp có mật khẩu. Hãy mở bằng Excel, bỏ mật khẩu rồi lưu lại.")
    return InvalidInput("file.unreadable", f"Tệp Excel bị hỏng, không đọc được. {RESAVE}")


def _sheet(fast: fastexcel.ExcelReader, slow: python_calamine.CalamineWorkbook, name: str) -> Sheet:
    shape = slow.get_sheet_by_name(name)
    if shape.start is None or shape.end is None:
        return Sheet(name, pl.DataFrame())
    left, height, width = shape.start[1], shape.end[0] + 1, shape.end[1] + 1
    _check_shape(name, height, width)
    merges = tuple(
        Merge(start[0], start[1], end[0], end[1]) for start, end in (shape.merged_cell_ranges or ())
    )
    # Skipping no rows keeps the empty ones on top, so that a row's place is its line.
    cells = fast.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
    cells.columns = [str(left + place) for place in range(cells.width)]
    blank = [pl.lit(None, pl.String).alias(str(place)) for place in range(left)]
    return Sheet(name, cells.select(*blank, pl.all()), merges)


def _check_shape(name: str, height: int, width: int) -> None:
    if width > MOST_COLUMNS:
        raise InvalidInput(
            "file.columns", f"Trang tính “{name}” rộng {width} cột, vượt {MOST_COLUMNS}. Hãy xóa cột thừa."
        )
    if height > MOST_ROWS:
        raise InvalidInput(
            "file.rows", f"Trang tính “{name}” dài {height} dòng, vượt {MOST_ROWS}. Hãy chia tệp."
        )


Unseen = tuple[tuple[int, ...], tuple[int, ...], tuple[str, ...]]


def _unseen_parts(data: bytes) -> dict[str, Unseen]:
    """Hidden rows, hidden columns and failed cells by sheet, from the parts themselves."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        try:
            paths = _sheet_paths(archive)
            return {name: _scan(archive, path) for name, path in paths.items() if path in archive.namelist()}
        except (ET.ParseError, KeyError, zipfile.BadZipFile, OSError, ValueError, EOFError) as error:
            raise _unreadable(error) from error


def _sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314  in a limited process
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    workbook = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314  as above
    return {
        sheet.get("name", ""): _absolute(targets.get(sheet.get(RELATION), ""))
        for sheet in workbook.iter(f"{NAMESPACE}sheet")
    }


def _absolute(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else "xl/" + target


def _scan(archive: zipfile.ZipFile, path: str) -> Unseen:
    rows: set[int] = set()
    columns: set[int] = set()
    failed: dict[str, None] = {}
    for text in _chunks(archive, path):
        if b"hidden=" in text:
            rows.update(int(row) - 1 for row in HIDDEN_ROW.findall(text))
            for first, last in HIDDEN_COLUMNS.findall(text):
                columns.update(range(int(first) - 1, min(int(last), MOST_COLUMNS)))
        if b't="e"' in text:
            failed |= dict.fromkeys(cell.decode() for cell in FAILED_CELL.findall(text))
    return tuple(sorted(rows))[:MOST_NAMED], tuple(sorted(columns)), tuple(failed)[:MOST_NAMED]


def _chunks(archive: zipfile.ZipFile, path: str) -> Iterator[bytes]:
    """The part piece by piece, each with the end of the one before."""
    tail = b""
    with archive.open(path) as part:
        while chunk := part.read(CHUNK):
            yield tail + chunk
            tail = chunk[-OVERLAP:]


def read_csv(data: bytes) -> list[Sheet]:
    """The only sheet of a text file, separated by , ; tab or |, in any encoding met in the country.

    Raises:
        InvalidInput: `file.columns`, `file.rows`, `file.unreadable`.
    """
    text = _decode(data).replace("\r\n", "\n").replace("\r", "\n")
    hint = HINT.match(text)
    separator = hint[1] if hint else _separator(text)
    try:
        # The file's own lines are kept, empty ones too, so that a row's place is its line.
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        message = f"Tệp CSV có dấu nháy mở mà không đóng, không tách được cột. {RESAVE}"
        raise InvalidInput("file.unreadable", message) from error
    width = max(map(len, rows), default=0)
    _check_shape("CSV", len(rows), width)
    padded: list[list[str | None]] = [[*row, *[None] * (width - len(row))] for row in rows]
    columns = zip(*padded, strict=True)
    cells = {str(place): pl.Series(column, dtype=pl.String) for place, column in enumerate(columns)}
    frame = pl.DataFrame(cells)
    return [Sheet("CSV", frame.with_columns(pl.all().replace("", None)))]


def _separator(text: str) -> str:
    lines = text[:200_000].split("\n")[:30]
    return max(SEPARATORS, key=lambda mark: sum(line.count(mark) for line in lines))


def _decode(data: bytes) -> str:
    if data.startswith(UTF16):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Each byte becomes the character that an old Vietnamese font drew: told apart later, by column.
        return data.decode("latin-1")
