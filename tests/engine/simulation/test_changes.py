import polars as pl


def schools_of(province, year: str) -> pl.DataFrame:
    classes = province.classes.filter(pl.col("school_year") == year).select("code", "school_code")
    return province.enrolments.join(classes, left_on="class_code", right_on="code").select(
        "pupil_code", "school_code", "start_reason", "end_reason"
    )


def test_pupils_of_a_school_that_ended_are_in_its_heirs(province):
    """Of those who went up inside the level without a transfer, all are where the successions say."""
    heirs = province.successions.filter(pl.col("kind") != "reorganisation")
    for year, after in (("2022-2023", "2023-2024"), ("2023-2024", "2024-2025")):
        ended = heirs.filter(pl.col("day").dt.year() == int(after[:4]))
        rose = schools_of(province, year).filter(pl.col("end_reason") == "promoted")
        before = rose.join(ended, left_on="school_code", right_on="from_code")
        stayed = schools_of(province, after).filter(pl.col("start_reason") == "promoted")
        both = before.join(stayed, on="pupil_code", suffix="_next")
        arrived = both.group_by("pupil_code").agg((pl.col("to_code") == pl.col("school_code_next")).any())

        assert len(arrived) > 20
        assert arrived["to_code"].all()


def test_a_school_has_classes_only_while_it_stands(province):
    spells = province.unit_spells.group_by("unit_code").agg(
        pl.col("valid_from").min(), pl.col("valid_to").fill_null(pl.date(9999, 1, 1)).max()
    )
    years = province.school_years.select("code", "opens", "closes")
    classes = province.classes.join(years, left_on="school_year", right_on="code").join(
        spells, left_on="school_code", right_on="unit_code", how="left"
    )

    assert (
        classes.select((pl.col("valid_from") <= pl.col("opens")) & (pl.col("closes") <= pl.col("valid_to")))
        .to_series()
        .all()
    )


def test_a_split_parts_one_school_in_two_and_a_merger_joins_two_in_one(province):
    counts = province.successions.group_by("kind").agg(
        pl.col("from_code").n_unique(), pl.col("to_code").n_unique()
    )
    found = {kind: (before, after) for kind, before, after in counts.rows()}

    assert (found["merge"], found["split"], found["closure"]) == ((2, 1), (1, 2), (1, 1))
