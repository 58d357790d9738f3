"""Loading a whole province of frames into empty tables, as of one day; run by the owner role.

Of what lies after that day, only what is already decided is loaded: the re-organisation of units.
"""

from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from typing import Any

import polars as pl
from django.db import connections

from thucchat.engine.simulation.schemas import Province
from thucchat.engine.vietnamese import name_key, text_key, unaccented

STARTS = {"first_year": "new", "admitted": "new", "promoted": "promoted", "repeating": "repeat"} | {
    "moved_in": "moved_in",
    "transferred": "moved_in",
}
ENDS = {"promoted": "promoted", "retained": "repeat", "completed": "finished", "graduated": "finished"} | {
    "transferred": "moved_away",
    "dropped_out": "dropout",
    "moved_out": "moved_away",
}
STATUS = {"finished": "20", "dropout": "05", "moved_away": "04"}
POSITIONS = {"principal": "principal", "vice_principal": "vice", "teacher": "teacher", "clerk": "clerk"}
POLICIES = {
    "orphan": "mồ côi",
    "disabled": "khuyết tật",
    "merit_family": "con gia đình có công",
}
SCHOOL_TYPES = {
    ("01", "TH"): "ptdtbt-th",
    ("01", "THCS"): "ptdtbt-thcs",
    ("01", "TH THCS"): "ptdtbt-th-thcs",
    ("07", "TH"): "th",
    ("07", "THCS"): "thcs",
    ("07", "TH THCS"): "th-thcs",
    ("07", "THPT"): "thpt",
    ("07", "THCS THPT"): "thcs-thpt",
    ("13", "MN"): "mn",
}
TYPES_BY_CODE = {"02": "ptdtnt", "03": "ptdtnt", "09": "chuyen", "15": "gdtx", "16": "gdtx"}
TABLES = (
    *("org_schoolyear", "org_unit", "org_unitspell", "org_succession", "org_cluster", "org_clustermember"),
    *("people_subject", "people_staff", "people_posting", "people_schoolclass", "people_pupil"),
    *("people_enrolment", "people_assignment"),
)
Report = Callable[[str], None]


def load_province(province: Province, *, on: date, report: Report = lambda _: None) -> dict[str, int]:
    """Fill the tables with `province` as known on `on`. Returns the number of rows of each table.

    The tables must be empty; a failure leaves them so.
    """
    frames = _Frames(province, on)
    connection = connections["owner"]
    counts = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for table in TABLES:
            frame = getattr(frames, table.split("_")[1])()
            report(f"{table}: {frame.height}")
            _copy(cursor, table, frame)
            counts[table] = frame.height
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # every reference is checked here, at once
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    return counts


