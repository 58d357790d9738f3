"""What a list of staff would change: the people themselves, and where they are posted."""

from datetime import date

import polars as pl

from thucchat.web.people.actions.imports.matching import codes_taken
from thucchat.web.people.actions.imports.places import with_place, with_schools
from thucchat.web.people.actions.imports.plan import (
    LINES,
    MISSING,
    Compared,
    Plan,
    after_import,
    split_writes,
    with_changes,
)
from thucchat.web.people.actions.imports.postings import plan_postings, post_changes
from thucchat.web.people.actions.imports.pupils import SEX_NAMES
from thucchat.web.people.actions.imports.writing import new_ids
from thucchat.web.people.ethnic_groups import ETHNIC_GROUPS
from thucchat.web.people.importers.fields import Parsed, gathered, problems_of
from thucchat.web.people.importers.names import name_keys, search_texts
from thucchat.web.people.importers.people import twice
from thucchat.web.people.models import ImportBatch, Staff
from thucchat.web.people.queries.imports import subjects_by_grade, units_of
from thucchat.web.shared.frames import copy_in, copy_out

COMPARED = (
    Compared("personal_id", "Số định danh cá nhân"),
    Compared("full_name", "Họ và tên", any_case=True),
    Compared("born_on", "Ngày sinh", None),
    Compared("sex", "Giới tính", names=SEX_NAMES),
    Compared("ethnic", "Dân tộc", names=dict(ETHNIC_GROUPS)),
    Compared(
        "position", "Vị trí việc làm", names={str(code): str(label) for code, label in Staff.Position.choices}
    ),
    Compared(
        "qualification",
        "Trình độ",
        names={str(code): str(label) for code, label in Staff.Qualification.choices},
    ),
    Compared("is_team_head", "Tổ trưởng", default=False),
    Compared("is_core", "Giáo viên cốt cán", default=False),
    Compared("subjects", "Môn dạy"),
)
PLACED = (
    Compared("unit_label", "Đơn vị"),
    Compared("team_label", "Tổ"),
    Compared("left_on", "Nghỉ việc từ ngày", None),
)
COLUMNS = (
    *(one.column for one in COMPARED),
    "sort_key",
    "search",
    "code",
    "unit_id",
    "team_id",
    "unit_path",
    "left_on",
)
EXISTING = pl.Schema(
    {
        "place": pl.Int64(),
        "id_before": pl.Int64(),
        "version": pl.Int64(),
        **{f"{one.column}_before": pl.Boolean() if one.default is False else pl.String() for one in COMPARED},
        "born_on_before": pl.Date(),
        "sort_key_before": pl.String(),
        "search_before": pl.String(),
        "code_before": pl.String(),
        "unit_id_before": pl.Int64(),
        "team_id_before": pl.Int64(),
        "unit_path_before": pl.String(),
        "left_on_before": pl.Date(),
        "unit_label_before": pl.String(),
        "team_label_before": pl.String(),
        "post_id": pl.Int64(),
        "post_version": pl.Int64(),
        "post_from": pl.Date(),
        "post_path": pl.String(),
        "post_unit": pl.Int64(),
        "post_team": pl.Int64(),
        "post_position": pl.String(),
    }
)
MATCHES = """
SELECT DISTINCT ON (k.place) k.place, s.id, s.xmin::text::bigint, s.personal_id, s.full_name, s.born_on,
       s.sex, s.ethnic, s.position, s.qualification, s.is_team_head, s.is_core,
       array_to_string(s.subjects, '; '),
       s.sort_key, s.search, s.code, s.unit_id, s.team_id, s.unit_path, s.left_on, u.name, t.name,
       p.id, p.xmin::text::bigint, lower(p.days), p.unit_path, p.unit_id, p.team_id, p.position
FROM import_keys k
JOIN people_staff s ON s.code = k.code
JOIN org_unit u ON u.id = s.unit_id
LEFT JOIN org_unit t ON t.id = s.team_id
LEFT JOIN people_posting p ON p.staff_id = s.id AND upper_inf(p.days)
ORDER BY k.place, (p.unit_id = s.unit_id) DESC, p.id
"""


