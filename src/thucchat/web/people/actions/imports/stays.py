"""Stays in classes that follow from a list of pupils: begun, ended or put right on its day."""

from datetime import date

import polars as pl

from thucchat.engine.vietnamese import vi_date
from thucchat.web.people.actions.imports.plan import Write
from thucchat.web.people.actions.imports.writing import new_ids
from thucchat.web.people.importers.fields import problems_of
from thucchat.web.people.models import Enrolment, Pupil

LAST_GRADES = (5, 9, 12)
Start, End = Enrolment.Start, Enrolment.End
STAYS = "people_enrolment"
LEAVING = {
    Pupil.Status.MOVED_AWAY.value: End.MOVED_AWAY.value,
    Pupil.Status.FINISHED.value: End.FINISHED.value,
}


def _moves() -> pl.Expr:
    return pl.col("stay_class").ne_missing(pl.col("current_class_id"))


def stay_problems(rows: pl.DataFrame, on: date) -> list[pl.DataFrame]:
    """A move dated before the pupil came, or a return dated before he left."""
    too_early = _moves() & (pl.col("stay_from") > on)
    leaves_at_once = pl.col("current_class_id").is_null() & (pl.col("stay_from") == on)
    since = pl.format(
        "Ngày áp dụng " + vi_date(on) + " không sau ngày vào lớp hiện tại {}; hãy chọn ngày muộn hơn.",
        pl.col("stay_from").dt.strftime("%d/%m/%Y"),
    )
    back = pl.format(
        "Ngày áp dụng " + vi_date(on) + " trước ngày học sinh rời trường {}; hãy chọn ngày muộn hơn.",
        pl.col("last_day").dt.strftime("%d/%m/%Y"),
    )
    returns = pl.col("stay_id").is_null() & pl.col("current_class_id").is_not_null()
    return [
        problems_of(rows, too_early | leaves_at_once, column="class_name", code="stay.day", message=since),
        problems_of(
            rows, returns & (pl.col("last_day") > on), column="class_name", code="stay.return", message=back
        ),
    ]


def plan_stays(rows: pl.DataFrame, on: date) -> Write:
    """Stays to end, to put right and to begin, for rows that carry the pupil's `id`."""
    moved = rows.filter((pl.col("action") != "skipped") & _moves()).with_columns(_how())
    same_day = pl.col("stay_from") == on
    ended = moved.filter(pl.col("stay_id").is_not_null() & ~same_day)
    righted = moved.filter(same_day)
    begun = moved.filter(pl.col("current_class_id").is_not_null() & ~same_day.fill_null(value=False))
    updates = pl.concat([_ended(ended, on), _righted(righted)])
    before = pl.concat([ended, righted]).select(
        pl.col("stay_id").alias("id"),
        pl.col("stay_class").alias("school_class_id"),
        pl.col("stay_path").alias("unit_path"),
        pl.format("[{},)", "stay_from").alias("days"),
        pl.lit("").alias("end"),
    )
    return Write(STAYS, _begun(begun, on), updates, before)


def _how() -> list[pl.Expr]:
    """How the old stay ends and the new one begins."""
    inside = pl.col("school_id") == pl.col("school_id_before")
    up = pl.col("grade") > pl.col("grade_before")
    same_year = pl.col("stay_year") == pl.col("target_year")
    finished = pl.col("grade_before").is_in(LAST_GRADES) & up
    left = pl.col("status").replace_strict(LEAVING, default=End.DROPPED_OUT.value, return_dtype=pl.String)
    end = (
        pl.when(pl.col("current_class_id").is_null()).then(left)
        .when(same_year & inside).then(pl.lit(End.REGROUPED.value))
        .when(same_year | (~inside & ~finished)).then(pl.lit(End.MOVED_AWAY.value))
        .when(~inside).then(pl.lit(End.FINISHED.value))
        .when(up).then(pl.lit(End.PROMOTED.value))
        .otherwise(pl.lit(End.REPEATING.value))
    )  # fmt: skip
    again = pl.col("status_before").is_in([Pupil.Status.MOVED_AWAY.value, Pupil.Status.LEFT.value])
    start = (
        pl.when(again).then(pl.lit(Start.RETURNED.value))
        .when(pl.col("stay_id").is_null()).then(pl.lit(Start.NEW.value))
        .when(same_year & inside).then(pl.lit(Start.REGROUPED.value))
        .when(same_year | (~inside & ~finished)).then(pl.lit(Start.MOVED_IN.value))
        .when(~inside).then(pl.lit(Start.NEW.value))
        .when(up).then(pl.lit(Start.PROMOTED.value))
        .otherwise(pl.lit(Start.REPEATING.value))
    )  # fmt: skip
    return [end.alias("stay_end"), start.alias("stay_start")]


def _ended(rows: pl.DataFrame, on: date) -> pl.DataFrame:
    return rows.select(
        pl.col("stay_id").alias("id"),
        pl.col("stay_version").alias("version"),
        pl.col("stay_class").alias("school_class_id"),
        pl.col("stay_path").alias("unit_path"),
        pl.format("[{},{})", "stay_from", pl.lit(on)).alias("days"),
        pl.col("stay_end").alias("end"),
    )


def _righted(rows: pl.DataFrame) -> pl.DataFrame:
    """A stay that begins on the very day: it was recorded in the wrong class."""
    return rows.select(
        pl.col("stay_id").alias("id"),
        pl.col("stay_version").alias("version"),
        pl.col("current_class_id").alias("school_class_id"),
        pl.col("unit_path"),
        pl.format("[{},)", "stay_from").alias("days"),
        pl.lit("").alias("end"),
    )


def _begun(rows: pl.DataFrame, on: date) -> pl.DataFrame:
    return rows.select(
        new_ids(STAYS, rows.height),
        pl.col("id").alias("pupil_id"),
        pl.col("current_class_id").alias("school_class_id"),
        pl.lit(f"[{on},)").alias("days"),
        pl.col("stay_start").alias("start"),
        pl.lit("").alias("end"),
        "unit_path",
    )
