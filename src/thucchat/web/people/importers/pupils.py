"""Lists of pupils: the ministry's, vnEdu's and SMAS's headings, and our template's."""

from datetime import date

import polars as pl

from thucchat.web.people.importers.fields import Field, Kind, Reading, problems_of
from thucchat.web.people.importers.people import (
    BIRTH_FIELDS,
    NAME_FIELDS,
    SCHOOL_FIELDS,
    check_person,
    complete_person,
)
from thucchat.web.people.importers.readings import CLASS_NAME, CODE, GRADE, YES_NO, one_of, text

# The ministry's codes of where a pupil stands: 02 arrived, 04-06, 08-12 left in a term or the summer.
STATUSES = {
    "đang học": "01",
    "01": "01",
    "02": "01",
    "chuyển đến": "01",
    "chuyển đến kì 1": "01",
    "chuyển đến kì 2": "01",
    "06": "01",
    "10": "01",
    "chuyển đến hè": "01",
    "hiện diện": "01",
    "chuyển đi": "04",
    "chuyển đi kì 1": "04",
    "chuyển đi kì 2": "04",
    "chuyển đi hè": "04",
    "04": "04",
    "08": "04",
    "11": "04",
    "thôi học": "05",
    "thôi học kì 1": "05",
    "thôi học kì 2": "05",
    "thôi học hè": "05",
    "bỏ học": "05",
    "05": "05",
    "09": "05",
    "12": "05",
    "hoàn thành cấp học, ra trường": "20",
    "ra trường": "20",
    "20": "20",
}
STATUS = one_of(STATUSES, "không phải trạng thái học sinh; hãy ghi Đang học, Chuyển đi hoặc Thôi học.")
POLICIES = Reading(lambda cell: text(200).read(cell), "text.long", "dài quá 200 ký tự; hãy rút gọn.")


def check(rows: pl.DataFrame, today: date) -> list[pl.DataFrame]:
    unnumbered = pl.all_horizontal(pl.col(column).is_null() for column in ("code", "personal_id"))
    alike = (
        pl.struct("full_name", "born_on", "class_name").is_duplicated() & pl.col("full_name").is_not_null()
    )
    return [
        *check_person(rows, today),
        problems_of(
            rows,
            pl.col("class_name").is_null()
            & pl.col("class_code").is_null()
            & (pl.col("status").fill_null("01") == "01"),
            column="class_name",
            code="cell.missing",
            message=pl.lit("Thiếu lớp; hãy điền tên lớp hoặc mã lớp."),
        ),
        problems_of(
            rows,
            unnumbered & alike,
            column="full_name",
            code="row.alike",
            message=pl.lit("Hai học sinh cùng tên, ngày sinh và lớp; hãy ghi mã định danh để phân biệt."),
        ),
    ]


PUPILS = Kind(
    "pupils",
    "Học sinh",
    (
        Field(
            "code",
            "Mã định danh Bộ GD&ĐT",
            (
                "mã định danh",
                "mã học sinh",
                "mã định danh bộ gdđt",
                "mã định danh (bộ gd&đt)",
                "mã hs",
                "mahocsinh",
                "studentcode",
            ),
            CODE,
            example="1100000001",
        ),
        *NAME_FIELDS,
        *BIRTH_FIELDS,
        Field(
            "class_name",
            "Lớp",
            ("lớp học", "tên lớp", "classname", "lớp hiện tại"),
            CLASS_NAME,
            example="6A1",
        ),
        Field("class_code", "Mã lớp", ("malophoccn", "mã lớp học"), text(40)),
        Field("grade", "Khối", ("khối học", "khối lớp"), GRADE, example="6"),
        *SCHOOL_FIELDS,
        Field(
            "status",
            "Trạng thái",
            ("trạng thái học sinh", "trangthai", "tình trạng"),
            STATUS,
            example="Đang học",
        ),
        Field("birthplace", "Nơi sinh", ("nơi sinh chi tiết",), text(200), example="Xã Mẫu, tỉnh Điện Biên"),
        Field(
            "address",
            "Chỗ ở hiện nay",
            ("địa chỉ", "nơi ở hiện nay", "chỗ ở", "địa chỉ hiện nay"),
            text(200),
            example="Bản Mẫu, xã Mẫu",
        ),
        Field(
            "is_boarding",
            "Nội trú, bán trú",
            ("học sinh bán trú", "bán trú", "nội trú", "hs bán trú", "ptdtbantru"),
            YES_NO,
            example="x",
        ),
        Field(
            "is_poor",
            "Hộ nghèo, cận nghèo",
            ("hộ nghèo", "ishongheo", "diện hộ nghèo", "hộ nghèo/cận nghèo"),
            YES_NO,
            example=" ",
        ),
        Field(
            "has_disability", "Học hòa nhập", ("khuyết tật", "học hoà nhập", "khuyettat"), YES_NO, example=" "
        ),
        Field("policies", "Đối tượng chính sách", ("diện chính sách", "chính sách"), POLICIES, example=" "),
    ),
    complete_person,
    check,
    class_from_sheet=True,
)