def plan_staff(batch: ImportBatch, parsed: Parsed) -> Plan:
    """Compare every row with the staff in scope, by code. Nothing is written."""
    rows, problems = with_schools(with_place(parsed.rows), batch, any_unit=True)
    rows, named = _with_subjects(_with_teams(rows, batch), batch)
    copy_in(rows.select("place", "code"), "import_keys", "place bigint, code text")
    rows = _after(
        rows.join(copy_out(MATCHES, EXISTING), on="place", how="left", maintain_order="left"),
        batch.effective_on,
    )
    problems += [*named, *_problems(rows, batch.effective_on)]
    rows = rows.with_columns(id=pl.coalesce("id_before", "fresh"))
    lines = rows.select(pl.col(name) for name in ("sheet", "line", "action", "who", "changes")).cast(LINES)
    everything = gathered(problems)
    if everything["is_error"].any() or parsed.problems["is_error"].any():
        return Plan(lines, (), everything, _missing(rows))
    staff = split_writes("people_staff", rows, COLUMNS, lists=("subjects",))
    return Plan(lines, (staff, plan_postings(rows, batch.effective_on)), everything, _missing(rows))


def _with_teams(rows: pl.DataFrame, batch: ImportBatch) -> pl.DataFrame:
    """Adds `team_file`, the subject team of that name in the school."""
    teams = units_of(batch).filter(pl.col("kind") == "team")
    key = pl.col("team_name").str.to_lowercase()
    known = teams.select(
        school_id="parent_id", team_key=pl.col("name").str.to_lowercase(), team_file="id", team_label="name"
    )
    return rows.with_columns(team_key=key).join(
        known.unique(["school_id", "team_key"], keep="first"),
        on=["school_id", "team_key"],
        how="left",
        maintain_order="left",
    )


