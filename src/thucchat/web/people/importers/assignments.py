"""Lists of who teaches which subject to which class."""

from datetime import date

import polars as pl

from thucchat.web.people.importers.fields import Field, Kind, problems_of
from thucchat.web.people.importers.people import SCHOOL_FIELDS
from thucchat.web.people.importers.readings import CLASS_NAME, CODE, SHARE, text


def complete(rows: pl.DataFrame) -> pl.DataFrame:
    return rows


def check(rows: pl.DataFrame, _today: date) -> list[pl.DataFrame]:
    return [
        problems_of(
            rows,
            pl.col("class_name").is_null() & pl.col("class_code").is_null(),
            column="class_name",
            code="cell.missing",
            message=pl.lit("Thiếu lớp; hãy điền tên lớp hoặc mã lớp."),
        ),
        problems_of(
            rows,
            pl.col("staff_code").is_null() & pl.col("staff_name").is_null(),
            column="staff_name",
            code="cell.missing",
            message=pl.lit("Thiếu giáo viên; hãy điền mã hoặc họ tên."),
        ),
    ]


ASSIGNMENTS = Kind(
    "assignments",
    "Phân công giảng dạy",
    (
        Field("class_name", "Lớp", ("tên lớp", "lớp học", "lớp dạy"), CLASS_NAME, example="6A1"),
        Field("class_code", "Mã lớp", ("mã lớp học",), text(40)),
        Field(
            "subject_name",
            "Môn học",
            ("môn", "tên môn", "môn dạy", "môn giảng dạy", "mã môn"),
            text(80),
            is_required=True,
            example="Toán",
        ),
        Field(
            "staff_code",
            "Mã giáo viên",
            ("mã cán bộ", "mã định danh", "mã gv", "mã định danh giáo viên"),
            CODE,
            example="1100900001",
        ),
        Field(
            "staff_name",
            "Giáo viên",
            (
                "họ và tên",
                "họ tên",
                "họ và tên giáo viên",
                "giáo viên dạy",
                "tên giáo viên",
                "họ tên giáo viên",
            ),
            text(100),
            example="Lò Thị Mẫu",
        ),
        Field("share", "Phần phụ trách", ("tỉ lệ", "tỷ lệ", "phần"), SHARE, example="1"),
        *SCHOOL_FIELDS,
    ),
    complete,
    check,
    key="subject_name",
)
