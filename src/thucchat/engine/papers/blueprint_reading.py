"""A blueprint out of a workbook or a Word file: matrix and specification in any of the layouts schools use.

Columns are known by the headings above them, so kinds may stand over levels or levels over kinds, and the
four older levels (nhận biết, thông hiểu, vận dụng, vận dụng cao) fall on the three of today.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.blueprint import WORTH, Blueprint, Cell, Level, Line, Place, Stated
from thucchat.engine.papers.blueprint_tables import sheets_of
from thucchat.engine.papers.model import Kind

KIND_WORDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("true_false", re.compile(r"đúng|đ\s*[-–/]\s*s")),
    ("short_answer", re.compile(r"trả lời ngắn|\btln\b")),
    ("essay", re.compile(r"tự luận|\btl\b")),
    ("choice", re.compile(r"lựa chọn|\bnlc\b|tnkq|trắc nghiệm|\btn\b")),
)
LEVEL_WORDS = (
    (Level.APPLY, re.compile(r"vận dụng|\bvdc?\b")),
    (Level.UNDERSTAND, re.compile(r"hiểu|\bth\b")),
    (Level.KNOW, re.compile(r"biết|\bnb\b")),
)
TOTAL = re.compile(r"tổng|t[ỉỷ] lệ|%")
FOOT = re.compile(r"tổng|t[ỉỷ] lệ|cộng", re.IGNORECASE)
CELL = re.compile(r"(\d+)(?:[.,]0+)?\s*(?:câu|ý)?\s*(?:\((.*)\))?", re.IGNORECASE | re.DOTALL)
POINTS = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:đ|điểm)", re.IGNORECASE)
OUTCOME = re.compile(
    r"[-–•*+]?\s*((?:nhận biết|biết|thông hiểu|hiểu|vận dụng(?: cao)?)\b)(\s*[:.]?)\s*(.*)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Table:
    """Where things stand in one sheet."""

    name: str
    rows: list[list[str]]  # below the headings
    start: int  # row number of the first of them, as a person counts
    places: Mapping[int, Place]  # by column
    totals: Mapping[int, Level]  # columns of the sums over kinds
    topic: int | None
    content: int
    outcome: int | None
    percent: int | None


def read_blueprint(content: bytes, *, title: str | None = None) -> Blueprint:
    """The blueprint in a file; outcomes and competencies come from its specification where it has one.

    Raises:
        InvalidInput: `blueprint.file`, `blueprint.size`, `blueprint.heading`, or `blueprint.cell` naming
            every cell that cannot be read.
    """
    tables = [table for name, rows in sheets_of(content) if (table := _table(name, rows))]
    if not tables:
        message = "Không thấy bảng ma trận: cần hàng tiêu đề có “Nội dung” và các mức Biết, Hiểu, Vận dụng."
        raise InvalidInput("blueprint.heading", message)
    matrix = next((table for table in tables if table.outcome is None), tables[0])
    specification = next((table for table in tables if table.outcome is not None), None)
    errors: list[str] = []
    lines = _lines(matrix, errors)
    if specification is not None and specification is not matrix:
        lines = _joined(lines, _lines(specification, errors))
    if errors:
        raise InvalidInput("blueprint.cell", "Có ô không đọc được: " + " ".join(errors), cells=errors)
    name = title or next((row for row in _titles(content)), "")
    return Blueprint(name, tuple(lines), WORTH, _stated(matrix))


def _titles(content: bytes) -> list[str]:
    return [row[0] for _, rows in sheets_of(content)[:1] for row in rows[:1] if row and row[0]]


def _table(name: str, rows: list[list[str]]) -> _Table | None:
    top = next((n for n, row in enumerate(rows) if any(map(_is_content, row))), None)
    if top is None:
        return None
    bottom = top
    while bottom + 1 < len(rows) and _is_heading(rows[bottom + 1]):
        bottom += 1
    stacks = _stacks(rows[top : bottom + 1])
    level_of = {column: _level(stack) for column, stack in enumerate(stacks)}
    kind_of = {column: _kind(stack) for column, stack in enumerate(stacks)}
    is_sum = {column: any(TOTAL.search(text) for text in stack) for column, stack in enumerate(stacks)}
    places: dict[int, Place] = {}
    for column, level in level_of.items():
        kind = kind_of[column]
        if level and kind and not is_sum[column]:
            places[column] = (kind, level)
    if not places:
        return None
    first = min(places)
    texts = {column: " ".join(stack) for column, stack in enumerate(stacks) if column < first}
    return _Table(
        name,
        rows[bottom + 1 :],
        bottom + 2,
        places,
        {column: level for column, level in level_of.items() if level and is_sum[column]},
        _column(texts, r"chủ đề|chương|mạch"),
        _column(texts, r"nội dung|đơn vị kiến thức") or 0,
        _column(texts, r"yêu cầu|mức độ|đặc tả"),
        next((c for c, stack in enumerate(stacks) if c >= first and _is_percent(stack)), None),
    )


def _is_percent(stack: Sequence[str]) -> bool:
    return _level(stack) is None and any(re.search(r"t[ỉỷ] lệ|%", text) for text in stack)


def _is_content(text: str) -> bool:
    return bool(re.match(r"nội dung|đơn vị kiến thức", text.lower()))


def _is_heading(row: Sequence[str]) -> bool:
    """A row of headings names kinds or levels, or numbers the columns, and counts nothing."""
    filled = [text.lower() for text in row if text]
    if filled and all(re.fullmatch(r"\(?\d+\)?", text) for text in filled):
        return all(text.startswith("(") for text in filled)
    named = sum(bool(_level([text]) or _kind([text])) for text in filled if len(text) < 40)
    return bool(filled) and named * 2 >= len(filled) and not any(text.isdecimal() for text in filled)


def _stacks(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Headings over each column from the top; a merged heading reaches right until one above it changes."""
    width = max(map(len, rows))
    stacks: list[list[str]] = [[] for _ in range(width)]
    above = [False] * width
    for row in rows:
        carried = ""
        for column in range(width):
            own = row[column].lower() if column < len(row) else ""
            carried = own if own or above[column] else carried
            above[column] = above[column] or bool(own)
            if carried:
                stacks[column].append(carried)
    return stacks


