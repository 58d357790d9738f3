"""What a person is told about the layout of a sheet: hidden and failed cells, old fonts, lines left out."""

from collections.abc import Iterator, Sequence

import polars as pl

from thucchat.engine.vietnamese import vi_number
from thucchat.web.people.importers.fields import PROBLEMS, Kind
from thucchat.web.people.importers.headings import Table
from thucchat.web.shared.spreadsheets.fonts import Repaired
from thucchat.web.shared.spreadsheets.model import Sheet, letters_of

MOST_LISTED = 12  # lines named in one sentence


def note(
    sheet: str, line: int, code: str, message: str, *, column: str = "", is_error: bool = False
) -> pl.DataFrame:
    row = {
        "sheet": sheet,
        "line": line,
        "column": column,
        "value": None,
        "code": code,
        "message": message,
        "is_error": is_error,
    }
    return pl.DataFrame([row], schema=PROBLEMS)


def hidden_sheets(sheets: Sequence[Sheet]) -> list[pl.DataFrame]:
    """Sheets that are left out because nobody sees them."""
    message = "Trang tính bị ẩn nên không được đọc; bỏ ẩn nếu cần nhập."
    hidden = (sheet.name for sheet in sheets if sheet.is_hidden and sheet.cells.height)
    return [note(name, 1, "sheet.hidden", message) for name in hidden]


def no_table(sheets: Sequence[Sheet]) -> pl.DataFrame:
    """Nothing in the file looks like a list."""
    message = "Không tìm thấy bảng nào trong tệp; dòng tiêu đề phải ở 20 dòng đầu."
    return note(sheets[0].name if sheets else "", 1, "table.missing", message, is_error=True)


def absent_columns(kind: Kind, table: Table, places: dict[str, list[int]]) -> Iterator[pl.DataFrame]:
    told = set(places)
    if {"family", "given"} <= told:
        told.add("full_name")
    if "is_female" in told:
        told.add("sex")
    for field in kind.fields:
        if field.is_required and field.name not in told:
            message = f"Thiếu cột “{field.label}”. Hãy thêm cột hoặc ghép cột ở bước trước."
            yield note(table.sheet.name, table.body, "column.missing", message, is_error=True)


def unseen(table: Table, places: dict[str, list[int]]) -> Iterator[pl.DataFrame]:
    """Hidden lines and columns are read all the same, but never silently; cells in error are errors."""
    sheet, used = table.sheet, {place: field for field, where in places.items() for place in where}
    if hidden := [row + 1 for row in sheet.hidden_rows if row >= table.body]:
        yield note(
            sheet.name,
            hidden[0],
            "row.hidden",
            f"{lines_named(hidden)} đang bị ẩn nhưng vẫn được đọc; bỏ ẩn để kiểm tra, xóa nếu thừa.",
        )
    for place in sheet.hidden_columns:
        if place in used:
            yield note(
                sheet.name,
                table.body,
                "column.hidden",
                "Cột đang bị ẩn trong tệp nhưng vẫn được đọc.",
                column=used[place],
            )
    letters = {letters_of(place): field for place, field in used.items()}
    for cell in sheet.failed:
        column, line = cell.rstrip("0123456789"), int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        if column in letters and line > table.body:
            message = "Ô báo lỗi công thức (như #N/A); hãy sửa công thức hoặc gõ thẳng giá trị."
            yield note(sheet.name, line, "cell.failed", message, column=letters[column], is_error=True)


def old_fonts(table: Table, field: str, text: pl.Series, repaired: Repaired) -> Iterator[pl.DataFrame]:
    """What was typed before Unicode: put right as a whole, or named cell by cell."""
    name = table.sheet.name
    if repaired.font:
        message = f"Chữ gõ bằng phông {repaired.font} đã được đổi sang Unicode; hãy xem lại."
        yield note(name, table.body, "font.old", message, column=field)
    if repaired.unknown.any():
        rows = pl.DataFrame({"value": text, "unknown": repaired.unknown}).with_row_index("at", table.body + 1)
        doubt = pl.format("“{}” có thể gõ bằng phông chữ cũ; hãy gõ lại bằng Unicode nếu hiện sai.", "value")
        yield rows.filter("unknown").select(
            pl.lit(name).alias("sheet"),
            pl.col("at").cast(pl.Int64).alias("line"),
            pl.lit(field).alias("column"),
            "value",
            pl.lit("font.unknown").alias("code"),
            doubt.alias("message"),
            pl.lit(value=False).alias("is_error"),
        )


def skipped(rows: pl.DataFrame, cells: pl.DataFrame, table: Table) -> list[pl.DataFrame]:
    """Lines left out that say something: totals and signatures, told once a sheet."""
    said = cells[(rows["line"] - table.body - 1)] if rows.height else cells.clear()
    words = said.select(pl.concat_str(pl.all(), separator=" ", ignore_nulls=True).alias("text"))["text"]
    telling = rows.filter(words.str.contains(r"\p{L}").fill_null(value=False))["line"].to_list()
    if not telling:
        return []
    message = f"{lines_named(telling)} không phải dòng dữ liệu (tổng số, chữ ký, ghi chú) nên không được đọc."
    return [note(table.sheet.name, telling[0], "row.skipped", message)]


def lines_named(numbers: Sequence[int]) -> str:
    some = ", ".join(map(str, numbers[:MOST_LISTED]))
    more = f" và {vi_number(len(numbers) - MOST_LISTED)} dòng khác" if len(numbers) > MOST_LISTED else ""
    return f"Dòng {some}{more}"
