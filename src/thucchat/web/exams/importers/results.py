"""Results of an exam: one line a candidate, one column a subject, in any layout that `engine` can name.

Candidates are named by number (SBD). Their school is told by a code, a name, or the pupil's code; where
none does, they count for the province alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.results.cells import parse_cells
from thucchat.engine.measurement.results.columns import is_known, score_columns
from thucchat.engine.measurement.results.subjects import subject_code, subject_label
from thucchat.engine.vietnamese import tidy
from thucchat.web.exams.importers.tables import PROBLEMS, ResultTable, problem, result_tables
from thucchat.web.exams.models import CODES
from thucchat.web.shared.spreadsheets.model import Sheet

NUMBER = ("sbd", "sobaodanh", "mathisinh", "candidate", "candidateid")
PUPIL = ("mahocsinh", "madinhdanh", "madinhdanhbogddt", "mahs", "studentid", "student")
SCHOOL_CODE = ("matruong", "matruongthpt", "matruongthcs", "schoolcode", "madonvi")
SCHOOL_NAME = ("tentruong", "truong", "truongthpt", "truongthcs", "school", "schoolname", "donvi", "tendonvi")
AREA = ("huyen", "tenhuyen", "quanhuyen", "mahuyen", "phonggd", "phonggddt", "district", "donvihuyen")
FACTS = ("sbd", "pupil_code", "school_code", "school_name", "area_name")
GRADUATION_DIGITS = 8  # council of two digits, number of six: Excel drops the zero that begins it
LONGEST = 20


@dataclass(frozen=True, slots=True)
class ColumnRead:
    """What one heading was taken for."""

    heading: str
    meaning: str  # Vietnamese: a subject, a fact about the candidate, or why it is not used


@dataclass(frozen=True, slots=True)
class ParsedResults:
    """A whole file. Rows with problems are in `rows` too; a file with errors is not saved."""

    rows: pl.DataFrame  # sheet, line, FACTS as text, then a column of Int16 per subject (see models.results)
    subjects: tuple[str, ...]  # codes of the engine where it knows the subject, else the heading
    columns: tuple[ColumnRead, ...]
    problems: pl.DataFrame  # PROBLEMS


def read_results(sheets: Sequence[Sheet], *, is_graduation: bool) -> ParsedResults:
    """Read every visible sheet, collecting errors instead of stopping at the first.

    Raises:
        InvalidInput: `table.missing`, `column.duplicate`, `column.subjects`, `column.candidate`,
            `column.subject_twice` when the file as a whole cannot be understood.
    """
    parts = [_read_table(table, is_graduation=is_graduation) for table in result_tables(sheets, is_known)]
    subjects = tuple(dict.fromkeys(subject for part in parts for subject in part.subjects))
    rows = pl.concat([part.rows for part in parts], how="diagonal").select("sheet", "line", *FACTS, *subjects)
    columns = tuple(dict.fromkeys(column for part in parts for column in part.columns))
    problems = pl.concat([part.problems for part in parts] + [_repeated(rows)])
    return ParsedResults(rows, subjects, columns, problems.sort("sheet", "line", maintain_order=True))


def _read_table(table: ResultTable, *, is_graduation: bool) -> ParsedResults:
    found = score_columns(table.cells)
    facts = {
        "sbd": table.find(NUMBER) or table.find(PUPIL),
        "pupil_code": table.find(PUPIL),
        "school_code": table.find(SCHOOL_CODE),
        "school_name": table.find(SCHOOL_NAME),
        "area_name": table.find(AREA),
    }
    if facts["sbd"] is None:
        message = f"Trang tính “{table.sheet}” thiếu cột số báo danh; hãy thêm cột “SBD”."
        raise InvalidInput("column.candidate", message)
    subjects = _subjects(table, found.subjects)
    problems = [pl.DataFrame(schema=PROBLEMS)]
    texts = [_fact(heading).alias(name) for name, heading in facts.items()]
    rows = table.cells.select(
        pl.lit(table.sheet).alias("sheet"),
        pl.int_range(table.first_line, pl.len() + table.first_line, dtype=pl.Int64).alias("line"),
        *texts,
    )
    for subject, heading in subjects.items():
        cells, wrong = _scores(table, heading)
        rows = rows.with_columns(cells.alias(subject))
        problems.append(wrong)
    if is_graduation:
        rows = rows.with_columns(_padded("sbd"))
    rows = rows.filter(pl.any_horizontal(pl.col("sbd", *subjects).is_not_null()))
    problems += _wrong_numbers(table, rows, str(facts["sbd"]))
    columns = [ColumnRead(heading, f"môn {subject_label(subject)}") for subject, heading in subjects.items()]
    names = {"sbd": "số báo danh", "pupil_code": "mã học sinh", "school_code": "mã trường"}
    names |= {"school_name": "tên trường", "area_name": "huyện, xã"}
    columns += [ColumnRead(heading, names[name]) for name, heading in facts.items() if heading]
    used = {column.heading for column in columns}
    columns += [
        ColumnRead(one.column, f"không dùng: {one.reason}") for one in found.ignored if one.column not in used
    ]
    return ParsedResults(rows, tuple(subjects), tuple(columns), pl.concat(problems))


def _subjects(table: ResultTable, headings: Sequence[str]) -> dict[str, str]:
    """Subject to heading."""
    subjects: dict[str, str] = {}
    for heading in headings:
        subject = subject_code(heading) or tidy(heading)[:60]
        if subject in subjects:
            message = (
                f"Trang tính “{table.sheet}”: hai cột “{subjects[subject]}” và “{heading}” cùng là môn "
                f"{subject_label(subject)}; hãy bỏ bớt một cột."
            )
            raise InvalidInput("column.subject_twice", message)
        subjects[subject] = heading
    return subjects


def _fact(heading: str | None) -> pl.Expr:
    """Text of a cell; a number that a spreadsheet keeps as 123.0 is 123."""
    return pl.lit(None, pl.String) if heading is None else pl.col(heading).str.replace(r"^(\d+)\.0+$", "$1")


def _padded(name: str) -> pl.Expr:
    short = pl.col(name).str.contains(rf"^\d{{{GRADUATION_DIGITS - 1}}}$")
    return pl.when(short).then(pl.lit("0") + pl.col(name)).otherwise(pl.col(name)).alias(name)


def _scores(table: ResultTable, heading: str) -> tuple[pl.Series, pl.DataFrame]:
    """Hundredths and codes of one column; each different text is read once."""
    cells = table.cells.select(pl.col(heading).alias("cell")).with_row_index("row")
    texts = cells.select(pl.col("cell").unique(maintain_order=True))
    parsed = texts.with_columns(parse_cells(texts["cell"]))
    coded = pl.col("state").replace_strict(CODES, default=None, return_dtype=pl.Int16)
    parsed = parsed.with_columns(pl.coalesce(pl.col("hundredths").cast(pl.Int16), coded).alias("code"))
    joined = cells.join(parsed, on="cell", how="left", nulls_equal=True, maintain_order="left")
    wrong = joined.filter(pl.col("state") == "bad")
    message = pl.format(
        "“{}” không phải điểm từ 0 đến 10 (tối đa hai chữ số thập phân); vắng ghi “v”, miễn ghi “m”.",
        pl.col("cell").str.slice(0, 40),
    )
    problems = wrong.select(
        pl.lit(table.sheet).alias("sheet"),
        (pl.col("row").cast(pl.Int64) + table.first_line).alias("line"),
        pl.lit(table.shown(heading)).alias("column"),
        pl.col("cell").alias("value"),
        message.alias("message"),
        pl.lit(value=True).alias("is_error"),
    )
    return joined["code"], problems


def _wrong_numbers(table: ResultTable, rows: pl.DataFrame, heading: str) -> list[pl.DataFrame]:
    blank = rows.filter(pl.col("sbd").is_null())
    long = rows.filter(pl.col("sbd").str.len_chars() > LONGEST)
    found = [
        problem(table, line, heading, None, "Dòng có điểm nhưng thiếu số báo danh; hãy điền hoặc bỏ dòng.")
        for line in blank["line"].head(500)
    ]
    return found + [
        problem(table, line, heading, value[:60], f"Số báo danh dài quá {LONGEST} kí tự.")
        for line, value in long.select("line", "sbd").head(500).iter_rows()
    ]


def _repeated(rows: pl.DataFrame) -> pl.DataFrame:
    """Every further line of a number that has stood before."""
    first = pl.col("line").first().over("sbd")
    again = rows.with_columns(first.alias("first"), pl.int_range(pl.len()).over("sbd").alias("nth")).filter(
        pl.col("sbd").is_not_null() & (pl.col("nth") > 0)
    )
    message = pl.format("Số báo danh {} đã có ở dòng {}; mỗi thí sinh chỉ một dòng.", "sbd", "first")
    return again.select(
        "sheet",
        "line",
        pl.lit("").alias("column"),
        pl.col("sbd").alias("value"),
        message.alias("message"),
        pl.lit(value=True).alias("is_error"),
    )
