"""A document tree as a workbook: its texts on the first sheet, each table on its own, cells typed.

Texts are never read as formulas, numbers or links, whatever they begin with.
"""

import io
import re
from datetime import UTC, datetime, time
from typing import Any

import xlsxwriter

from thucchat.engine.documents.tree import (
    Cell,
    Centred,
    Column,
    Document,
    Figure,
    Heading,
    Paragraph,
    Table,
)

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": False,
}
FIRST = "Báo cáo"
FORBIDDEN = re.compile(r"[\[\]:*?/\\']")


def to_xlsx(document: Document) -> bytes:
    """The document as XLSX. Equal documents give equal bytes."""
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, OPTIONS) as book:
        created = datetime.combine(document.head.day, time(), tzinfo=UTC).replace(tzinfo=None)
        book.set_properties({"title": document.head.subject, "created": created})
        _write_texts(book, document)
        taken = {FIRST.lower()}
        for table in document.tables:
            _write_table(book, table, _sheet_name(table.sheet, taken))
    return memory.getvalue()


def _write_texts(book: Any, document: Document) -> None:
    sheet = book.add_worksheet(FIRST)
    sheet.set_column(0, 0, 110)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    head = document.head
    lines: list[tuple[str, Any]] = [(head.parent, plain), (head.agency, bold), (head.number, plain)]
    lines += [(head.kind, bold), (head.subject, bold)]
    for block in document.blocks:
        if isinstance(block, Heading | Centred):
            lines.append((block.text, bold))
        elif isinstance(block, Paragraph):
            lines.append((block.text, plain))
        elif isinstance(block, Figure):
            lines.append((block.chart.alt, plain))
        elif isinstance(block, Table):
            lines.append((f"Bảng: {block.title} (trang tính “{block.sheet}”)", plain))
    for row, (text, style) in enumerate(line for line in lines if line[0]):
        sheet.write_string(row, 0, text, style)


def _write_table(book: Any, table: Table, name: str) -> None:
    sheet = book.add_worksheet(name)
    title = book.add_format({"bold": True})
    heading = book.add_format({"bold": True, "text_wrap": True, "border": 1, "bg_color": "#ebebeb"})
    heading.set_align("center")
    sheet.write_string(0, 0, table.title, title)
    for place, column in enumerate(table.columns):
        sheet.write_string(1, place, column.heading, heading)
        sheet.set_column(place, place, _width(table, place))
        style = book.add_format(_style(column))
        for row, cells in enumerate(table.rows, start=2):
            _write_cell(sheet, (row, place), cells[place], style)
    if table.note:
        sheet.write_string(len(table.rows) + 2, 0, table.note)
    sheet.freeze_panes(2, 1)
    if table.rows:
        sheet.autofilter(1, 0, len(table.rows) + 1, len(table.columns) - 1)


def _write_cell(sheet: Any, place: tuple[int, int], cell: Cell, style: Any) -> None:
    if cell is None:
        sheet.write_blank(*place, None, style)
    elif isinstance(cell, str):
        sheet.write_string(*place, cell, style)
    else:
        sheet.write_number(*place, cell, style)


def _style(column: Column) -> dict[str, Any]:
    if column.digits is None:
        return {"border": 1, "text_wrap": True, "valign": "top"}
    return {"border": 1, "num_format": "#,##0" + ("." + "0" * column.digits if column.digits else "")}


def _width(table: Table, place: int) -> float:
    texts = (len(str(row[place])) for row in table.rows if isinstance(row[place], str))
    return min(48, max(9, *texts, 1 + len(table.columns[place].heading) / 2))


def _sheet_name(wanted: str, taken: set[str]) -> str:
    base = FORBIDDEN.sub(" ", wanted).strip()[:28] or "Bảng"
    tries = (base, *(f"{base} {number}" for number in range(2, 1000)))
    name = next(name for name in tries if name.lower() not in taken)
    taken.add(name.lower())
    return name
