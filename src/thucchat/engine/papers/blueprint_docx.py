"""A blueprint as a Word file: matrix and specification as tables on a page across.

`blueprint_reading.read_blueprint` reads these files, and those of others, as it reads workbooks.
"""

import io
from collections.abc import Sequence

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.shared import Pt
from docx.table import Table

from thucchat.engine.papers.blueprint import KIND_NAMES, KINDS, PLACES, Blueprint, Cell, Level, Line, Place
from thucchat.engine.vietnamese import vi_number

FONT = "Times New Roman"
SIZE_PT = 10
LEVELS = len(Level)


def blueprint_to_docx(blueprint: Blueprint) -> bytes:
    """The Word file. Reading it gives the same lines, cells and outcomes."""
    document = _document(blueprint.title)
    first = ("Chủ đề", "Nội dung/đơn vị kiến thức")
    matrix = _table(document, first)
    for line in blueprint.lines:
        _fill(matrix, [line.topic, line.content, *(_cell(line, place) for place in PLACES)])
    counts = ["" if not count else str(count) for count in blueprint.counts().values()]
    _fill(matrix, ["Tổng số câu (ý)", "", *counts])
    document.add_page_break()  # type: ignore[no-untyped-call]
    document.add_paragraph("BẢN ĐẶC TẢ").runs[0].bold = True
    specification = _table(document, (*first, "Yêu cầu cần đạt"))
    for line in blueprint.lines:
        cells = [_cell(line, place, competency=True) for place in PLACES]
        _fill(specification, [line.topic, line.content, _outcomes(line), *cells])
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _document(title: str) -> WordDocument:
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(SIZE_PT)
    document.add_paragraph(title).runs[0].bold = True
    return document


def _table(document: WordDocument, first: Sequence[str]) -> Table:
    """A table with its two rows of headings: kinds over levels."""
    table: Table = document.add_table(rows=2, cols=len(first) + len(PLACES), style="Table Grid")
    for column, name in enumerate(first):
        table.cell(0, column).merge(table.cell(1, column)).text = name
    for turn, kind in enumerate(KINDS):
        left = len(first) + turn * LEVELS
        table.cell(0, left).merge(table.cell(0, left + LEVELS - 1)).text = KIND_NAMES[kind]
        for place, level in enumerate(Level):
            table.cell(1, left + place).text = level.value
    return table


def _fill(table: Table, values: Sequence[str]) -> None:
    row = table.add_row()  # type: ignore[no-untyped-call]
    for cell, value in zip(row.cells, values, strict=True):
        cell.text = value


def _cell(line: Line, place: Place, *, competency: bool = False) -> str:
    cell: Cell | None = line.cells.get(place)
    if cell is None or not cell.count:
        return ""
    points = "" if cell.points is None else f"{vi_number(cell.points)}đ"
    notes = "; ".join(filter(None, (points, cell.competency if competency else "")))
    return f"{cell.count} ({notes})" if notes else str(cell.count)


def _outcomes(line: Line) -> str:
    parts = [(level, line.outcomes.get(level, ())) for level in Level]
    return "\n".join(
        f"{level.value}:\n" + "\n".join(f"- {text}" for text in texts) for level, texts in parts if texts
    )
