"""Answers of candidates: one line a candidate, one column a question, as letters, numbers or points.

In a cell: nothing is a blank answer, “-” a question the candidate was not given, “?” a mark nobody could
read. A line without any answer is an absent candidate; a column “Trạng thái” may say so, or “hủy”.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.results.cells import MARKS
from thucchat.engine.measurement.results.subjects import heading_key
from thucchat.engine.measurement.scoring import Essay, State
from thucchat.web.exams.importers.results import LONGEST, NUMBER, PUPIL
from thucchat.web.exams.importers.tables import PROBLEMS, ResultTable, result_tables
from thucchat.web.results.models.keyed import KeyedItem
from thucchat.web.results.models.responses import NOT_PRESENTED, SEPARATOR, UNREADABLE
from thucchat.web.shared.frames import whole_number
from thucchat.web.shared.spreadsheets.model import Sheet

STATUS = ("trangthai", "tinhtrang", "ghichu", "status")
OTHERS = frozenset(
    {"stt", "tt", "hoten", "hovaten", "hotenhocsinh", "ten", "lop", "truong", "matruong", "huyen", "made",
     "ngaysinh", "gioitinh", "dantoc", "diem", "tong", "tongdiem", "phong", "phongthi"}
)  # fmt: skip
QUESTION = re.compile(r"[a-z]{0,6}\d{1,6}[a-z]?")  # c1, cau12, ch345, 7, 3a
LONGEST_ANSWER = 12
CODES = {"absent": State.ABSENT, "cancelled": State.CANCELLED}
ROWS = pl.Schema(
    {
        "line": pl.Int64(),
        "sbd": pl.String(),
        "pupil_code": pl.String(),
        "status": pl.Int64(),
        "answers": pl.String(),
    }
)
KeyOf = Callable[[Sequence[str]], list[KeyedItem]]  # the key, given the question columns in their order


@dataclass(frozen=True, slots=True)
class ParsedAnswers:
    """A whole file; with problems nothing of it is kept."""

    items: list[KeyedItem]  # canonical: in the order of the key
    rows: pl.DataFrame  # ROWS
    sheet: str  # that the rows stand in
    persons_column: str  # letters and heading: where a row says whose answers it has
    problems: pl.DataFrame  # PROBLEMS


def read_answers(sheets: Sequence[Sheet], key_of: KeyOf, *, digits: int = 0) -> ParsedAnswers:
    """Read the first table of the file, collecting errors instead of stopping at the first.

    Numbers get back the zeros that spreadsheets drop from their beginning, up to `digits`.

    Raises:
        InvalidInput: `table.missing`, `column.duplicate`, `column.candidate`, `answers.items`,
            `answers.none`, and what `key_of` refuses.
    """
    table = result_tables(sheets, _is_heading)[0]
    number, pupil, status = table.find(NUMBER), table.find(PUPIL), table.find(STATUS)
    persons = number or pupil
    if persons is None:
        message = f"Trang tính “{table.sheet}” thiếu cột số báo danh hoặc mã học sinh."
        raise InvalidInput("column.candidate", message)
    facts = {one for one in (number, pupil, status) if one is not None}
    columns = [name for name in table.cells.columns if name not in facts and heading_key(name) not in OTHERS]
    items = key_of(columns)
    if missing := [one.item for one in items if one.item not in table.cells.columns]:
        raise InvalidInput("answers.items", f"Bảng bài làm thiếu cột của câu: {', '.join(missing[:10])}.")
    facts_of = {"sbd": persons, "pupil_code": pupil, "state": status}
    rows = _rows(table, items, facts_of)
    if number is not None:
        rows = rows.with_columns(whole_number("sbd", digits))
    if rows.is_empty():
        raise InvalidInput("answers.none", "Bảng không có bài làm nào.")
    shown = table.shown(persons)
    problems = [_wrong_persons(table, rows, shown)]
    problems += [_wrong_answers(table, rows[["line", f"a{n}"]], one) for n, one in enumerate(items)]
    found = pl.concat(problems).sort("line", maintain_order=True)
    return ParsedAnswers(items, _packed(rows, items), table.sheet, shown, found)


def _is_heading(heading: str) -> bool:
    """Headings by which the table is found: facts of a candidate, or what questions are usually called."""
    key = heading_key(heading)
    return key in {*NUMBER, *PUPIL, *STATUS, *OTHERS} or QUESTION.fullmatch(key) is not None


def _rows(table: ResultTable, items: list[KeyedItem], facts: dict[str, str | None]) -> pl.DataFrame:
    """`line`, `sbd`, `pupil_code`, `status`, and a column of tidy answers per item."""
    number = r"^(\d+)\.0+$"
    persons = [
        (pl.lit(None, pl.String) if heading is None else pl.col(heading).str.replace(number, "$1")).alias(
            name
        )
        for name, heading in facts.items()
    ]
    answers = [
        pl.col(one.item).fill_null("").str.replace_all(" ", "").str.to_uppercase()
        .str.replace(number, "$1").alias(f"a{place}")
        for place, one in enumerate(items)
    ]  # fmt: skip
    line = pl.int_range(table.first_line, pl.len() + table.first_line, dtype=pl.Int64).alias("line")
    rows = table.cells.select(line, *persons, *answers)
    filled = pl.any_horizontal(pl.col(name) != "" for name in rows.columns if name[1:].isdigit())
    word = pl.col("state").str.strip_chars().str.to_lowercase()
    told = word.replace_strict(MARKS, default=None, return_dtype=pl.String).replace_strict(
        CODES, default=None, return_dtype=pl.Int64
    )
    empty = pl.when(filled).then(int(State.ANSWERED)).otherwise(int(State.ABSENT))
    rows = rows.filter(pl.col("sbd").is_not_null() | filled)
    return rows.with_columns(pl.coalesce(told, empty).cast(pl.Int64).alias("status"))


def _packed(rows: pl.DataFrame, items: list[KeyedItem]) -> pl.DataFrame:
    answers = pl.concat_str([f"a{place}" for place in range(len(items))], separator=SEPARATOR)
    return rows.select("line", "sbd", "pupil_code", "status", answers.alias("answers")).cast(ROWS)


def _wrong_persons(table: ResultTable, rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """Lines without a candidate, with one that is too long, or that has stood before."""
    sbd = pl.col("sbd")
    message = (
        pl.when(sbd.is_null())
        .then(pl.lit("Dòng có bài làm nhưng thiếu số báo danh; hãy điền hoặc bỏ dòng."))
        .when(sbd.str.len_chars() > LONGEST)
        .then(pl.lit(f"Số báo danh dài quá {LONGEST} kí tự."))
        .when(pl.int_range(pl.len()).over("sbd") > 0)
        .then(pl.lit("Số báo danh đã có ở dòng trên; mỗi thí sinh chỉ một dòng."))
    )
    found = rows.with_columns(message.alias("message")).filter(pl.col("message").is_not_null())
    return problems_of(table.sheet, found, column, pl.col("sbd").str.slice(0, 40))


def _wrong_answers(table: ResultTable, cells: pl.DataFrame, item: KeyedItem) -> pl.DataFrame:
    """Cells of one question (`line`, answers) that answer nothing; each different text is judged once."""
    name = cells.columns[1]
    faults = {text: fault for text in cells[name].unique() if (fault := _fault(text, item))}
    if not faults:
        return pl.DataFrame(schema=PROBLEMS)
    told = pl.col(name).replace_strict(faults, default=None, return_dtype=pl.String)
    found = cells.with_columns(told.alias("message")).filter(pl.col("message").is_not_null())
    return problems_of(table.sheet, found, table.shown(item.item), pl.col(name).str.slice(0, 40))


def _fault(answer: str, item: KeyedItem) -> str:
    """Why a cell is no answer; empty when it is one."""
    if answer in {"", NOT_PRESENTED, UNREADABLE}:
        return ""
    if len(answer) > LONGEST_ANSWER or SEPARATOR in answer:
        return (
            f"“{answer[:40]}” không phải là câu trả lời; ô trống, “-” (không được hỏi), “?” (không đọc được)."
        )
    rule = item.rule
    if isinstance(rule, Essay):
        try:
            rule.score(answer)
        except InvalidInput as wrong:
            return str(wrong)
    return ""


def problems_of(sheet: str, found: pl.DataFrame, column: str, value: pl.Expr) -> pl.DataFrame:
    """PROBLEMS of lines (`line`, `message`) in one column."""
    return found.select(
        pl.lit(sheet).alias("sheet"),
        "line",
        pl.lit(column).alias("column"),
        value.alias("value"),
        "message",
        pl.lit(value=True).alias("is_error"),
    )
