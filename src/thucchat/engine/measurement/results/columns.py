"""Which columns of a result file are scores. The rule is stated once here and its outcome is reported.

1. A heading that names a subject is a score column.
2. A heading that names a person, unit, date, code, sum or remark is not.
3. Any other column is one when at least half of its filled cells are scores from 0 to 10.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.results.cells import parse_cells
from thucchat.engine.measurement.results.subjects import heading_key, subject_code
from thucchat.engine.tables import IgnoredColumn
from thucchat.engine.vietnamese import tidy, unaccented

# First words of headings that are never scores, without accents.
OTHER = re.compile(
    r"^(unnamed|column|sbd|so|stt|tt|no|id|ma|ho|ten|name|full|first|last|code|ngay|birth|dob|date|nam|year|gioi"
    r"|phai|nu|sex|gender|dan toc|ethnic|ton giao|noi|que|truong|school|don vi|unit|lop|class|khoi|grade"
    r"|huyen|district|quan|tinh|province|region|xa|commune|phuong|ward|phong|room|hoi dong|cum|diem thi so"
    r"|doi tuong|khu vuc|dien|uu tien|diem uu tien|diem cong|diem khuyen khich|khuyen khich|kk|ut|tong"
    r"|diem tong|total|sum|average|mean|trung binh|diem trung binh|tb|dtb|diem xet|dxtn|xep|hang|rank"
    r"|ket qua|result|hoc luc|hanh kiem|ren luyen|danh hieu|ghi chu|note|remark|cccd|cmnd|email|dia chi"
    r"|address|vang|absent|status|trang thai|dien thoai|phone|candidate|student|pupil|person|group|nhom"
    r"|type|loai|nguyen vong)(\d*$|\s|$)"
)
# Beginnings of the same written as one word: a flag of 0 and 1 would pass for scores.
JOINED = (
    "gioitinh",
    "ngaysinh",
    "namsinh",
    "namhoc",
    "namthi",
    "hoten",
    "hovaten",
    "dantoc",
    "doituong",
    "khuvuc",
    "uutien",
    "diemuutien",
    "diemcong",
    "khuyenkhich",
    "tongdiem",
    "diemtong",
    "tentruong",
    "truonghoc",
    "malop",
    "matruong",
    "mahuyen",
    "matinh",
    "maxa",
    "phongthi",
    "hoidong",
    "xeploai",
    "ketqua",
    "school",
    "district",
    "province",
    "candidate",
    "student",
)
CANDIDATE = {
    "sbd",
    "sobaodanh",
    "candidate",
    "candidateid",
    "mathisinh",
    "mahocsinh",
    "student",
    "studentid",
    "id",
    "madinhdanh",
    "sodinhdanhcanhan",
}
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class ScoreColumns:
    """What the columns of a result file are."""

    candidate: str | None  # heading of the candidate's number
    subjects: tuple[str, ...]  # headings of score columns, in the order of the file
    ignored: tuple[IgnoredColumn, ...]


def is_known(heading: str) -> bool:
    """Whether a heading is one that result files use: for finding the heading row."""
    return bool(subject_code(heading)) or _is_other(heading)


def score_columns(frame: pl.DataFrame, *, group: str | None = None) -> ScoreColumns:
    """Sort the columns of `frame` by the rule above; `group` is never a score.

    Raises:
        InvalidInput: `column.subjects` when no column holds scores.
    """
    candidate = next((name for name in frame.columns if heading_key(name) in CANDIDATE), None)
    subjects: list[str] = []
    ignored: list[IgnoredColumn] = []
    for name in frame.columns:
        reason = "cột dùng để chia nhóm" if name == group else _reason_to_ignore(frame[name])
        if reason:
            ignored.append(IgnoredColumn(name, reason))
        else:
            subjects.append(name)
    if not subjects:
        found = ", ".join(f"“{tidy(name)}”" for name in frame.columns[:12])
        message = f"Không thấy cột điểm nào trong các cột {found}; mỗi môn cần một cột điểm từ 0 đến 10."
        raise InvalidInput("column.subjects", message)
    return ScoreColumns(candidate, tuple(subjects), tuple(ignored))


def chosen_columns(frame: pl.DataFrame, wanted: Sequence[str]) -> ScoreColumns:
    """Take exactly the columns a person named as score columns.

    Raises:
        InvalidInput: `column.missing`.
    """
    subjects = tuple(find_column(frame.columns, name) for name in wanted)
    candidate = next((name for name in frame.columns if heading_key(name) in CANDIDATE), None)
    rest = (name for name in frame.columns if name not in subjects)
    return ScoreColumns(candidate, subjects, tuple(IgnoredColumn(name, "không được chọn") for name in rest))


def find_column(columns: Iterable[str], wanted: str) -> str:
    """The heading equal to `wanted`, or equal without accents, case and blanks.

    Raises:
        InvalidInput: `column.missing`.
    """
    headings = list(columns)
    if wanted in headings:
        return wanted
    alike = [name for name in headings if heading_key(name) == heading_key(wanted)]
    if len(alike) == 1:
        return alike[0]
    known = ", ".join(f"“{name}”" for name in headings)
    raise InvalidInput("column.missing", f"Không có cột “{wanted}”; tệp có các cột {known}.", column=wanted)


def _reason_to_ignore(cells: pl.Series) -> str | None:
    if subject_code(cells.name):
        return None
    if _is_other(cells.name):
        return "theo tiêu đề, không phải cột điểm"
    if cells.dtype.is_temporal() or cells.dtype == pl.Boolean:
        return "không chứa điểm số"
    states = parse_cells(cells.drop_nulls().unique(maintain_order=True))["state"]
    filled = states.filter(states != "blank")
    if filled.is_empty():
        return "cột trống"
    return None if (filled == "scored").sum() * 2 >= len(filled) else "phần lớn ô không phải điểm từ 0 đến 10"


def _is_other(heading: str) -> bool:
    words = re.sub(r"[^a-z0-9]+", " ", unaccented(CAMEL.sub(" ", tidy(heading)))).strip()
    return not words or OTHER.match(words) is not None or heading_key(heading).startswith(JOINED)
