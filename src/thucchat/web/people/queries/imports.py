"""What an import is compared with: units, classes, staff and subjects in scope, as frames."""

import polars as pl

from thucchat.web.people.models import ImportBatch
from thucchat.web.shared.frames import copy_out
from thucchat.web.shared.scope import END

UNITS = pl.Schema(
    {
        "id": pl.Int64(),
        "code": pl.String(),
        "name": pl.String(),
        "unit_path": pl.String(),
        "kind": pl.String(),
        "parent_id": pl.Int64(),
        "levels": pl.String(),  # separated by ;
    }
)
CLASSES = pl.Schema(
    {
        "class_id": pl.Int64(),
        "class_code": pl.String(),
        "school_id": pl.Int64(),
        "class_name": pl.String(),
        "class_grade": pl.Int16(),
        "class_path": pl.String(),
    }
)
TEACHERS = pl.Schema(
    {"staff_id": pl.Int64(), "staff_code": pl.String(), "staff_name": pl.String(), "school_id": pl.Int64()}
)
# First school year of the 2018 curriculum, by grade (Thông tư 32/2018/TT-BGDĐT, Điều 2).
FIRST_YEARS = {
    1: 2020, 2: 2021, 6: 2021, 3: 2022, 7: 2022, 10: 2022,
    4: 2023, 8: 2023, 11: 2023, 5: 2024, 9: 2024, 12: 2024,
}  # fmt: skip
SUBJECTS = pl.Schema(
    {
        "subject_id": pl.Int64(),
        "subject_code": pl.String(),
        "subject_name": pl.String(),
        "grade": pl.Int16(),
        "level": pl.String(),
        "curriculum": pl.String(),
    }
)


def units_of(batch: ImportBatch) -> pl.DataFrame:
    """Open units at and below the batch's own, in the schema UNITS."""
    return copy_out(
        "SELECT id, code, name, unit_path, kind, parent_id, array_to_string(levels, ';') FROM org_unit "
        "WHERE closed_on IS NULL AND unit_path >= %s AND unit_path < %s ORDER BY id",
        UNITS,
        [batch.unit_path, batch.unit_path + END],
    )


def classes_of(batch: ImportBatch) -> pl.DataFrame:
    """Classes of the batch's school year, in the schema CLASSES; names as files spell them: 6A1."""
    return copy_out(
        "SELECT id, code, school_id, upper(replace(name, ' ', '')), grade, unit_path FROM people_schoolclass "
        "WHERE school_year_id = %s AND unit_path >= %s AND unit_path < %s ORDER BY id",
        CLASSES,
        [batch.school_year_id, batch.unit_path, batch.unit_path + END],
    )


def teachers_of(batch: ImportBatch) -> pl.DataFrame:
    """Staff at work, in the schema TEACHERS; names in lower case."""
    return copy_out(
        "SELECT id, code, lower(full_name), unit_id FROM people_staff WHERE left_on IS NULL "
        "AND unit_path >= %s AND unit_path < %s ORDER BY id",
        TEACHERS,
        [batch.unit_path, batch.unit_path + END],
    )


def subjects_by_grade(batch: ImportBatch) -> pl.DataFrame:
    """Every subject once for each grade it is taught in; names in lower case.

    Of two curricula the one in force in the batch's school year stands first.
    """
    subjects = copy_out(
        "SELECT id, code, lower(name), unnest(grades), level, curriculum FROM people_subject ORDER BY id",
        SUBJECTS,
    )
    year = int(batch.school_year_id[:4])
    is_new = pl.col("grade").replace_strict(FIRST_YEARS, default=year, return_dtype=pl.Int64) <= year
    in_force = (pl.col("curriculum") == "2018") == is_new
    return subjects.sort(in_force, descending=True, maintain_order=True)
