import numpy as np
import polars as pl
import pytest

from thucchat.engine.simulation.abilities import GROWTH, KEPT, SUMMER_LOSS, YEAR_NOISE
from thucchat.engine.simulation.schemas import FIELDS

SUBJECTS = {"TOAN": "TOAN", "VAN": "VAN", "NN": "NN"}


@pytest.fixture(scope="module")
def year(province, truth) -> pl.DataFrame:
    """Pupils of 2023-2024 with both moments, their opening class and its school."""
    own = truth.abilities.filter(pl.col("school_year") == "2023-2024")
    start, end = (own.filter(pl.col("moment") == moment) for moment in ("start", "end"))
    opening = province.enrolments.filter(
        ~pl.col("start_reason").is_in(["transferred"]) | (pl.col("starts").dt.month() == 9)
    )
    classes = province.classes.filter(pl.col("school_year") == "2023-2024")
    placed = opening.join(classes, left_on="class_code", right_on="code").unique(
        "pupil_code", keep="first", maintain_order=True
    )
    units = province.units.select(pl.col("code").alias("school_code"), "district_code")
    return (
        start.join(end, on="pupil_code", suffix="_end")
        .join(placed.select("pupil_code", "class_code", "school_code"), on="pupil_code")
        .join(units, on="school_code")
    )


def effect(truth, kind: str, field: str) -> pl.DataFrame:
    own = truth.effects.filter((pl.col("kind") == kind) & (pl.col("field") == field))
    return own.select("code", pl.col("effect").alias(kind))


@pytest.mark.parametrize("field", ["TOAN", "VAN", "NN"])
def test_what_a_year_adds_is_growth_and_the_effects_of_those_who_teach(province, truth, year, field):
    """Recomputed from the published frames alone: only the noise of a year may remain."""
    subject = province.subjects.filter(pl.col("field") == field)["code"]
    days = (pl.col("valid_to") - pl.col("valid_from")).dt.total_days() * pl.col("share")
    teacher = (
        province.assignments.filter(pl.col("subject_code").is_in(subject.implode()))
        .join(effect(truth, "teacher", field), left_on="staff_code", right_on="code")
        .group_by("class_code")
        .agg(((pl.col("teacher") * days).sum() / days.sum()).alias("teacher"))
    )
    taught = (
        year.join(teacher, on="class_code")
        .join(effect(truth, "school", field), left_on="school_code", right_on="code")
        .join(effect(truth, "district", field), left_on="district_code", right_on="code")
    )
    level = taught["grade"].cast(pl.Float64).to_numpy()
    # Pupils who repeated carry a lower growth level; leave them out by keeping plausible levels only.
    mean = (level - 1) * (GROWTH - SUMMER_LOSS)
    gains = taught.select(pl.col("teacher") + pl.col("school") + pl.col("district")).to_series().to_numpy()
    left = taught[f"{field}_end"].to_numpy() - (
        mean + GROWTH + KEPT * (taught[field].to_numpy() - mean) + gains
    )

    assert np.std(left) == pytest.approx(YEAR_NOISE, rel=0.05)
    assert abs(left.mean()) < 4 * YEAR_NOISE / np.sqrt(len(left))
    by_class = np.corrcoef(gains, left)[0, 1]
    assert abs(by_class) < 4 / np.sqrt(len(left))


def test_the_spread_within_a_grade_is_about_one(truth):
    spread = truth.abilities.filter(pl.col("moment") == "start").group_by("grade").agg(pl.col(*FIELDS).std())

    assert spread.select(pl.mean_horizontal(FIELDS)).to_series().is_between(0.75, 1.25).all()


def test_abilities_go_on_over_the_summer(truth):
    """The end of a year and the start of the next differ by the loss and a little chance."""
    end = truth.abilities.filter((pl.col("school_year") == "2022-2023") & (pl.col("moment") == "end"))
    start = truth.abilities.filter((pl.col("school_year") == "2023-2024") & (pl.col("moment") == "start"))
    both = end.join(start, on="pupil_code", suffix="_next")

    change = (both["TOAN_next"] - both["TOAN"]).to_numpy()

    assert change.mean() == pytest.approx(-SUMMER_LOSS, abs=0.01)
    assert change.std() == pytest.approx(0.08, rel=0.1)


def test_who_left_in_the_year_has_no_ability_at_its_end(province, truth):
    gone = province.enrolments.filter(pl.col("end_reason") == "moved_out")["pupil_code"]
    moments = truth.abilities.filter(pl.col("pupil_code").is_in(gone.implode()))

    last = (
        moments.sort("school_year", "moment", descending=[False, True])
        .group_by("pupil_code")
        .agg(pl.col("moment").last())
    )

    assert set(last["moment"]) == {"start"}
