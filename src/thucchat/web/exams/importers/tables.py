"""Finding the table in a sheet of results: the heading row, and what each column says."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.results.subjects import heading_key, subject_code
from thucchat.engine.vietnamese import tidy
from thucchat.web.shared.spreadsheets.model import Sheet, letters_of

SEARCHED = 20  # rows looked at for the heading
FEWEST = 2  # known headings that make a row the heading
BRACKETED = re.compile(r"\(.*\)")

PROBLEMS = pl.Schema(
    {
        "sheet": pl.String(),
        "line": pl.Int64(),
        "column": pl.String(),  # letters and heading
        "value": pl.String(),
        "message": pl.String(),
        "is_error": pl.Boolean(),  # an error keeps the whole file out, a warning does not
    }
)


@dataclass(frozen=True, slots=True)
class ResultTable:
    """The table of one sheet. `cells` has a column per heading, in text, null where empty."""

    sheet: str
    cells: pl.DataFrame
    first_line: int  # line of the sheet that holds the first row of `cells`
    letters: dict[str, str]  # heading to the letters of its column

    def shown(self, heading: str) -> str:
        """A column as people see it: B (toan)."""
        return f"{self.letters[heading]} ({heading})"

    def find(self, keys: Sequence[str]) -> str | None:
        """The heading written as one of `keys` (without accents and blanks), the best first."""
        known = {heading_key(heading): heading for heading in reversed(self.cells.columns)}
        return next((known[key] for key in keys if key in known), None)


def result_tables(sheets: Sequence[Sheet], is_known: Callable[[str], bool]) -> list[ResultTable]:
    """The tables of all visible sheets that have one.

    Raises:
        InvalidInput: `table.missing`, `column.duplicate`.
    """
    found = (_table(sheet, is_known) for sheet in sheets if not sheet.is_hidden)
    tables = [table for table in found if table is not None]
    if not tables:
        message = (
            f"Không thấy bảng nào trong tệp: dòng tiêu đề (như “sbd, toan, van”) phải ở {SEARCHED} dòng đầu."
        )
        raise InvalidInput("table.missing", message)
    return tables


def problem(table: ResultTable, line: int, column: str, value: str | None, message: str) -> pl.DataFrame:
    """One error of one cell or line."""
    row = (table.sheet, line, table.shown(column) if column else "", value, message, True)
    return pl.DataFrame([row], schema=PROBLEMS, orient="row")


def _table(sheet: Sheet, is_known: Callable[[str], bool]) -> ResultTable | None:
    rows = [[tidy(cell or "") for cell in row] for row in sheet.cells.head(SEARCHED).rows()]
    known = [sum(is_known(cell) for cell in row if cell) for row in rows]
    if not known or max(known) < FEWEST:
        return None
    place = _bottom(rows, known.index(max(known)))
    titles = _titles(sheet, rows, place)
    body = place + 1 + _notes_below(rows[place + 1 :])
    below = sheet.cells.slice(body)
    kept = {title: at for at, title in enumerate(titles) if title}
    _refuse_repeated(sheet.name, [title for title in titles if title])
    cells = below.select(_tidied(below.columns[at]).alias(title) for title, at in kept.items())
    return ResultTable(sheet.name, cells, body + 1, {title: letters_of(at) for title, at in kept.items()})


def _bottom(rows: list[list[str]], place: int) -> int:
    """The lower of two rows of headings, where subjects stand below a wide “Điểm thi”."""
    below = rows[place + 1] if place + 1 < len(rows) else []
    subjects = {subject_code(cell) for cell in below if cell} - {None}
    return place + 1 if len(subjects) >= FEWEST else place


def _titles(sheet: Sheet, rows: list[list[str]], place: int) -> list[str]:
    """The heading row; a cell merged with the rows above or below it is filled from its first."""
    titles = list(rows[place])
    for block in sheet.merges:
        if block.top < place <= block.bottom and not titles[block.left]:
            titles[block.left] = rows[block.top][block.left]
    above = rows[place - 1] if place else []
    for at, title in enumerate(above):
        # Two rows of headings without merged cells: “SBD” above, “Toán” below under a wide “Điểm”.
        if not titles[at] and title and not (at and above[at - 1] == title):
            titles[at] = title
    return titles


def _notes_below(rows: list[list[str]]) -> int:
    """Rows such as “(HS 1)” that belong to the heading."""
    count = 0
    for row in rows[:3]:
        filled = [cell for cell in row if cell]
        if not filled or not all(BRACKETED.fullmatch(cell) for cell in filled):
            break
        count += 1
    return count


def _refuse_repeated(sheet: str, titles: Sequence[str]) -> None:
    repeated = sorted({title for title in titles if titles.count(title) > 1})
    if repeated:
        listed = ", ".join(f"“{title}”" for title in repeated)
        message = f"Trang tính “{sheet}” có nhiều cột cùng tên {listed}; hãy đổi tên hoặc bỏ bớt."
        raise InvalidInput("column.duplicate", message)


def _tidied(column: str) -> pl.Expr:
    text = pl.col(column).str.normalize("NFC").str.replace_all(r"\s+", " ").str.strip_chars()
    return pl.when(text != "").then(text)
