import polars as pl
import pytest


def test_a_pupil_is_of_the_age_of_the_grade_or_a_little_older(province):
    grades = province.classes.select(
        "code", "grade", pl.col("school_year").str.head(4).cast(pl.Int32).alias("year")
    )
    stays = province.enrolments.join(grades, left_on="class_code", right_on="code").join(
        province.pupils, left_on="pupil_code", right_on="code"
    )
    older = stays.select(pl.col("year") - pl.col("birth").dt.year() - pl.col("grade") - 5).to_series()

    assert older.min() >= 0
    assert older.max() <= 6
    assert (older == 0).mean() > 0.9


def test_the_personal_id_tells_sex_and_year_of_birth(province):
    for people in (province.pupils, province.staff):
        digit = people["personal_id"].str.slice(3, 1).cast(pl.Int32)
        century = people["birth"].dt.year() // 100 - 19

        assert (digit == century * 2 + (people["sex"] == "02").cast(pl.Int32)).all()
        assert (people["personal_id"].str.slice(4, 2) == people["birth"].dt.strftime("%y")).all()
        assert people["personal_id"].n_unique() == len(people)


def test_boarding_schools_board_everyone_and_town_schools_nobody(province):
    kinds = province.classes.join(province.units, left_on="school_code", right_on="code").select(
        pl.col("code").alias("class_code"), "school_type", "level"
    )
    stays = province.enrolments.join(kinds, on="class_code")

    full = stays.filter(pl.col("school_type").is_in(["02", "03"]))["boarding"]
    semi = stays.filter((pl.col("school_type") == "01") & (pl.col("level") == "THCS"))["boarding"]
    day = stays.filter((pl.col("school_type") == "07") & (pl.col("level") == "TH"))["boarding"]

    assert set(full) == {"full"}
    assert (semi == "semi").mean() == pytest.approx(0.72, abs=0.06)
    assert set(day) == {"none"}


def test_poverty_is_commoner_where_life_is_harder(province):
    zones = province.classes.join(province.units, left_on="school_code", right_on="code").select(
        pl.col("code").alias("class_code"), "zone", "level"
    )
    pupils = (
        province.enrolments.join(zones.filter(pl.col("level") == "TH"), on="class_code")
        .unique("pupil_code")
        .join(province.pupils, left_on="pupil_code", right_on="code")
    )
    poor = dict(
        pupils.group_by("zone").agg((pl.col("poverty") == "poor").fill_null(value=False).mean()).rows()
    )

    assert poor["V1"] > 3 * poor["V3"]
