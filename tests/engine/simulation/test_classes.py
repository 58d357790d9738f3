import polars as pl
import pytest

from thucchat.engine.simulation.years import curriculum


def opening(province) -> pl.DataFrame:
    days = province.school_years.select("opens")["opens"]
    return province.enrolments.filter(pl.col("starts").is_in(days.implode()))


def test_classes_of_one_grade_differ_by_one_pupil_at_most(province):
    sizes = (
        opening(province)
        .group_by("class_code")
        .len()
        .join(province.classes, left_on="class_code", right_on="code")
    )
    spread = sizes.group_by("school_code", "school_year", "level", "grade").agg(
        (pl.col("len").max() - pl.col("len").min()).alias("spread")
    )

    assert spread["spread"].max() <= 1


def test_no_class_is_larger_than_allowed_at_the_opening(province):
    sizes = (
        opening(province)
        .group_by("class_code")
        .len()
        .join(province.classes, left_on="class_code", right_on="code")
    )
    largest = dict(sizes.group_by("level").agg(pl.col("len").max()).rows())

    assert largest["TH"] <= 35
    assert largest["THCS"] <= 45
    assert largest["THPT"] <= 45


def test_most_pupils_keep_their_class_mates(province):
    """Pairs in one primary class who both go up in the same school: most sit together again."""
    classes = province.classes.select("code", "grade", "school_code", "school_year", "level")
    stays = opening(province).join(classes, left_on="class_code", right_on="code")
    stays = stays.filter(pl.col("level") == "TH")
    first, second = (stays.filter(pl.col("school_year") == year) for year in ("2022-2023", "2023-2024"))
    both = first.join(second, on=["pupil_code", "school_code"], suffix="_next")
    pairs = (pl.col("len") * (pl.col("len") - 1)).sum()

    before = both.group_by("class_code").len().select(pairs).item()
    after = both.group_by("class_code", "class_code_next").len().select(pairs).item()

    assert after / before > 0.7


@pytest.mark.parametrize(
    ("grade", "year", "expected"),
    [(1, 2022, "2018"), (4, 2022, "2006"), (4, 2023, "2018"), (8, 2022, "2006"), (9, 2023, "2006"),
     (9, 2024, "2018"), (12, 2023, "2006"), (12, 2024, "2018")],
)  # fmt: skip
def test_the_new_curriculum_comes_grade_by_grade(province, grade, year, expected):
    rows = province.classes.filter(
        (pl.col("grade") == grade) & (pl.col("school_year") == f"{year}-{year + 1}")
    )

    assert curriculum(grade, year) == expected
    assert set(rows["curriculum"]) == {expected}


def test_only_upper_secondary_classes_of_the_new_curriculum_choose(province):
    chooses = province.classes.filter(pl.col("combination").is_not_null())
    must = province.classes.filter((pl.col("level") == "THPT") & (pl.col("curriculum") == "2018"))

    assert chooses.equals(must)
    assert set(chooses["combination"].str.split("+").list.len()) == {4}
