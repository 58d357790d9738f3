"""What the year's surveys tell of districts, schools and teachers, against the truth of the simulation."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from thucchat.engine.growth.valueadded import Request, effects_frame, fit_growth
from thucchat.engine.simulation.province import simulate_province
from thucchat.engine.simulation.surveys import ERROR, SPREAD, Survey, simulate_survey

FORMULA = "end ~ start + factor(grade) + (1 | district) + (1 | school) + (1 | teacher)"
START, END = Survey(2024, "start", date(2024, 9, 16)), Survey(2024, "end", date(2025, 4, 21))
NORMAL_90 = 1.645


@pytest.fixture(scope="module")
def recovered() -> pl.DataFrame:
    """Effects in mathematics beside their truth, both in points and about the mean of their kind."""
    province, truth = simulate_province(0.2, 11)
    rng = np.random.default_rng(12)
    start, end = (simulate_survey(province, truth, one, rng) for one in (START, END))
    subjects = province.subjects.filter(pl.col("field") == "TOAN")["code"].implode()
    teaching = province.assignments.filter(
        pl.col("subject_code").is_in(subjects)
        & (pl.col("valid_from") <= START.day)
        & (pl.col("valid_to").is_null() | (pl.col("valid_to") > END.day))
    ).select("class_code", pl.col("staff_code").alias("teacher"))
    frame = (
        start.select(
            "pupil_code", "class_code", "grade", school="school_code", district="district_code", start="toan"
        )
        .join(end.select("pupil_code", end="toan"), on="pupil_code")
        .join(teaching.unique("class_code", maintain_order=True), on="class_code")
        .drop_nulls()
        .with_columns(
            pl.col("start", "end").cast(pl.Float64), error=pl.lit(ERROR), grade=pl.col("grade").cast(str)
        )
    )
    growth = fit_growth(frame, Request(FORMULA, prior_errors={"start": "error"}))
    true = truth.effects.filter(pl.col("field") == "TOAN").select(
        group="kind", level="code", true=pl.col("effect") * SPREAD
    )
    both = effects_frame(growth).join(true, on=["group", "level"])
    return both.with_columns(pl.col("true", "estimate") - pl.col("true", "estimate").mean().over("group"))


@pytest.mark.parametrize("kind", ["school", "teacher"])
def test_true_effects_lie_within_the_stated_errors(recovered, kind):
    own = recovered.filter(pl.col("group") == kind)
    inside = ((own["estimate"] - own["true"]).abs() <= NORMAL_90 * own["rmse"]).mean()

    assert own.height > 30
    assert inside > 0.9 - 3 * (0.9 * 0.1 / own.height) ** 0.5


def test_teachers_who_add_more_are_estimated_higher(recovered):
    own = recovered.filter(pl.col("group") == "teacher")

    assert np.corrcoef(own["estimate"], own["true"])[0, 1] > 0.5
