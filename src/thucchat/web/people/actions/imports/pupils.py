"""What a list of pupils would change: the pupils themselves, and their stays in classes."""

import polars as pl

from thucchat.web.people.actions.imports.matching import codes_taken, pupils_matching, pupils_missing
from thucchat.web.people.actions.imports.places import with_classes, with_place
from thucchat.web.people.actions.imports.plan import (
    LINES,
    MISSING,
    Compared,
    Plan,
    after_import,
    split_writes,
    with_changes,
)
from thucchat.web.people.actions.imports.stays import plan_stays, stay_problems
from thucchat.web.people.actions.imports.writing import new_ids
from thucchat.web.people.ethnic_groups import ETHNIC_GROUPS
from thucchat.web.people.importers.fields import Parsed, gathered, problems_of
from thucchat.web.people.importers.names import name_keys, search_texts
from thucchat.web.people.importers.people import twice
from thucchat.web.people.models import ImportBatch, Pupil
from thucchat.web.people.models.people import Sex

SEX_NAMES = {str(code): str(label) for code, label in Sex.choices}
STATUS_NAMES = {str(code): str(label) for code, label in Pupil.Status.choices}
COMPARED = (
    Compared("code", "Mã định danh"),
    Compared("personal_id", "Số định danh cá nhân"),
    Compared("full_name", "Họ và tên", any_case=True),
    Compared("born_on", "Ngày sinh", None),
    Compared("sex", "Giới tính", names=SEX_NAMES),
    Compared("ethnic", "Dân tộc", names=dict(ETHNIC_GROUPS)),
    Compared("birthplace", "Nơi sinh"),
    Compared("address", "Chỗ ở hiện nay"),
    Compared("is_boarding", "Nội trú, bán trú", default=False),
    Compared("is_poor", "Hộ nghèo, cận nghèo", default=False),
    Compared("has_disability", "Học hòa nhập", default=False),
    Compared("policies", "Đối tượng chính sách"),
)
PLACED = (Compared("status", "Trạng thái", names=STATUS_NAMES), Compared("class_label", "Lớp"))
COLUMNS = (
    *(one.column for one in COMPARED),
    "sort_key",
    "search",
    "status",
    "grade",
    "unit_path",
    "school_id",
    "current_class_id",
)


def plan_pupils(batch: ImportBatch, parsed: Parsed) -> Plan:
    """Compare every row with the pupils in scope. Nothing is written."""
    studies = pl.col("status").fill_null(Pupil.Status.STUDYING) == Pupil.Status.STUDYING
    rows, problems = with_classes(with_place(parsed.rows), batch, needed=studies)
    if not rows.height:
        return Plan(pl.DataFrame(schema=LINES), (), gathered(problems), pl.DataFrame(schema=MISSING))
    keyed = rows.with_columns(
        sort_key=name_keys(rows["full_name"].fill_null("")),
        file_grade="grade",
        target_year=pl.lit(batch.school_year_id),
    )
    found = pupils_matching(keyed)
    rows = keyed.join(
        found.unique("place", keep="first", maintain_order=True),
        on="place",
        how="left",
        maintain_order="left",
    )
    rows = _after(rows)
    problems += (
        _match_problems(rows, found) + stay_problems(rows, batch.effective_on) + [_taken_elsewhere(rows)]
    )
    rows = _numbered(rows)
    lines = rows.select("sheet", "line", "action", pl.col("full_name").fill_null("").alias("who"), "changes")
    everything = gathered(problems)
    if everything["is_error"].any() or parsed.problems["is_error"].any():
        return Plan(lines, (), everything, pupils_missing(rows))
    pupils = split_writes("people_pupil", rows, COLUMNS, lists=("policies",))
    return Plan(lines, (pupils, plan_stays(rows, batch.effective_on)), everything, pupils_missing(rows))