def _with_subjects(rows: pl.DataFrame, batch: ImportBatch) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Adds `subjects`, the codes of the subjects named; names that the school does not teach are told."""
    names = pl.col("subject_names").str.to_lowercase().str.replace_all(r"\s*[;,/+]\s*", ";").str.split(";")
    named = rows.select("place", "school_id", names.alias("key")).explode("key").drop_nulls("key")
    named = named.join(_subjects_taught(batch), on=["school_id", "key"], how="left", maintain_order="left")
    codes = named.group_by("place").agg(
        pl.col("subject_code").drop_nulls().unique(maintain_order=True).str.join("; ").alias("subjects"),
        pl.col("subject_code").is_null().any().alias("is_lost"),
    )
    rows = rows.join(codes, on="place", how="left", maintain_order="left")
    message = pl.format("Có môn trong “{}” không được dạy ở trường nên được bỏ qua.", "subject_names")
    lost = problems_of(
        rows,
        pl.col("is_lost"),
        column="subject_names",
        code="subject.unknown",
        message=message,
        is_error=False,
    )
    return rows.with_columns(pl.col("subjects").replace("", None)), [lost]


def _subjects_taught(batch: ImportBatch) -> pl.DataFrame:
    """Subject codes by school and by name or code in lower case."""
    schools = units_of(batch).select(
        pl.col("id").alias("school_id"), pl.col("levels").str.split(";").alias("level")
    )
    taught = schools.explode("level").join(
        subjects_by_grade(batch), on="level", how="inner", maintain_order="left_right"
    )
    by_name = taught.select("school_id", pl.col("subject_name").alias("key"), "subject_code")
    by_code = taught.select(
        "school_id", pl.col("subject_code").str.to_lowercase().alias("key"), "subject_code"
    )
    return pl.concat([by_name, by_code]).unique(["school_id", "key"], keep="first", maintain_order=True)


def _after(rows: pl.DataFrame, on: date) -> pl.DataFrame:
    """Rows with every column as it will be, `action` and `changes`."""
    gone = (pl.col("status") == "gone").fill_null(value=False)
    keys, searches = name_keys(rows["full_name"].fill_null("")), search_texts(rows["full_name"].fill_null(""))
    moved = pl.col("school_id") != pl.col("unit_id_before")
    kept_team = pl.when(moved).then(None).otherwise("team_id_before")
    kept_label = pl.when(moved).then(None).otherwise("team_label_before")
    left = (
        pl.when(gone)
        .then(pl.coalesce("left_on_before", pl.lit(on)))
        .when(pl.col("status") == "here")
        .then(None)
        .otherwise("left_on_before")
    )
    rows = after_import(rows, COMPARED).with_columns(
        unit_id="school_id",
        unit_path="school_path",
        unit_label="school_label",
        team_id=pl.coalesce("team_file", kept_team),
        team_label=pl.coalesce("team_label", kept_label),
        left_on=left,
        who=pl.col("full_name").fill_null(""),
    )
    renamed = pl.col("full_name").ne_missing(pl.col("full_name_before"))
    rows = rows.with_columns(
        sort_key=pl.when(renamed).then(keys).otherwise("sort_key_before"),
        search=pl.when(renamed).then(searches).otherwise("search_before"),
    )
    rows = with_changes(rows, COMPARED + PLACED)
    fresh = pl.DataFrame({"place": rows.filter(pl.col("action") == "new")["place"]})
    fresh = fresh.with_columns(new_ids("people_staff", fresh.height).alias("fresh"))
    return rows.join(fresh, on="place", how="left", maintain_order="left")


def _problems(rows: pl.DataFrame, on: date) -> list[pl.DataFrame]:
    new = rows.filter(pl.col("action") == "new")
    taken = codes_taken("people_staff", new["code"])
    lost_team = (
        pl.col("team_name").is_not_null() & pl.col("team_file").is_null() & pl.col("school_id").is_not_null()
    )
    elsewhere = pl.format(
        "Mã “{}” không thêm mới được tại đây; nếu người này chuyển đến, hãy đề nghị cấp trên điều động.",
        "code",
    )
    return [
        problems_of(
            new,
            pl.col("code").is_in(taken.implode()),
            column="code",
            code="staff.elsewhere",
            message=elsewhere,
        ),
        problems_of(
            rows,
            lost_team,
            column="team_name",
            code="team.unknown",
            message=pl.format(
                "Chưa có “{}” ở đơn vị này; hãy lập tổ ở trang Đơn vị hoặc sửa tên tổ.", "team_name"
            ),
        ),
        problems_of(
            rows,
            post_changes() & (pl.col("post_from") > on),
            column="position",
            code="post.day",
            message=pl.format(
                "Ngày áp dụng trước ngày bắt đầu công tác hiện tại {}; hãy chọn ngày muộn hơn.",
                pl.col("post_from").dt.strftime("%d/%m/%Y"),
            ),
        ),
        twice(
            rows.filter(pl.col("id_before").is_not_null()), "id_before", label="hai dòng cùng chỉ một người."
        ),
    ]


def _missing(rows: pl.DataFrame) -> pl.DataFrame:
    """Staff at work in the units of the file who are not in it."""
    copy_in(rows.select("unit_id").drop_nulls().unique(), "import_units", "unit_id bigint")
    copy_in(rows.select(id="id_before").drop_nulls(), "import_ids", "id bigint")
    return copy_out(
        """SELECT s.id, s.full_name, u.name FROM people_staff s JOIN import_units k USING (unit_id)
           JOIN org_unit u ON u.id = k.unit_id
           WHERE s.left_on IS NULL AND NOT EXISTS (SELECT 1 FROM import_ids i WHERE i.id = s.id)
           ORDER BY u.sort_key, s.sort_key""",
        MISSING,
    )
