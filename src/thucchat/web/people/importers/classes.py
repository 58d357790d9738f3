"""Lists of classes of one school year."""

from datetime import date

import polars as pl

from thucchat.web.people.importers.fields import Field, Kind, problems_of
from thucchat.web.people.importers.people import SCHOOL_FIELDS, twice
from thucchat.web.people.importers.readings import CLASS_NAME, CODE, GRADE, text


def complete(rows: pl.DataFrame) -> pl.DataFrame:
    """The grade stands at the head of most class names."""
    in_name = pl.col("class_name").str.extract(r"^(?i:lớp\s*)?(\d{1,2})")
    return rows.with_columns(grade=pl.coalesce("grade", in_name))


def check(rows: pl.DataFrame, _today: date) -> list[pl.DataFrame]:
    in_name = pl.col("class_name").str.extract(r"^(\d{1,2})").cast(pl.Int16)
    return [
        problems_of(
            rows,
            pl.col("grade").is_null(),
            column="grade",
            code="cell.missing",
            message=pl.lit("Thiếu khối; hãy điền khối từ 1 đến 12."),
        ),
        problems_of(
            rows,
            in_name != pl.col("grade"),
            column="grade",
            code="grade.other",
            is_error=False,
            message=pl.format("Tên lớp “{}” không bắt đầu bằng khối {}.", "class_name", "grade"),
        ),
        twice(rows, "class_code", label="mỗi lớp chỉ một dòng."),
    ]


CLASSES = Kind(
    "classes",
    "Lớp",
    (
        Field("class_name", "Tên lớp", ("lớp", "lớp học"), CLASS_NAME, is_required=True, example="6A1"),
        Field("grade", "Khối", ("khối học", "khối lớp"), GRADE, example="6"),
        Field("class_code", "Mã lớp", ("mã lớp học",), text(40), example=" "),
        *SCHOOL_FIELDS,
        Field(
            "homeroom_code",
            "Mã giáo viên chủ nhiệm",
            ("mã gvcn", "mã định danh gvcn"),
            CODE,
            example="1100900001",
        ),
        Field(
            "homeroom_name",
            "Giáo viên chủ nhiệm",
            ("gvcn", "họ tên gvcn", "chủ nhiệm", "tên gvcn"),
            text(100),
            example="Lò Thị Mẫu",
        ),
    ),
    complete,
    check,
    key="class_name",
)
