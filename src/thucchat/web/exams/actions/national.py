"""The national table: what a file would change in it, and changing it."""

import polars as pl
from django.db import connection

from thucchat.engine.vietnamese import vi_number
from thucchat.web.exams.actions.comparing import CHANGES
from thucchat.web.exams.models import NationalMean
from thucchat.web.shared.frames import copy_in

KEY = ("year", "province", "subject")


def compare_national(
    rows: pl.DataFrame, standing: pl.DataFrame
) -> tuple[pl.DataFrame, dict[str, int], pl.DataFrame]:
    """Rows with `action`, lines by action, and changed ones in words. Both frames are PROVINCE_MEANS."""
    before = standing.rename({"count": "count_before", "mean": "mean_before"})
    joined = rows.join(before, on=list(KEY), how="left", maintain_order="left")
    same = (pl.col("count") == pl.col("count_before")) & (pl.col("mean") == pl.col("mean_before"))
    is_new = pl.col("mean_before").is_null()
    action = pl.when(is_new).then(pl.lit("new")).when(same).then(pl.lit("same")).otherwise(pl.lit("changed"))
    compared = joined.with_columns(action.alias("action"))
    counts = dict(compared.group_by("action").len().iter_rows())
    missing = standing.join(rows, on=list(KEY), how="anti").height
    told = {name: int(counts.get(name, 0)) for name in ("new", "changed", "same")} | {"missing": missing}
    return compared, told, _in_words(compared.filter(pl.col("action") == "changed"))


def write_national(rows: pl.DataFrame) -> None:
    """Add and replace rows (PROVINCE_MEANS); what the file does not name stays."""
    columns = 'year int, province text, subject text, "count" int, mean float8'
    copy_in(rows, "national_rows", columns)
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO exams_nationalmean (year, province, subject, "count", mean) '
            'SELECT year, province, subject, "count", mean FROM national_rows '
            "ON CONFLICT (year, province, subject) "
            'DO UPDATE SET "count" = excluded."count", mean = excluded.mean'
        )


def restore_national(rows: pl.DataFrame) -> None:
    """Make the table what it was (PROVINCE_MEANS)."""
    NationalMean.objects.all().delete()
    if rows.height:
        write_national(rows)


def _in_words(changed: pl.DataFrame) -> pl.DataFrame:
    rows = [
        ("", 0, f"{year} {province} {subject}", f"{vi_number(old, 4)} → {vi_number(new, 4)}")
        for year, province, subject, old, new in changed.select(*KEY, "mean_before", "mean").iter_rows()
    ]
    return pl.DataFrame(rows, schema=CHANGES, orient="row")