def _level(stack: Sequence[str]) -> Level | None:
    for text in reversed(stack):
        for level, words in LEVEL_WORDS:
            if words.search(text):
                return level
    return None


def _kind(stack: Sequence[str]) -> Kind | None:
    for text in reversed(stack):
        for kind, words in KIND_WORDS:
            if words.search(text):
                return kind
    return None


def _column(texts: Mapping[int, str], words: str) -> int | None:
    return next((column for column, text in texts.items() if re.search(words, text)), None)


def _lines(table: _Table, errors: list[str]) -> list[Line]:
    lines: list[Line] = []
    topic = ""
    for number, row in enumerate(table.rows, start=table.start):
        if FOOT.match(next(filter(None, row), "")):
            break
        topic = (row[table.topic] if table.topic is not None else "") or topic
        content = row[table.content]
        cells: dict[Place, Cell] = {}
        for column, place in table.places.items():
            where = f"{table.name}, dòng {number}, cột {column + 1}: “{_at(row, column)}”."
            _add(cells, place, _cell(_at(row, column), where, errors))
        if not content and not cells:
            continue
        outcomes = _outcomes(_at(row, table.outcome))
        if not content and lines:
            _extend(lines, cells, outcomes)
        else:
            lines.append(Line(topic, content, cells, outcomes, _number(_at(row, table.percent))))
    return lines


def _at(row: Sequence[str], column: int | None) -> str:
    return row[column] if column is not None and column < len(row) else ""


def _add(cells: dict[Place, Cell], place: Place, cell: Cell | None) -> None:
    """Two columns of one place (vận dụng and vận dụng cao) become one."""
    if cell is None:
        return
    if (before := cells.get(place)) is not None:
        both = before.points is not None and cell.points is not None
        points = (before.points or 0) + (cell.points or 0) if both else None
        cell = Cell(
            before.count + cell.count, Decimal(points) if points is not None else None, cell.competency
        )
    cells[place] = cell


def _extend(
    lines: list[Line], cells: Mapping[Place, Cell], outcomes: Mapping[Level, tuple[str, ...]]
) -> None:
    """A row without content goes on with the line above it: some forms give each level a row."""
    last = lines[-1]
    merged = dict(last.cells)
    for place, cell in cells.items():
        _add(merged, place, cell)
    levels = {level: last.outcomes.get(level, ()) + outcomes.get(level, ()) for level in Level}
    lines[-1] = replace(
        last, cells=merged, outcomes={level: texts for level, texts in levels.items() if texts}
    )


def _cell(text: str, where: str, errors: list[str]) -> Cell | None:
    if text in {"", "0", "-", "–"}:
        return None
    match = CELL.fullmatch(text.replace("\n", " "))
    if match is None:
        errors.append(where)
        return None
    points, competency = None, []
    for note in filter(None, map(str.strip, (match[2] or "").split(";"))):
        if stated := POINTS.fullmatch(note):
            points = Decimal(stated[1].replace(",", "."))
        else:
            competency.append(note)
    return Cell(int(match[1]), points, "; ".join(competency))


def _outcomes(text: str) -> dict[Level, tuple[str, ...]]:
    """Lines by level: below a heading “Hiểu:”, or each by the verb it begins with."""
    found: dict[Level, list[str]] = {}
    heading: Level | None = None
    for line in filter(None, text.split("\n")):
        match = OUTCOME.match(line)
        stated = _level([match[1].lower()]) if match else None
        bare = line.lstrip("-–•*+ ")
        if match and (match[2].strip() or not match[3]):
            heading, bare = stated, match[3]
        level = heading or stated or Level.KNOW
        if bare:
            found.setdefault(level, []).append(bare)
    return {level: tuple(texts) for level, texts in found.items()}


def _number(text: str) -> Decimal | None:
    bare = text.replace("%", "").replace(",", ".").strip()
    return Decimal(bare) if re.fullmatch(r"\d+(\.\d+)?", bare) else None


def _joined(matrix: list[Line], specification: list[Line]) -> list[Line]:
    """Outcomes and competencies of the specification on the lines of the matrix."""
    details = {(line.topic, line.content): line for line in specification}
    joined = []
    for line in matrix:
        detail = details.get((line.topic, line.content))
        if detail is None:
            joined.append(line)
            continue
        cells = {
            place: replace(cell, competency=detail.cells[place].competency) if place in detail.cells else cell
            for place, cell in line.cells.items()
        }
        joined.append(replace(line, cells=cells, outcomes=detail.outcomes))
    return joined


def _stated(table: _Table) -> Stated:
    for row in table.rows:
        if re.match(r"tổng (số )?điểm", next(filter(None, row), "").lower()):
            kinds: dict[Kind, Decimal] = {}
            for column, (kind, _) in table.places.items():
                if (value := _number(_at(row, column))) is not None:
                    kinds[kind] = kinds.get(kind, Decimal(0)) + value
            levels = {
                level: value
                for column, level in table.totals.items()
                if (value := _number(_at(row, column))) is not None
            }
            return Stated(kinds, levels)
    return Stated()
