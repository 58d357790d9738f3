"""Which pupils in scope a file may mean, who is missing from it, and which codes others bear."""

import polars as pl

from thucchat.web.people.actions.imports.plan import MISSING
from thucchat.web.shared.frames import copy_in, copy_out, joined_by_hash
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, acting_for

EXISTING = pl.Schema(
    {
        "place": pl.Int64(),
        "rank": pl.Int8(),  # 1 found by code, 2 by personal id, 3 by name, birth date and class
        "id_before": pl.Int64(),
        "version": pl.Int64(),
        "code_before": pl.String(),
        "personal_id_before": pl.String(),
        "full_name_before": pl.String(),
        "born_on_before": pl.Date(),
        "sex_before": pl.String(),
        "ethnic_before": pl.String(),
        "birthplace_before": pl.String(),
        "address_before": pl.String(),
        "is_boarding_before": pl.Boolean(),
        "is_poor_before": pl.Boolean(),
        "has_disability_before": pl.Boolean(),
        "policies_before": pl.String(),
        "sort_key_before": pl.String(),
        "search_before": pl.String(),
        "status_before": pl.String(),
        "grade_before": pl.Int16(),
        "unit_path_before": pl.String(),
        "school_id_before": pl.Int64(),
        "current_class_id_before": pl.Int64(),
        "class_label_before": pl.String(),
        "school_path_before": pl.String(),
        "school_label_before": pl.String(),
        "stay_id": pl.Int64(),
        "stay_version": pl.Int64(),
        "stay_from": pl.Date(),
        "stay_class": pl.Int64(),
        "stay_path": pl.String(),
        "stay_year": pl.String(),
        "last_day": pl.Date(),  # the first day after all earlier stays
    }
)
KEYS = "place bigint, code text, personal_id text, sort_key text, born_on date, class_id bigint"
MATCHES = """
WITH by_code AS (
    SELECT k.place, 1 AS rank, p.id FROM import_keys k JOIN people_pupil p ON p.code = k.code
), unknown AS (
    SELECT k.* FROM import_keys k LEFT JOIN by_code b USING (place) WHERE b.id IS NULL
), matched AS (
    SELECT * FROM by_code
    UNION ALL
    SELECT k.place, 2, p.id FROM unknown k JOIN people_pupil p ON p.personal_id = k.personal_id
    UNION ALL
    SELECT k.place, 3, p.id FROM unknown k
    JOIN people_pupil p ON p.sort_key = k.sort_key AND p.born_on = k.born_on
        AND p.current_class_id = k.class_id
    WHERE k.code IS NULL AND (p.personal_id = '' OR k.personal_id IS NULL)
)
SELECT m.place, m.rank, p.id, p.xmin::text::bigint, p.code, p.personal_id, p.full_name, p.born_on,
       p.sex, p.ethnic, p.birthplace, p.address, p.is_boarding, p.is_poor, p.has_disability,
       array_to_string(p.policies, '; '), p.sort_key, p.search, p.status, p.grade, p.unit_path, p.school_id,
       p.current_class_id, upper(replace(c.name, ' ', '')), u.unit_path, u.name,
       e.id, e.xmin::text::bigint, lower(e.days), e.school_class_id, e.unit_path, y.school_year_id, l.last_day
FROM matched m
JOIN people_pupil p ON p.id = m.id
JOIN org_unit u ON u.id = p.school_id
LEFT JOIN people_schoolclass c ON c.id = p.current_class_id
LEFT JOIN people_enrolment e ON e.pupil_id = p.id AND upper_inf(e.days)
LEFT JOIN people_schoolclass y ON y.id = e.school_class_id
LEFT JOIN LATERAL (
    SELECT max(upper(days)) AS last_day FROM people_enrolment WHERE pupil_id = p.id AND NOT upper_inf(days)
) l ON e.id IS NULL
ORDER BY m.place, m.rank, p.id
"""


def pupils_matching(rows: pl.DataFrame) -> pl.DataFrame:
    """Pupils whom the rows may mean, best match first, in the schema EXISTING."""
    copy_in(
        rows.select("place", "code", "personal_id", "sort_key", "born_on", "class_id"), "import_keys", KEYS
    )
    return copy_out(MATCHES, EXISTING)


def pupils_missing(rows: pl.DataFrame) -> pl.DataFrame:
    """Pupils of the classes in the file who are not in it."""
    copy_in(
        rows.select(class_id="current_class_id").drop_nulls().unique(), "import_classes", "class_id bigint"
    )
    copy_in(rows.select(id="id_before").drop_nulls(), "import_ids", "id bigint")
    with joined_by_hash():
        return copy_out(
            """SELECT p.id, p.full_name, c.name FROM people_pupil p
               JOIN import_classes k ON k.class_id = p.current_class_id
               JOIN people_schoolclass c ON c.id = k.class_id
               WHERE NOT EXISTS (SELECT 1 FROM import_ids i WHERE i.id = p.id)
               ORDER BY c.sort_key, p.sort_key""",
            MISSING,
        )


def codes_taken(table: str, codes: pl.Series) -> pl.Series:
    """Those of `codes` that somebody bears in `table`, in sight or not; nothing else is told about him."""
    with acting_for(Scope(WHOLE_PROVINCE)):
        copy_in(codes.drop_nulls().to_frame("code"), "import_codes", "code text")
        query = f"SELECT t.code FROM {table} t JOIN import_codes USING (code)"  # noqa: S608  the name is ours
        return copy_out(query, pl.Schema({"code": pl.String()}))["code"]
