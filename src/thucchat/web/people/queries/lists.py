"""Which rows a list shows, and what each row says when it is written to a file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet

from thucchat.engine.vietnamese import text_key, unaccented
from thucchat.web.org.models import Unit
from thucchat.web.people.ethnic_groups import ETHNIC_GROUPS
from thucchat.web.people.models import Assignment, Pupil, SchoolClass, Staff
from thucchat.web.shared.scope import Scope, below, within
from thucchat.web.shared.spreadsheets.writing import Cell, List

CHUNK = 2_000
ETHNIC_NAMES = dict(ETHNIC_GROUPS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of a list page; empty where not used."""

    q: str = ""
    path: str = ""  # of the school chosen
    grade: int | None = None
    status: str = ""  # "tat-ca" for all
    year: str = ""
    position: str = ""


def pupils_chosen(scope: Scope, wanted: Wanted) -> "QuerySet[Pupil]":
    """Pupils in name order. A part of a name may be typed without accents; a number is a code."""
    rows = Pupil.objects.filter(within(scope))
    if wanted.status != "tat-ca":
        rows = rows.filter(status=wanted.status or Pupil.Status.STUDYING)
    if wanted.grade:
        rows = rows.filter(grade=wanted.grade)
    return _named(_placed(rows, wanted), wanted).order_by("sort_key", "pk")


def staff_chosen(scope: Scope, wanted: Wanted) -> "QuerySet[Staff]":
    """Staff at work, in name order."""
    rows = Staff.objects.filter(below(scope.path), left_on=None)
    if wanted.position:
        rows = rows.filter(position=wanted.position)
    return _named(_placed(rows, wanted), wanted).order_by("sort_key", "pk")


def classes_chosen(scope: Scope, wanted: Wanted) -> "QuerySet[SchoolClass]":
    """Classes of a school year, school by school."""
    rows = _placed(SchoolClass.objects.filter(within(scope), school_year=wanted.year), wanted)
    if wanted.grade:
        rows = rows.filter(grade=wanted.grade)
    if name := wanted.q.strip():
        rows = rows.filter(Q(sort_key__startswith=text_key(name).split(" ")[0]) | Q(code=name))
    return rows.order_by("school__sort_key", "grade", "sort_key")


def assignments_chosen(scope: Scope, wanted: Wanted) -> "QuerySet[Assignment]":
    """Assignments that run in the classes of a school year."""
    rows = Assignment.objects.filter(
        within(scope), school_class__school_year=wanted.year, days__upper_inf=True
    )
    rows = _placed(rows, wanted)
    if wanted.grade:
        rows = rows.filter(school_class__grade=wanted.grade)
    return rows.order_by(
        "school_class__school__sort_key", "school_class__grade", "school_class__sort_key", "subject__code"
    )


def units_chosen(scope: Scope, wanted: Wanted) -> "QuerySet[Unit]":
    """Open units at and below one's own, in the order of the tree."""
    rows = Unit.objects.filter(below(scope.path), closed_on=None)
    for word in unaccented(wanted.q).split():
        rows = rows.filter(search__contains=word)
    return _placed(rows, wanted).order_by("unit_path")


def _placed(rows: "QuerySet[Any]", wanted: Wanted) -> "QuerySet[Any]":
    return rows.filter(below(wanted.path)) if wanted.path else rows


def _named(rows: "QuerySet[Any]", wanted: Wanted) -> "QuerySet[Any]":
    for word in unaccented(wanted.q).split():
        rows = rows.filter(code__startswith=word) if word.isdigit() else rows.filter(search__contains=word)
    return rows


Say = Callable[[Any], Cell]


@dataclass(frozen=True, slots=True)
class Export:
    """One list that can be written: which rows, joined to what, and what each column says."""

    title: str
    choose: Callable[[Scope, Wanted], "QuerySet[Any]"]
    related: tuple[str, ...]
    columns: Mapping[str, Say]  # the headings are those the importers know


def _tick(value: object) -> str:
    return "x" if value else ""


