"""What a list of classes of one school year would change."""

import polars as pl

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
from thucchat.web.people.actions.imports.writing import new_ids
from thucchat.web.people.importers.fields import Parsed, gathered, problems_of
from thucchat.web.people.importers.names import text_keys
from thucchat.web.people.importers.people import twice
from thucchat.web.people.models import ImportBatch
from thucchat.web.people.queries.imports import teachers_of, units_of
from thucchat.web.shared.frames import copy_in, copy_out

TABLE = "people_schoolclass"
COMPARED = (Compared("name", "Tên lớp"), Compared("homeroom_label", "Giáo viên chủ nhiệm"))
COLUMNS = ("code", "school_id", "school_year_id", "grade", "name", "sort_key", "homeroom_id", "unit_path")
EXISTING = pl.Schema(
    {
        "place": pl.Int64(),
        "id_before": pl.Int64(),
        "version": pl.Int64(),
        "code_before": pl.String(),
        "school_id_before": pl.Int64(),
        "school_year_id_before": pl.String(),
        "grade_before": pl.Int16(),
        "name_before": pl.String(),
        "sort_key_before": pl.String(),
        "homeroom_id_before": pl.Int64(),
        "unit_path_before": pl.String(),
        "homeroom_label_before": pl.String(),
    }
)
# A class is found by its code, else by its name in the school and the year, however blanks are set.
MATCHES = """
SELECT DISTINCT ON (k.place) k.place, c.id, c.xmin::text::bigint, c.code, c.school_id, c.school_year_id,
       c.grade,
       c.name, c.sort_key, c.homeroom_id, c.unit_path, s.full_name
FROM import_keys k
JOIN people_schoolclass c ON c.code = k.code
     OR (c.school_id = k.school_id AND c.school_year_id = %s AND upper(replace(c.name, ' ', '')) = k.name)
LEFT JOIN people_staff s ON s.id = c.homeroom_id
ORDER BY k.place, (c.code = k.code) DESC NULLS LAST
"""


def plan_classes(batch: ImportBatch, parsed: Parsed) -> Plan:
    """Compare every row with the classes of the year in scope. Nothing is written."""
    rows, problems = with_schools(with_place(parsed.rows), batch)
    rows, lost = _with_homerooms(rows, batch)
    keys = rows.select("place", "school_id", code="class_code", name="class_name")
    copy_in(keys, "import_keys", "place bigint, school_id bigint, code text, name text")
    found = copy_out(MATCHES, EXISTING, [batch.school_year_id])
    rows = _after(rows.join(found, on="place", how="left", maintain_order="left"), batch)
    problems += [*lost, *_problems(rows, batch)]
    lines = rows.select("sheet", "line", "action", pl.col("name").fill_null("").alias("who"), "changes").cast(
        LINES
    )
    everything = gathered(problems)
    whole = not (everything["is_error"].any() or parsed.problems["is_error"].any())
    writes = (split_writes(TABLE, rows, COLUMNS),) if whole else ()
    return Plan(lines, writes, everything, _missing(rows, batch))


