"""The national table: mean and count of every subject in every province and year."""

from collections.abc import Sequence

import polars as pl

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.results.subjects import heading_key
from thucchat.engine.tables import PROVINCE_MEANS
from thucchat.web.exams.importers.results import ColumnRead
from thucchat.web.exams.importers.tables import ResultTable, result_tables
from thucchat.web.shared.spreadsheets.model import Sheet

# Headings of each column, without accents and blanks, the best first.
HEADINGS = {
    "year": ("year", "nam", "namthi"),
    "province": ("provincename", "province", "tentinh", "tinh", "tinhthanhpho", "tinhthanh", "diaphuong"),
    "subject": ("subject", "mon", "monthi", "tenmon"),
    "count": ("count", "n", "sobai", "sobaithi", "sothisinh", "soluong"),
    "mean": ("mean", "average", "diemtrungbinh", "diemtb", "trungbinh", "tb", "dtb"),
}
KNOWN = {key for keys in HEADINGS.values() for key in keys}
NAMES = {"year": "năm", "province": "tỉnh", "subject": "môn", "count": "số bài", "mean": "điểm trung bình"}
LIMITS = {
    "year": (2000, 2100, "năm từ 2000"),
    "count": (0, 10**7, "số bài"),
    "mean": (0, 10, "điểm từ 0 đến 10"),
}


def read_national(sheets: Sequence[Sheet]) -> tuple[pl.DataFrame, list[ColumnRead], pl.DataFrame]:
    """Rows in the schema PROVINCE_MEANS, what each column was taken for, and PROBLEMS.

    Rows of subjects that nobody sat are left out.
    Raises:
        InvalidInput: `table.missing`, `column.missing`, `column.duplicate`.
    """
    table = result_tables(sheets, lambda heading: heading_key(heading) in KNOWN)[0]
    headings = {name: _heading(table, name) for name in PROVINCE_MEANS}
    texts = table.cells.with_row_index("line", table.first_line).select(
        pl.col("line").cast(pl.Int64), *(pl.col(heading).alias(name) for name, heading in headings.items())
    )
    filled = texts.filter(pl.any_horizontal(pl.col(list(PROVINCE_MEANS)).is_not_null()))
    numbers = filled.with_columns(
        pl.col(name).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False).alias(name)
        for name in LIMITS
    )
    problems = [_wrong(table, filled, numbers, name, headings[name]) for name in headings]
    problems.append(_repeated(table, numbers))
    sat = numbers.filter(pl.col("count") > 0).select(list(PROVINCE_MEANS))
    columns = [ColumnRead(heading, NAMES[name]) for name, heading in headings.items()]
    return sat.cast(PROVINCE_MEANS, strict=False), columns, pl.concat(problems).sort("line")


def _heading(table: ResultTable, name: str) -> str:
    found = table.find(HEADINGS[name])
    if found is None:
        message = f"Bảng thiếu cột “{NAMES[name]}”; cần năm, tỉnh, môn, số bài, điểm trung bình."
        raise InvalidInput("column.missing", message)
    return found


def _wrong(
    table: ResultTable, texts: pl.DataFrame, numbers: pl.DataFrame, name: str, heading: str
) -> pl.DataFrame:
    if name in LIMITS:
        low, high, what = LIMITS[name]
        value = numbers[name]
        wrong = ~value.is_between(low, high).fill_null(value=False)
        if PROVINCE_MEANS[name].is_integer():
            wrong |= (value.round(0) != value).fill_null(value=True)
        if name == "mean":
            wrong &= (numbers["count"] != 0).fill_null(value=True)
    else:
        wrong, what = texts[name].is_null() | (texts[name].str.len_chars() > 60), "tên tỉnh hoặc môn"
    shown = pl.col(name).fill_null("").str.slice(0, 40)
    return _problems(
        table, texts.filter(wrong), pl.format(f"“{{}}” không phải {what}.", shown), heading=heading
    )


def _repeated(table: ResultTable, rows: pl.DataFrame) -> pl.DataFrame:
    key = ["year", "province", "subject"]
    again = rows.filter(rows.select(key).is_duplicated())
    message = pl.format("Có nhiều dòng cho {}, môn {}; hãy giữ một dòng.", "province", "subject")
    return _problems(table, again, message, heading="")


def _problems(table: ResultTable, rows: pl.DataFrame, message: pl.Expr, *, heading: str) -> pl.DataFrame:
    return rows.select(
        pl.lit(table.sheet).alias("sheet"),
        "line",
        pl.lit(table.shown(heading) if heading else "").alias("column"),
        pl.lit(None, pl.String).alias("value"),
        message.alias("message"),
        pl.lit(value=True).alias("is_error"),
    )