def _after(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with every column as it will be, `action` and `changes`."""
    stays = pl.col("status") == Pupil.Status.STUDYING
    rows = rows.with_columns(
        code=pl.coalesce("code", "code_before", "personal_id"),
        status=pl.col("status").fill_null(Pupil.Status.STUDYING),
    )
    rows = after_import(rows, COMPARED).with_columns(
        class_label=pl.when(stays).then(_new_label()),
        class_label_before=_old_label(),
        grade=pl.when(stays).then("class_grade"),
        current_class_id=pl.when(stays).then("class_id"),
        unit_path=pl.when(stays).then("class_path").otherwise("school_path_before"),
        school_id=pl.when(stays).then("school_id").otherwise("school_id_before"),
    )
    renamed = pl.col("full_name").ne_missing(pl.col("full_name_before"))
    rows = rows.with_columns(
        sort_key=pl.when(renamed).then("sort_key").otherwise("sort_key_before"),
        search=pl.when(renamed)
        .then(search_texts(rows["full_name"].fill_null("")))
        .otherwise("search_before"),
    )
    marked = with_changes(rows, COMPARED + PLACED)
    gone = pl.col("id_before").is_null() & ~stays
    return marked.with_columns(action=pl.when(gone).then(pl.lit("skipped")).otherwise("action"))


def _new_label() -> pl.Expr:
    elsewhere = pl.col("school_id") != pl.col("school_id_before")
    return (
        pl.when(elsewhere).then(pl.format("{} ({})", "class_label", "school_label")).otherwise("class_label")
    )


def _old_label() -> pl.Expr:
    """The class left behind, with its school or year where these are others than the file's."""
    name = pl.col("class_label_before")
    elsewhere = pl.col("school_id") != pl.col("school_id_before")
    other_year = pl.col("stay_year") != pl.col("target_year")
    return (
        pl.when(elsewhere)
        .then(pl.format("{} ({})", name, "school_label_before"))
        .when(other_year)
        .then(pl.format("{} ({})", name, "stay_year"))
        .otherwise(name)
    )


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with `id`: the pupil's own, or a fresh one."""
    is_new = rows["action"] == "new"
    fresh = pl.DataFrame(
        {"place": rows.filter(is_new)["place"], "fresh": new_ids("people_pupil", int(is_new.sum()))}
    )
    numbered = rows.join(fresh, on="place", how="left", maintain_order="left")
    return numbered.with_columns(id=pl.coalesce("id_before", "fresh")).drop("fresh")


def _match_problems(rows: pl.DataFrame, found: pl.DataFrame) -> list[pl.DataFrame]:
    best = found.filter(pl.col("rank") == pl.col("rank").min().over("place"))
    several = best.filter(pl.len().over("place") > 1)["place"].implode()
    unnamed = (pl.col("action") == "new") & (pl.col("code") == "")
    known = rows.filter(pl.col("id_before").is_not_null())
    return [
        problems_of(
            rows,
            pl.col("place").is_in(several),
            column="personal_id",
            code="pupil.several",
            message=pl.lit("Nhiều học sinh cùng khớp với dòng này; hãy ghi mã định danh Bộ GD&ĐT."),
        ),
        problems_of(
            rows,
            unnamed,
            column="code",
            code="pupil.no_code",
            message=pl.lit("Học sinh chưa có trong hệ thống nên cần mã định danh hoặc số định danh cá nhân."),
        ),
        twice(known, "id_before", label="hai dòng cùng chỉ một học sinh."),
        problems_of(
            rows,
            pl.col("action") == "skipped",
            column="status",
            code="pupil.gone",
            is_error=False,
            message=pl.lit("Học sinh đã rời trường và chưa có trong hệ thống nên không được thêm."),
        ),
        problems_of(
            rows,
            pl.col("file_grade") != pl.col("class_grade"),
            column="grade",
            code="grade.other",
            is_error=False,
            message=pl.lit("Khối trong tệp khác với khối của lớp; khối của lớp được giữ."),
        ),
    ]


def _taken_elsewhere(rows: pl.DataFrame) -> pl.DataFrame:
    """New codes that a pupil out of sight bears: said, without a word about him."""
    fresh = rows.filter((pl.col("action") == "new") & (pl.col("code") != ""))
    taken = codes_taken("people_pupil", fresh["code"])
    message = pl.format(
        "Mã “{}” không thêm mới được tại đây; nếu học sinh chuyển đến, hãy dùng “Tiếp nhận” ở trang của lớp.",
        "code",
    )
    return problems_of(
        fresh,
        pl.col("code").is_in(taken.implode()),
        column="code",
        code="pupil.elsewhere",
        message=message,
    )
