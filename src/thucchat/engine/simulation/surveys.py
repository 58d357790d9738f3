"""Surveys of the simulated pupils at the start, middle and end of a school year. Scores are in points, 0-10.

Within a grade 5 points are the mean ability at the start of its year and 1.7 points its spread, at every
moment: the papers of a year stand on one scale, as equated papers would. So what pupils gain shows.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from thucchat.engine.errors import InvalidInput
from thucchat.engine.simulation.schemas import SCORE, STRING, Province, Truth
from thucchat.engine.simulation.years import FIRST_YEARS, year_code

MOMENTS = ("start", "mid", "end")
PAPERS = {"toan": "TOAN", "van": "VAN", "ngoai_ngu": "NN"}  # paper and field of ability
GRADES = range(6, 13)
CENTRE, SPREAD, ERROR, STEP = 5.0, 1.7, 0.85, 0.25  # points; an error of half the spread: reliability 0.8
ABSENT = 0.02  # of pupils, from the whole survey
SURVEY = pl.Schema(
    {
        "sbd": STRING,  # the pupil's code
        "pupil_code": STRING,
        "school_code": STRING,
        "district_code": STRING,
        "class_code": STRING,
        "grade": pl.Int8(),
        **dict.fromkeys(PAPERS, SCORE),  # null: absent
    }
)


@dataclass(frozen=True, slots=True)
class Survey:
    """Which survey: of a school year by its first calendar year, at a moment, on a day."""

    year: int
    moment: str  # start, mid, end
    day: date


def simulate_survey(
    province: Province, truth: Truth, survey: Survey, rng: np.random.Generator
) -> pl.DataFrame:
    """SURVEY: every pupil of grades 6 to 12 enrolled on the day, sorted by code.

    Raises:
        InvalidInput: `simulation.year`, `simulation.moment`.
    """
    if survey.year not in FIRST_YEARS or survey.moment not in MOMENTS:
        known = f"{', '.join(MOMENTS)} của {FIRST_YEARS[0]}-{FIRST_YEARS[-1] + 1}"
        raise InvalidInput("simulation.survey", f"Không mô phỏng khảo sát này; chỉ có {known}.")
    frame = _present(province, survey).join(_standings(truth, survey), on="pupil_code").sort("pupil_code")
    absent = pl.Series(rng.random(frame.height) < ABSENT)
    columns = [_paper(paper, frame[field], absent, rng) for paper, field in PAPERS.items()]
    return (
        frame.with_columns(columns)
        .with_columns(sbd="pupil_code")
        .match_to_schema(SURVEY, extra_columns="ignore")
    )


def _present(province: Province, survey: Survey) -> pl.DataFrame:
    classes = province.classes.filter(
        (pl.col("school_year") == year_code(survey.year)) & pl.col("grade").is_in(list(GRADES))
    ).select(pl.col("code").alias("class_code"), "school_code", "grade")
    here = (pl.col("starts") <= survey.day) & (pl.col("ends").is_null() | (pl.col("ends") > survey.day))
    districts = province.units.select(pl.col("code").alias("school_code"), "district_code")
    return (
        province.enrolments.filter(here)
        .join(classes, on="class_code")
        .join(districts, on="school_code", how="left")
        .select("pupil_code", "class_code", "school_code", "district_code", "grade")
    )


def _standings(truth: Truth, survey: Survey) -> pl.DataFrame:
    """Abilities of the day, less the mean of the grade at the start of its year; mid is half way."""
    fields = list(PAPERS.values())
    of_year = truth.abilities.filter(pl.col("school_year") == year_code(survey.year))
    start = of_year.filter(pl.col("moment") == "start").select("pupil_code", "grade", *fields)
    end = of_year.filter(pl.col("moment") == "end").select("pupil_code", *fields)
    means = start.group_by("grade").agg(pl.col(field).mean().alias(f"{field}_mean") for field in fields)
    both = start.join(end, on="pupil_code", how="left", suffix="_end").join(means, on="grade")
    part = {"start": 0.0, "mid": 0.5, "end": 1.0}[survey.moment]
    return both.select(
        "pupil_code",
        *(
            (
                pl.col(field) * (1 - part)
                + pl.col(f"{field}_end").fill_null(pl.col(field)) * part
                - pl.col(f"{field}_mean")
            ).alias(field)
            for field in fields
        ),
    )


def _paper(name: str, standing: pl.Series, absent: pl.Series, rng: np.random.Generator) -> pl.Series:
    ability = standing.to_numpy().astype(float)
    points = CENTRE + SPREAD * ability + rng.normal(0, ERROR, len(ability))
    steps = np.clip(np.round(points / STEP) * STEP, 0, 10)
    written = pl.Series(name, np.round(steps * 100).astype(np.int64)).cast(pl.Decimal(12, 2)) / 100
    return pl.select(pl.when(~absent).then(written.cast(SCORE)).alias(name)).to_series()
