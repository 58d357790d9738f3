"""A blueprint as a workbook: matrix of 19 columns and specification of 16.

Source: Công văn 7991/BGDĐT-GDTrH of 17/12/2024.
"""

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from thucchat.engine.papers.blueprint import (
    KIND_NAMES,
    KINDS,
    PLACES,
    Blueprint,
    Cell,
    Level,
    Line,
    by_kind,
    by_level,
)
from thucchat.engine.vietnamese import vi_number

MATRIX, SPECIFICATION = "Ma trận", "Bản đặc tả"
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
LEVELS = tuple(Level)
WIDTH = len(LEVELS)
MATRIX_NAMES = 3  # columns before the counts
HEAD = 1  # row of the first heading; the title stands above


def blueprint_to_xlsx(blueprint: Blueprint) -> bytes:
    """The workbook. Reading it gives the same blueprint, with the sums and percents now stated."""
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, OPTIONS) as book:
        styles = {
            "head": book.add_format(
                {"bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"}
            ),
            "cell": book.add_format({"border": 1, "text_wrap": True, "valign": "top"}),
        }
        _write_matrix(_Sheet(book.add_worksheet(MATRIX), styles), blueprint)
        _write_specification(_Sheet(book.add_worksheet(SPECIFICATION), styles), blueprint)
    return memory.getvalue()


class _Sheet:
    """A worksheet with the two looks we use."""

    def __init__(self, sheet: Any, styles: dict[str, Any]) -> None:
        self.sheet, self.styles = sheet, styles

    def head(self, rows: tuple[int, int], columns: tuple[int, int], text: str) -> None:
        """A heading over a block, first and last row and column included."""
        if rows[0] == rows[1] and columns[0] == columns[1]:
            self.sheet.write_string(rows[0], columns[0], text, self.styles["head"])
        else:
            self.sheet.merge_range(rows[0], columns[0], rows[1], columns[1], text, self.styles["head"])

    def row(self, row: int, values: Sequence[object]) -> None:
        """One line of values, numbers as numbers."""
        for column, value in enumerate(values):
            if isinstance(value, int | Decimal):
                self.sheet.write_number(row, column, value, self.styles["cell"])
            else:
                self.sheet.write_string(row, column, str(value or ""), self.styles["cell"])


def _heading(sheet: _Sheet, title: str, names: Sequence[str], *, over: str) -> None:
    """Title and the first columns, then kinds over levels."""
    last = HEAD + 3
    sheet.sheet.write_string(0, 0, title)
    for column, name in enumerate(names):
        sheet.head((HEAD, last), (column, column), name)
    first = len(names)
    sheet.head((HEAD, HEAD), (first, first + len(PLACES) - 1), over)
    essay = first + WIDTH * KINDS.index("essay")
    sheet.head((HEAD + 1, HEAD + 1), (first, essay - 1), "TNKQ")
    sheet.head((HEAD + 1, HEAD + 2), (essay, essay + WIDTH - 1), KIND_NAMES["essay"])
    for place, kind in enumerate(KINDS[:-1]):
        start = first + WIDTH * place
        sheet.head((HEAD + 2, HEAD + 2), (start, start + WIDTH - 1), KIND_NAMES[kind])
    for column, (_, level) in enumerate(PLACES, start=first):
        sheet.head((last, last), (column, column), level)


def _write_matrix(sheet: _Sheet, blueprint: Blueprint) -> None:
    names = ("TT", "Chủ đề/Chương", "Nội dung/đơn vị kiến thức")
    _heading(sheet, blueprint.title, names, over="Mức độ đánh giá")
    total = len(names) + len(PLACES)
    sheet.head((HEAD, HEAD + 2), (total, total + WIDTH - 1), "Tổng")
    for column, level in enumerate(LEVELS, start=total):
        sheet.head((HEAD + 3, HEAD + 3), (column, column), level)
    sheet.head((HEAD, HEAD + 3), (total + WIDTH, total + WIDTH), "Tỉ lệ % điểm")
    row = HEAD + 4
    for number, line in enumerate(blueprint.lines, start=1):
        counts = [
            sum(cell.count for (_, one), cell in line.cells.items() if one == level) for level in LEVELS
        ]
        values = [number, line.topic, line.content, *_cells(line, competencies=False)]
        sheet.row(row, [*values, *(count or "" for count in counts), _percent(blueprint, line)])
        row += 1
    _foot(sheet, blueprint, row=row, first=len(names))


def _write_specification(sheet: _Sheet, blueprint: Blueprint) -> None:
    names = ("TT", "Chủ đề/Chương", "Nội dung/đơn vị kiến thức", "Yêu cầu cần đạt")
    _heading(sheet, blueprint.title, names, over="Số câu hỏi ở các mức độ đánh giá")
    sheet.sheet.set_column(3, 3, 48)
    row = HEAD + 4
    for number, line in enumerate(blueprint.lines, start=1):
        values = [number, line.topic, line.content, _outcomes(line), *_cells(line, competencies=True)]
        sheet.row(row, values)
        row += 1
    _foot(sheet, blueprint, row=row, first=len(names))


def _cells(line: Line, *, competencies: bool) -> list[object]:
    return [
        _cell(line.cells[place], competencies=competencies) if place in line.cells else "" for place in PLACES
    ]


def _cell(cell: Cell, *, competencies: bool) -> object:
    notes = [f"{vi_number(cell.points)}đ"] if cell.points is not None else []
    notes += [cell.competency] if competencies and cell.competency else []
    return f"{cell.count} ({'; '.join(notes)})" if notes else cell.count


def _percent(blueprint: Blueprint, line: Line) -> Decimal:
    if line.percent is not None:
        return line.percent
    points = blueprint.points()
    whole = sum(points.values(), Decimal(0)) or Decimal(1)
    return sum(blueprint.points([line]).values(), Decimal(0)) / whole * 100


def _outcomes(line: Line) -> str:
    parts = []
    for level in LEVELS:
        if texts := line.outcomes.get(level, ()):
            parts += [f"{level}:", *(f"- {text}" for text in texts)]
    return "\n".join(parts)


def _foot(sheet: _Sheet, blueprint: Blueprint, *, row: int, first: int) -> None:
    """Counts, points and percents by kind, then by level where the sheet has those columns."""
    points = blueprint.points()
    counts = blueprint.counts()
    kinds, levels = by_kind(points), by_level(points)
    kinds |= blueprint.stated.kinds
    levels |= blueprint.stated.levels
    shown = list(levels.values()) if first == MATRIX_NAMES else []
    spread = [kinds[kind] if level is LEVELS[0] else "" for kind, level in PLACES]
    sheet.row(row, ["Tổng số câu", *[""] * (first - 1), *(counts[place] for place in PLACES)])
    sheet.row(row + 1, ["Tổng số điểm", *[""] * (first - 1), *spread, *shown])
    tenfold = [value * 10 if isinstance(value, Decimal) else "" for value in (*spread, *shown)]
    sheet.row(row + 2, ["Tỉ lệ %", *[""] * (first - 1), *tenfold])