def tidy_tables() -> None:
    """After a load was committed: statistics for the planner, and pages it may read from indexes alone."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _copy(cursor: Any, table: str, frame: pl.DataFrame) -> None:
    names = ", ".join(f'"{name}"' for name in frame.columns)
    text = StringIO()
    frame.write_csv(text, include_header=False, quote_style="non_numeric", null_value="\\N")
    with cursor.copy(
        f"COPY {table} ({names}) FROM STDIN (FORMAT csv, NULL '\\N', FORCE_NULL ({names}))"
    ) as copy:
        copy.write(text.getvalue())
    if "id" in frame.columns:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), coalesce(max(id), 1)) FROM {table}"  # noqa: S608  our names
        )


def _days(start: str, end: str) -> pl.Expr:
    """A range of days as PostgreSQL writes it; an open end where `end` is null."""
    return pl.format("[{},{})", pl.col(start), pl.col(end).cast(pl.String).fill_null("")).alias("days")


def _array(column: str) -> pl.Expr:
    joined = pl.col(column).cast(pl.List(pl.String)).list.join(",")
    return pl.concat_str(pl.lit("{"), joined, pl.lit("}")).alias(column)


def _keyed(frame: pl.DataFrame, column: str, key: Callable[[str], str]) -> pl.DataFrame:
    """Add sort_key and search of a name, each worked out once per different name."""
    names = frame.select(pl.col(column).unique())
    keys = names.with_columns(
        sort_key=pl.Series([key(name) for name in names[column]], dtype=pl.String),
        search=pl.Series([unaccented(name) for name in names[column]], dtype=pl.String),
    )
    return frame.join(keys, on=column, how="left")


class _Frames:
    """The rows of each table, with ids in place of codes."""

    def __init__(self, province: Province, on: date) -> None:
        self.province, self.on = province, on
        self.units = self._place_units()
        self.ids = self.units.select("code", unit_id="id", unit_path="unit_path")
        known = province.classes.join(self.ids, left_on="school_code", right_on="code")
        self.classes = known.with_row_index("id", 1).with_columns(
            unit_path=pl.format("{}c{}/", pl.col("unit_path"), pl.col("id"))
        )
        self.stays = self._stays()
        self.people = (
            self.stays.select("pupil_code").unique(maintain_order=True).with_row_index("pupil_id", 1)
        )
        self.staff_ids = province.staff.select("code").with_row_index("staff_id", 1)

    def _place_units(self) -> pl.DataFrame:
        spells = self.province.unit_spells
        now = spells.filter(_contains("valid_from", "valid_to", self.on))
        latest = spells.sort("valid_from").group_by("unit_code").last().select("unit_code", "parent_code")
        parents = dict(latest.iter_rows()) | dict(now.select("unit_code", "parent_code").iter_rows())
        ids = {code: number for number, code in enumerate(self.province.units["code"], start=1)}
        span = spells.group_by("unit_code").agg(
            opened_on=pl.col("valid_from").min(),
            closed_on=pl.when(pl.col("valid_to").is_null().any())
            .then(None)
            .otherwise(pl.col("valid_to").max()),
        )

        def path(code: str) -> str:
            above = parents.get(code)
            return (path(above) if above else "") + f"{ids[code]}/"

        codes = self.province.units["code"]
        placed = self.province.units.with_columns(
            id=pl.Series([ids[code] for code in codes]),
            parent_id=pl.Series([ids.get(parents.get(code) or "") for code in codes], dtype=pl.Int64),
            unit_path=pl.Series([path(code) for code in codes]),
        )
        return placed.join(span, left_on="code", right_on="unit_code", how="left")

    def schoolyear(self) -> pl.DataFrame:
        """The years of the frames, and the one after them, which is already announced."""
        years = self.province.school_years.select("code", "starts", ends=pl.col("ends") - timedelta(days=1))
        last = years.row(-1, named=True)
        first = int(last["code"][:4]) + 1
        coming = {
            "code": f"{first}-{first + 1}",
            "starts": last["ends"] + timedelta(days=1),
            "ends": last["ends"].replace(year=last["ends"].year + 1),
        }
        return pl.concat([years, pl.DataFrame([coming], schema=years.schema)])

    def unit(self) -> pl.DataFrame:
        now = self.province.unit_spells.filter(_contains("valid_from", "valid_to", self.on))
        names = now.select(code="unit_code", name_now="name")
        units = self.units.join(names, on="code", how="left").with_columns(
            name=pl.coalesce("name_now", "name"),
            school_type=pl.Series(
                [_school_type(*row) for row in self.units.select("kind", "school_type", "levels").iter_rows()]
            ),
        )
        return _keyed(units, "name", text_key).select(
            *("id", "code", "kind", "name", "sort_key", "search", "parent_id", "unit_path", "school_type"),
            _array("levels"),
            pl.col("is_key").fill_null(value=False),
            pl.col("zone").str.strip_prefix("V").cast(pl.Int8),
            "opened_on",
            "closed_on",
        )

    def unitspell(self) -> pl.DataFrame:
        spells = self.province.unit_spells.join(self.ids, left_on="unit_code", right_on="code")
        parents = self.ids.select("code", parent_id="unit_id")
        return spells.join(parents, left_on="parent_code", right_on="code", how="left").select(
            "unit_id",
            "parent_id",
            "name",
            _days("valid_from", "valid_to"),
            "unit_path",
            recorded_at=pl.lit(self.on),
        )

    def succession(self) -> pl.DataFrame:
        kinds = {
            "merge": "merger",
            "split": "split",
            "closure": "closure",
            "reorganisation": "reorganisation",
        }
        rows = self.province.successions.join(self.ids, left_on="to_code", right_on="code")
        before = self.ids.select("code", predecessor_id="unit_id")
        return rows.join(before, left_on="from_code", right_on="code").select(
            "predecessor_id",
            pl.col("unit_id").alias("successor_id"),
            pl.col("kind").replace_strict(kinds),
            "day",
            pl.lit("Quyết định mô phỏng").alias("decision"),
            "unit_path",
        )

    def cluster(self) -> pl.DataFrame:
        return self.province.clusters.with_row_index("id", 1).select("id", "code", "name")

    def clustermember(self) -> pl.DataFrame:
        clusters = self.cluster().select(cluster_id="id", cluster_code="code")
        members = self.province.cluster_members.join(clusters, on="cluster_code")
        return members.join(self.ids, left_on="unit_code", right_on="code").select(
            "cluster_id", "unit_id", _days("valid_from", "valid_to"), "unit_path"
        )

    def subject(self) -> pl.DataFrame:
        return self.province.subjects.with_row_index("id", 1).select(
            *("id", "code", "name", "level", "field", "is_elective", "curriculum", "kind"),
            _array("grades"),
            _array("periods"),
        )

    def staff(self) -> pl.DataFrame:
        """Each person at the unit of the posting that counts on the day, or the last one before it."""
        postings = self._postings().filter(pl.col("valid_from") <= self.on).sort("valid_from")
        current = postings.group_by("staff_code", maintain_order=True).last()
        people = self.province.staff.join(self.staff_ids, on="code").join(
            current.rename({"staff_code": "code"}), on="code"
        )
        gone = pl.when(pl.col("valid_to") <= self.on).then(pl.col("valid_to"))
        return _keyed(people, "name", name_key).select(
            pl.col("staff_id").alias("id"),
            *(
                "code",
                "personal_id",
                "sort_key",
                "search",
                "sex",
                "position",
                "unit_id",
                "team_id",
                "unit_path",
            ),
            *("is_core", "qualification"),
            _array("subjects"),
            pl.col("is_team_head").fill_null(value=False),
            full_name="name",
            born_on="birth",
            ethnic="ethnicity",
            left_on=gone,
        )

    def _postings(self) -> pl.DataFrame:
        teams = self.ids.select("code", team_id="unit_id")
        placed = self.province.postings.join(self.ids, left_on="unit_code", right_on="code")
        return placed.join(teams, left_on="team_code", right_on="code", how="left").with_columns(
            pl.col("position").replace_strict(POSITIONS, default="officer")
        )

    def posting(self) -> pl.DataFrame:
        known = self._postings().filter(pl.col("valid_from") <= self.on)
        return known.join(self.staff_ids, left_on="staff_code", right_on="code").select(
            "staff_id", "unit_id", "team_id", "position", _days("valid_from", "valid_to"), "unit_path"
        )

    def schoolclass(self) -> pl.DataFrame:
        heads = self.staff_ids.select("code", homeroom_id="staff_id")
        rows = self.classes.join(heads, left_on="homeroom_staff_code", right_on="code", how="left")
        return _keyed(rows, "name", text_key).select(
            *("id", "code", "grade", "name", "sort_key", "homeroom_id", "unit_path"),
            school_id="unit_id",
            school_year_id="school_year",
        )

    def _stays(self) -> pl.DataFrame:
        """Enrolments begun by the day, as known then: one that ends later has no end yet."""
        classes = self.classes.select(
            "grade", "unit_path", "school_code", class_code="code", class_id="id", school_id="unit_id"
        )
        begun = self.province.enrolments.filter(pl.col("starts") <= self.on)
        lasts = pl.col("ends").is_null() | (pl.col("ends") > self.on)
        return begun.join(classes, on="class_code").with_columns(
            ends=pl.when(lasts).then(None).otherwise(pl.col("ends")),
            end=pl.when(lasts)
            .then(pl.lit(""))
            .otherwise(pl.col("end_reason").replace_strict(ENDS, default="")),
        )

    def pupil(self) -> pl.DataFrame:
        last = self.stays.sort("starts").group_by("pupil_code", maintain_order=True).last()
        schools = self.ids.select(school_id="unit_id", school_path="unit_path")
        rows = self.province.pupils.rename({"code": "pupil_code"}).join(last, on="pupil_code")
        rows = rows.join(self.people, on="pupil_code").join(schools, on="school_id")
        studies = pl.col("end") == ""
        return _keyed(rows, "name", name_key).select(
            *("personal_id", "sort_key", "search", "sex", "school_id"),
            id="pupil_id",
            code="pupil_code",
            full_name="name",
            born_on="birth",
            ethnic="ethnicity",
            current_class_id=pl.when(studies).then("class_id"),
            grade=pl.when(studies).then("grade"),
            status=pl.when(studies)
            .then(pl.lit("01"))
            .otherwise(pl.col("end").replace_strict(STATUS, default="05")),
            unit_path=pl.when(studies).then("unit_path").otherwise("school_path"),
            is_boarding=pl.col("boarding") != "none",
            is_poor=pl.col("poverty").is_not_null(),
            policies=pl.concat_str(
                pl.lit('{"'), pl.col("policy").replace_strict(POLICIES), pl.lit('"}')
            ).fill_null("{}"),
            has_disability=(pl.col("policy") == "disabled").fill_null(value=False),
            birthplace=pl.lit(""),
            address=pl.lit(""),
        )

    def enrolment(self) -> pl.DataFrame:
        return self.stays.join(self.people, on="pupil_code").select(
            "pupil_id",
            _days("starts", "ends"),
            "unit_path",
            "end",
            school_class_id="class_id",
            start=pl.col("start_reason").replace_strict(STARTS),
        )

    def assignment(self) -> pl.DataFrame:
        known = self.province.assignments.filter(pl.col("valid_from") <= self.on)
        lasts = pl.col("valid_to").is_null() | (pl.col("valid_to") > self.on)
        known = known.with_columns(valid_to=pl.when(~lasts).then("valid_to"))
        classes = self.classes.select("unit_path", class_code="code", school_class_id="id")
        subjects = self.subject().select(subject_id="id", subject_code="code")
        rows = known.join(self.staff_ids, left_on="staff_code", right_on="code")
        return (
            rows.join(classes, on="class_code")
            .join(subjects, on="subject_code")
            .select(
                *("staff_id", "school_class_id", "subject_id", "share", "unit_path"),
                _days("valid_from", "valid_to"),
            )
        )


def _contains(start: str, end: str, day: date) -> pl.Expr:
    return (pl.col(start) <= day) & (pl.col(end).is_null() | (pl.col(end) > day))


def _school_type(kind: str, code: str | None, levels: list[str] | None) -> str:
    if kind != "school":
        return ""
    return TYPES_BY_CODE.get(code or "") or SCHOOL_TYPES[code or "07", " ".join(levels or ())]
