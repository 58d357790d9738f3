from datetime import date

import numpy as np
import polars as pl
import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.simulation.province import simulate_province
from thucchat.engine.simulation.surveys import ERROR, SPREAD, Survey, simulate_survey

START, END = Survey(2024, "start", date(2024, 9, 20)), Survey(2024, "end", date(2025, 4, 25))


@pytest.fixture(scope="module")
def made():
    province, truth = simulate_province(0.05, 3)
    rng = np.random.default_rng(4)
    return province, truth, {one.moment: simulate_survey(province, truth, one, rng) for one in (START, END)}


def test_everybody_enrolled_on_the_day_is_there_once(made):
    province, _, surveys = made
    frame = surveys["start"]
    here = province.enrolments.filter(
        (pl.col("starts") <= START.day) & (pl.col("ends").is_null() | (pl.col("ends") > START.day))
    )
    classes = province.classes.filter((pl.col("school_year") == "2024-2025") & (pl.col("grade") >= 6))
    expected = here.join(classes, left_on="class_code", right_on="code")

    assert frame["pupil_code"].is_unique().all()
    assert set(frame["pupil_code"]) == set(expected["pupil_code"])
    assert 0.01 < frame["toan"].null_count() / frame.height < 0.03


def test_scores_say_ability_with_the_stated_error(made):
    _, truth, surveys = made
    ability = truth.abilities.filter((pl.col("school_year") == "2024-2025") & (pl.col("moment") == "start"))
    both = surveys["start"].join(ability.select("pupil_code", "TOAN"), on="pupil_code").drop_nulls("toan")
    by_grade = both.with_columns(
        expected=5 + SPREAD * (pl.col("TOAN") - pl.col("TOAN").mean().over("grade")),
        score=pl.col("toan").cast(pl.Float64),
    ).filter(pl.col("expected").is_between(2.5, 7.5))
    residual = (by_grade["score"] - by_grade["expected"]).to_numpy()

    assert abs(residual.mean()) < 0.05
    assert residual.std() == pytest.approx(ERROR, rel=0.04)


def test_pupils_gain_what_a_year_brought_them(made):
    _, truth, surveys = made
    year = truth.abilities.filter(pl.col("school_year") == "2024-2025")
    at = {m: year.filter(pl.col("moment") == m).select("pupil_code", "TOAN") for m in ("start", "end")}
    both = surveys["start"].join(surveys["end"], on="pupil_code", suffix="_end").drop_nulls()
    true = both.join(at["start"], on="pupil_code").join(at["end"], on="pupil_code", suffix="_after")
    gained = (true["toan_end"] - true["toan"]).cast(pl.Float64).mean()

    expected = SPREAD * float((true["TOAN_after"] - true["TOAN"]).mean())
    assert gained == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize(("year", "moment"), [(2024, "summer"), (1999, "start")])
def test_what_is_not_simulated_is_refused(made, year, moment):
    province, truth, _ = made

    with pytest.raises(InvalidInput) as refusal:
        simulate_survey(province, truth, Survey(year, moment, date(2024, 9, 20)), np.random.default_rng(1))
    assert refusal.value.code == "simulation.survey"
