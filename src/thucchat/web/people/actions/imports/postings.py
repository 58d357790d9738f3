"""Postings that follow from a list of staff: begun, ended, or put right on the day they began."""

from datetime import date

import polars as pl

from thucchat.web.people.actions.imports.plan import Write
from thucchat.web.people.actions.imports.writing import new_ids

POSTINGS = "people_posting"


def post_changes() -> pl.Expr:
    leaves = (
        pl.col("left_on").is_not_null() & pl.col("left_on_before").is_null() & pl.col("post_id").is_not_null()
    )
    differs = pl.any_horizontal(
        pl.col("post_unit").ne_missing(pl.col("unit_id")),
        pl.col("post_team").ne_missing(pl.col("team_id")),
        pl.col("post_position").ne_missing(pl.col("position")),
    )
    return leaves | (differs & pl.col("left_on").is_null())


def plan_postings(rows: pl.DataFrame, on: date) -> Write:
    """Postings to end and to begin; one that begins on the very day is put right."""
    moved = rows.filter(post_changes() & (pl.col("action") != "same"))
    same_day = (pl.col("post_from") == on).fill_null(value=False)
    stays = pl.col("left_on").is_null()
    ended, righted = (
        moved.filter(pl.col("post_id").is_not_null() & ~(same_day & stays)),
        moved.filter(same_day & stays),
    )
    begun = moved.filter(stays & ~same_day)
    until = pl.when(same_day).then(pl.lit(on).dt.offset_by("1d")).otherwise(pl.lit(on))
    updates = [
        ended.select(
            pl.col("post_id").alias("id"),
            pl.col("post_version").alias("version"),
            pl.col("post_unit").alias("unit_id"),
            pl.col("post_team").alias("team_id"),
            pl.col("post_position").alias("position"),
            pl.format("[{},{})", "post_from", until).alias("days"),
            pl.col("post_path").alias("unit_path"),
        ),
        righted.select(
            pl.col("post_id").alias("id"),
            pl.col("post_version").alias("version"),
            "unit_id",
            "team_id",
            "position",
            pl.format("[{},)", "post_from").alias("days"),
            "unit_path",
        ),
    ]
    before = pl.concat([ended, righted]).select(
        pl.col("post_id").alias("id"),
        pl.col("post_unit").alias("unit_id"),
        pl.col("post_team").alias("team_id"),
        pl.col("post_position").alias("position"),
        pl.format("[{},)", "post_from").alias("days"),
        pl.col("post_path").alias("unit_path"),
    )
    inserts = begun.select(
        new_ids(POSTINGS, begun.height),
        pl.col("id").alias("staff_id"),
        "unit_id",
        "team_id",
        "position",
        pl.lit(f"[{on},)").alias("days"),
        "unit_path",
    )
    return Write(POSTINGS, inserts, pl.concat(updates), before)
