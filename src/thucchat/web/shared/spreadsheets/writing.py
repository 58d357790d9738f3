"""The one way out for lists: Excel with typed cells, or CSV; text never becomes a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from tempfile import NamedTemporaryFile
from typing import Any

import xlsxwriter

from thucchat.engine.vietnamese import vi_date

# A spreadsheet program may run what begins so, also behind blanks and quotes, and in full width.
LIVE = re.compile(r"[\s\"']*[=+\-@−＝＋－＠]|[\t\r\n]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
WIDEST = 45  # characters
LONGEST_CELL = 32_767  # characters, Excel's own limit

Cell = str | int | float | date | None


class Form(StrEnum):
    """The formats that are written."""

    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class List:
    """A list to write: its name and headings, and its rows one by one."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]


CONTENT_TYPES = {
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.CSV: "text/csv; charset=utf-8",
}


def write_list(content: List, form: Form) -> bytes:
    """The list as a file. Text stays text; numbers and days are typed in Excel."""
    return _write_xlsx(content) if form == Form.XLSX else _write_csv(content)


def plain(text: str) -> str:
    """Text without characters that no file format can hold."""
    return CONTROL.sub("", text)[:LONGEST_CELL]


def is_live(text: str) -> bool:
    """Whether a spreadsheet program might take the text for a formula."""
    return LIVE.match(text) is not None


def _write_csv(content: List) -> bytes:
    """Separated by commas, with the mark by which Excel knows UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(content.headings)
    writer.writerows([_csv_cell(cell) for cell in row] for row in content.rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _csv_cell(cell: Cell) -> str | int | float | None:
    if isinstance(cell, date):
        return vi_date(cell)
    if isinstance(cell, str):
        text = plain(cell)
        return "'" + text if is_live(text) else text
    return cell


def _write_xlsx(content: List) -> bytes:
    with NamedTemporaryFile(suffix=".xlsx") as file:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(file.name, options) as book:
            sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", content.title)[:31])
            formats = Formats(
                book.add_format({"quote_prefix": True}), book.add_format({"num_format": "dd/mm/yyyy"})
            )
            bold = book.add_format({"bold": True, "bottom": 1})
            sheet.freeze_panes(1, 0)
            for place, heading in enumerate(content.headings):
                sheet.set_column(place, place, min(WIDEST, max(10, len(heading) + 2)))
                sheet.write_string(0, place, heading, bold)
            for line, row in enumerate(content.rows, start=1):
                for place, cell in enumerate(row):
                    _write_cell(sheet, (line, place), cell, formats)
        return file.read()


@dataclass(frozen=True, slots=True)
class Formats:
    """How cells are shown: text that must stay text, and days."""

    quoted: object
    day: object


def _write_cell(sheet: Any, place: tuple[int, int], cell: Cell, formats: Formats) -> None:
    if isinstance(cell, str):
        if text := plain(cell):
            sheet.write_string(*place, text, formats.quoted if is_live(text) else None)
    elif isinstance(cell, date):
        sheet.write_datetime(*place, cell, formats.day)
    elif cell is not None:
        sheet.write_number(*place, cell)
