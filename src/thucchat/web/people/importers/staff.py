"""Lists of staff: the ministry's headings and our template's."""

import polars as pl

from thucchat.web.people.importers.fields import Field, Kind, Reading
from thucchat.web.people.importers.people import (
    BIRTH_FIELDS,
    NAME_FIELDS,
    SCHOOL_FIELDS,
    check_person,
    complete_person,
)
from thucchat.web.people.importers.readings import CODE, YES_NO, one_of, text

CLERKS = r"nhân viên|văn thư|kế toán|y tế|thư viện|thiết bị|bảo vệ|phục vụ|cấp dưỡng|thủ quỹ|giáo vụ"


def _read_position(cell: pl.Expr) -> pl.Expr:
    word = cell.str.to_lowercase()
    return (
        pl.when(word.str.contains(r"phó hiệu trưởng|phó giám đốc"))
        .then(pl.lit("vice"))
        .when(word.str.contains(r"^hiệu trưởng|^giám đốc"))
        .then(pl.lit("principal"))
        .when(word.str.contains(r"giáo viên|^tổ trưởng|^tổ phó|^gv\b"))
        .then(pl.lit("teacher"))
        .when(word.str.contains(r"chuyên viên|trưởng phòng|phó phòng"))
        .then(pl.lit("officer"))
        .when(word.str.contains(CLERKS))
        .then(pl.lit("clerk"))
    )


def _read_qualification(cell: pl.Expr) -> pl.Expr:
    word = cell.str.to_lowercase()
    return (
        pl.when(word.is_in(["05", "06", "07", "08", "09"]))
        .then(word)
        .when(word.str.contains("tiến s"))
        .then(pl.lit("09"))
        .when(word.str.contains("thạc s"))
        .then(pl.lit("08"))
        .when(word.str.contains("đại học|cử nhân|kỹ sư|kĩ sư"))
        .then(pl.lit("07"))
        .when(word.str.contains("cao đẳng"))
        .then(pl.lit("06"))
        .when(word.str.contains("trung cấp|trung học"))
        .then(pl.lit("05"))
    )


POSITION = Reading(
    _read_position,
    "value.unknown",
    "không rõ là vị trí nào; hãy ghi Hiệu trưởng, Phó hiệu trưởng, Giáo viên, Nhân viên hoặc Chuyên viên.",
)
QUALIFICATION = Reading(
    _read_qualification,
    "value.unknown",
    "không rõ trình độ; hãy ghi Trung cấp, Cao đẳng, Đại học, Thạc sĩ hoặc Tiến sĩ.",
)
STATUS = one_of(
    {"đang làm việc": "here", "đang công tác": "here", "chuyển đến": "here"}
    | dict.fromkeys(
        ("nghỉ hưu", "thôi việc", "chuyển đi", "nghỉ việc", "đã nghỉ hưu", "đã chuyển đi", "đã nghỉ việc"),
        "gone",
    ),
    "không phải trạng thái cán bộ; hãy ghi Đang làm việc, Chuyển đi, Nghỉ hưu hoặc Thôi việc.",
)

STAFF = Kind(
    "staff",
    "Cán bộ, giáo viên",
    (
        Field(
            "code",
            "Mã định danh",
            (
                "mã định danh bộ gd&đt",
                "mã định danh (bộ gd&đt)",
                "mã cán bộ",
                "mã cbgvnv",
                "mã giáo viên",
                "mã gv",
            ),
            CODE,
            is_required=True,
            example="1100900001",
        ),
        *NAME_FIELDS,
        *BIRTH_FIELDS,
        *SCHOOL_FIELDS,
        Field("team_name", "Tổ chuyên môn", ("tổ bộ môn", "tổ"), text(200), example="Tổ Toán"),
        Field(
            "position",
            "Vị trí việc làm",
            ("chức vụ", "chức danh", "chức vụ/chức danh"),
            POSITION,
            is_required=True,
            example="Giáo viên",
        ),
        Field("is_team_head", "Tổ trưởng", ("là tổ trưởng",), YES_NO, example=" "),
        Field("is_core", "Giáo viên cốt cán", ("cốt cán",), YES_NO, example=" "),
        Field(
            "qualification",
            "Trình độ",
            ("t.độ chuyên môn nghiệp vụ", "trình độ chuyên môn", "trình độ chuyên môn nghiệp vụ"),
            QUALIFICATION,
            example="Đại học",
        ),
        Field("subject_names", "Môn dạy", ("môn giảng dạy", "các môn dạy"), text(200), example="Toán"),
        Field("status", "Trạng thái", ("trạng thái cán bộ", "tình trạng"), STATUS, example="Đang làm việc"),
    ),
    complete_person,
    check_person,
)