EXPORTS: dict[str, Export] = {
    "units": Export(
        "Đơn vị",
        units_chosen,
        ("parent",),
        {
            "Mã": lambda unit: unit.code,
            "Tên": lambda unit: unit.name,
            "Loại đơn vị": lambda unit: unit.get_kind_display(),
            "Loại hình trường": lambda unit: unit.get_school_type_display(),
            "Cấp học": lambda unit: ", ".join(unit.levels),
            "Đơn vị cấp trên": lambda unit: unit.parent.name if unit.parent else "",
            "Thành lập": lambda unit: unit.opened_on,
        },
    ),
    "pupils": Export(
        "Học sinh",
        pupils_chosen,
        ("school", "current_class"),
        {
            "Mã định danh Bộ GD&ĐT": lambda pupil: pupil.code,
            "Họ và tên": lambda pupil: pupil.full_name,
            "Ngày sinh": lambda pupil: pupil.born_on,
            "Giới tính": lambda pupil: pupil.get_sex_display(),
            "Dân tộc": lambda pupil: ETHNIC_NAMES.get(pupil.ethnic, ""),
            "Số định danh cá nhân": lambda pupil: pupil.personal_id,
            "Mã trường": lambda pupil: pupil.school.code,
            "Tên trường": lambda pupil: pupil.school.name,
            "Mã lớp": lambda pupil: pupil.current_class.code if pupil.current_class else "",
            "Lớp": lambda pupil: pupil.current_class.name if pupil.current_class else "",
            "Khối": lambda pupil: pupil.grade,
            "Trạng thái": lambda pupil: pupil.get_status_display(),
            "Nơi sinh": lambda pupil: pupil.birthplace,
            "Chỗ ở hiện nay": lambda pupil: pupil.address,
            "Nội trú, bán trú": lambda pupil: _tick(pupil.is_boarding),
            "Hộ nghèo, cận nghèo": lambda pupil: _tick(pupil.is_poor),
            "Học hòa nhập": lambda pupil: _tick(pupil.has_disability),
            "Đối tượng chính sách": lambda pupil: "; ".join(pupil.policies),
        },
    ),
    "staff": Export(
        "Cán bộ, giáo viên",
        staff_chosen,
        ("unit", "team"),
        {
            "Mã định danh": lambda staff: staff.code,
            "Họ và tên": lambda staff: staff.full_name,
            "Ngày sinh": lambda staff: staff.born_on,
            "Giới tính": lambda staff: staff.get_sex_display(),
            "Dân tộc": lambda staff: ETHNIC_NAMES.get(staff.ethnic, ""),
            "Số định danh cá nhân": lambda staff: staff.personal_id,
            "Mã trường": lambda staff: staff.unit.code,
            "Tên trường": lambda staff: staff.unit.name,
            "Tổ chuyên môn": lambda staff: staff.team.name if staff.team else "",
            "Vị trí việc làm": lambda staff: staff.get_position_display(),
            "Tổ trưởng": lambda staff: _tick(staff.is_team_head),
            "Giáo viên cốt cán": lambda staff: _tick(staff.is_core),
            "Trình độ": lambda staff: staff.get_qualification_display(),
            "Môn dạy": lambda staff: "; ".join(staff.subjects),
        },
    ),
    "classes": Export(
        "Lớp",
        classes_chosen,
        ("school", "homeroom"),
        {
            "Mã lớp": lambda row: row.code,
            "Tên lớp": lambda row: row.name,
            "Khối": lambda row: row.grade,
            "Mã trường": lambda row: row.school.code,
            "Tên trường": lambda row: row.school.name,
            "Mã giáo viên chủ nhiệm": lambda row: row.homeroom.code if row.homeroom else "",
            "Giáo viên chủ nhiệm": lambda row: row.homeroom.full_name if row.homeroom else "",
            "Năm học": lambda row: row.school_year_id,
        },
    ),
    "assignments": Export(
        "Phân công giảng dạy",
        assignments_chosen,
        ("school_class__school", "subject", "staff"),
        {
            "Mã trường": lambda row: row.school_class.school.code,
            "Tên trường": lambda row: row.school_class.school.name,
            "Mã lớp": lambda row: row.school_class.code,
            "Lớp": lambda row: row.school_class.name,
            "Môn học": lambda row: row.subject.name,
            "Mã giáo viên": lambda row: row.staff.code,
            "Giáo viên": lambda row: row.staff.full_name,
            "Phần phụ trách": lambda row: float(row.share),
        },
    ),
}


def export_rows(kind: str, scope: Scope, wanted: Wanted) -> List:
    """The list `kind` as its page shows it with the same filters, ready to be written."""
    export = EXPORTS[kind]
    rows = export.choose(scope, wanted).select_related(*export.related)
    return List(export.title, list(export.columns), _cells(rows, export))


def count_rows(kind: str, scope: Scope, wanted: Wanted) -> int:
    """How many rows the list has."""
    return EXPORTS[kind].choose(scope, wanted).count()


def _cells(rows: "QuerySet[Model]", export: Export) -> Iterator[list[Cell]]:
    for row in rows.iterator(chunk_size=CHUNK):
        yield [say(row) for say in export.columns.values()]
