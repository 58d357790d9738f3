from datetime import date

import polars as pl
import pytest

from thucchat.engine.simulation.province import simulate_province


@pytest.fixture(scope="module")
def loads() -> pl.DataFrame:
    """Lessons a week of each teacher in November 2024, of a province large enough for full posts."""
    province, _ = simulate_province(0.3, 1)
    day = date(2024, 11, 1)
    lessons = province.assignments.filter((pl.col("valid_from") <= day) & (pl.col("valid_to") > day))
    periods = province.subjects.explode("grades", "periods").select("code", "grades", "periods")
    counted = lessons.join(province.classes, left_on="class_code", right_on="code").join(
        periods, left_on=["subject_code", "grade"], right_on=["code", "grades"]
    )
    return counted.group_by("staff_code", "level").agg(
        (pl.col("periods") * pl.col("share") / 35).sum().alias("weekly")
    )


@pytest.mark.parametrize(("level", "norm"), [("TH", 23), ("THCS", 19), ("THPT", 17)])
def test_teachers_teach_near_the_norm_and_seldom_above(loads, level, norm):
    """Weekly norms of regulations §7.2, before reductions for other duties."""
    weekly = loads.filter(pl.col("level") == level)["weekly"]

    assert 0.6 * norm < weekly.mean() < norm
    assert weekly.quantile(0.9) <= norm + 1


def test_a_school_has_about_as_many_teachers_as_the_rules_allow(province):
    """At most 1,5 - 1,9 - 2,25 teachers a class (regulations §7.1); small schools need some more."""
    day = date(2024, 11, 1)
    teaching = province.assignments.filter((pl.col("valid_from") <= day) & (pl.col("valid_to") > day))
    classes = province.classes.filter(pl.col("school_year") == "2024-2025")
    counted = teaching.join(classes, left_on="class_code", right_on="code")
    per_class = {
        level: counted.filter(pl.col("level") == level)["staff_code"].n_unique()
        / len(classes.filter(pl.col("level") == level))
        for level in ("TH", "THCS", "THPT")
    }

    assert 1.2 < per_class["TH"] < 1.7
    assert 1.5 < per_class["THCS"] < 2.6
    assert 1.7 < per_class["THPT"] < 3.2


def test_a_class_has_its_own_homeroom_teacher_where_teachers_suffice(province):
    repeated = province.classes.group_by("school_code", "school_year", "level").agg(
        pl.len().alias("classes"), pl.col("homeroom_staff_code").n_unique().alias("teachers")
    )

    assert (repeated["classes"] == repeated["teachers"]).mean() > 0.95
