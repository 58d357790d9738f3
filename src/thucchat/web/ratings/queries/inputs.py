"""What a rating is computed from: pupils with both results, and commitments that were accepted."""

from collections import defaultdict

import polars as pl

from thucchat.web.exams.models import Campaign
from thucchat.web.quality.models import Acceptance
from thucchat.web.quality.queries.pupils import handed_over, results_of

GROWN = ("start", "end", "error")  # points


def grown_pupils(campaign: Campaign, field: str, code: str) -> pl.DataFrame:
    """One row a pupil who was handed over in the field: start, end and the start's error in points.

    `end` and `start` are null where there is no such result. `grade` and `area`, the unit right below the
    province, are added; a class's teacher is who took it over.
    """
    handed = handed_over(campaign.school_year, field).rename({"score": "start"})
    ends = results_of(campaign, code).rename({"score": "end"})
    grades = _grades(campaign)
    joined = handed.join(ends, on="pupil_id", how="left").join(grades, on="class_id", how="left")
    return joined.with_columns(
        *(pl.col(name).cast(pl.Float64) / 100 for name in GROWN),
        area=pl.col("unit_path").str.split("/").list.get(1).cast(pl.Int64),
    ).sort("pupil_id")


def _grades(campaign: Campaign) -> pl.DataFrame:
    rows = campaign.school_year.classes.values_list("pk", "grade")
    return pl.DataFrame(list(rows), schema={"class_id": pl.Int64, "grade": pl.Int64}, orient="row")


def commitments_kept(campaign: Campaign) -> dict[tuple[str, int], tuple[float, int]]:
    """By kind and key (staff or unit): share of the targets met in percent, and how many could be judged."""
    rows = Acceptance.objects.filter(commitment__school_year=campaign.school_year)
    met: dict[tuple[str, int], list[bool]] = defaultdict(list)
    for results, staff, unit, level in rows.values_list(
        "results", "commitment__staff", "commitment__unit", "commitment__level"
    ):
        key = (level, staff or unit)
        met[key] += [one["evidence"] in {"met", "within"} for one in results if one["evidence"] != "unknown"]
    return {key: (100 * sum(kept) / len(kept), len(kept)) for key, kept in met.items() if kept}