def _with_homerooms(rows: pl.DataFrame, batch: ImportBatch) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Adds `homeroom_file`: by code, else by name where only one of the school bears it."""
    staff = teachers_of(batch)
    by_code = staff.select(homeroom_code="staff_code", code_id="staff_id")
    only = staff.filter(pl.struct("school_id", "staff_name").is_unique())
    by_name = only.select("school_id", homeroom_key="staff_name", name_id="staff_id")
    rows = (
        rows.with_columns(homeroom_key=pl.col("homeroom_name").str.to_lowercase())
        .join(by_code, on="homeroom_code", how="left", maintain_order="left")
        .join(by_name, on=["school_id", "homeroom_key"], how="left", maintain_order="left")
        .with_columns(
            homeroom_file=pl.when(pl.col("homeroom_code").is_not_null()).then("code_id").otherwise("name_id")
        )
    )
    asked = pl.col("homeroom_code").is_not_null() | pl.col("homeroom_name").is_not_null()
    message = pl.format(
        "Không có đúng một giáo viên “{}” ở trường; hãy nhập danh sách cán bộ trước, "
        "hoặc ghi mã giáo viên chủ nhiệm.",
        pl.coalesce("homeroom_code", "homeroom_name"),
    )
    lost = asked & pl.col("homeroom_file").is_null() & pl.col("school_id").is_not_null()
    return rows, [problems_of(rows, lost, column="homeroom_name", code="staff.unknown", message=message)]


def _after(rows: pl.DataFrame, batch: ImportBatch) -> pl.DataFrame:
    codes = units_of(batch).select(school_id="id", school_code_known="code")
    staff = teachers_of(batch).select(
        homeroom_id="staff_id", homeroom_label=pl.col("staff_name").str.to_titlecase()
    )
    rows = rows.join(codes, on="school_id", how="left", maintain_order="left").with_columns(
        homeroom_id=pl.coalesce("homeroom_file", "homeroom_id_before"),
        name=pl.when(
            pl.col("name_before").str.to_uppercase().str.replace_all(" ", "") == pl.col("class_name")
        )
        .then("name_before")
        .otherwise("class_name"),
        school_year_id=pl.lit(batch.school_year_id),
    )
    made = pl.format("{}-{}-{}", "school_code_known", pl.lit(batch.school_year_id[:4]), "name")
    rows = rows.join(staff, on="homeroom_id", how="left", maintain_order="left")
    same = pl.col("homeroom_id").eq_missing(pl.col("homeroom_id_before"))
    rows = rows.with_columns(
        homeroom_label=pl.when(same).then("homeroom_label_before").otherwise("homeroom_label"),
        code=pl.coalesce("code_before", "class_code", made),
        grade=pl.coalesce("grade_before", "grade"),
        sort_key=text_keys(rows["name"]),
        school_id=pl.coalesce("school_id_before", "school_id"),
    )
    rows = with_changes(after_import(rows, COMPARED), COMPARED)
    fresh = pl.DataFrame({"place": rows.filter(pl.col("action") == "new")["place"]})
    fresh = fresh.with_columns(new_ids(TABLE, fresh.height).alias("fresh"))
    rows = rows.join(fresh, on="place", how="left", maintain_order="left")
    own_path = pl.format("{}c{}/", "school_path", "fresh")
    return rows.with_columns(
        id=pl.coalesce("id_before", "fresh"), unit_path=pl.coalesce("unit_path_before", own_path)
    )


def _problems(rows: pl.DataFrame, batch: ImportBatch) -> list[pl.DataFrame]:
    known = rows.filter(pl.col("id_before").is_not_null())
    other_year = pl.col("school_year_id_before") != batch.school_year_id
    return [
        problems_of(
            known,
            other_year,
            column="class_code",
            code="class.year",
            message=pl.format(
                "Mã lớp “{}” thuộc năm học {}; hãy chọn đúng năm học.", "class_code", "school_year_id_before"
            ),
        ),
        twice(rows, "school_id", "class_name", label="mỗi lớp chỉ một dòng."),
        twice(known, "id_before", label="hai dòng cùng chỉ một lớp."),
    ]


def _missing(rows: pl.DataFrame, batch: ImportBatch) -> pl.DataFrame:
    """Classes of the year, in the schools of the file, that are not in it."""
    copy_in(rows.select("school_id").drop_nulls().unique(), "import_units", "school_id bigint")
    copy_in(rows.select(id="id_before").drop_nulls(), "import_ids", "id bigint")
    return copy_out(
        """SELECT c.id, c.name, u.name FROM people_schoolclass c JOIN import_units k USING (school_id)
           JOIN org_unit u ON u.id = c.school_id
           WHERE c.school_year_id = %s AND NOT EXISTS (SELECT 1 FROM import_ids i WHERE i.id = c.id)
           ORDER BY u.sort_key, c.grade, c.sort_key""",
        MISSING,
        [batch.school_year_id],
    )
