from datetime import date

import polars as pl


def test_staff_are_of_working_age(province):
    ages = (date(2022, 8, 1) - province.staff["birth"]).dt.total_days() / 365.25

    assert ages.min() > 21
    assert ages.max() < 60


def test_people_come_leave_and_change_schools(province):
    changed = [*province.successions["from_code"], *province.successions["to_code"]]
    schools = province.units.filter((pl.col("kind") == "school") & ~pl.col("code").is_in(changed))["code"]
    posts = province.postings.filter(pl.col("unit_code").is_in(schools.implode()))
    spells = posts.group_by("staff_code").agg(
        pl.col("unit_code").n_unique().alias("schools"),
        pl.col("valid_to").is_null().any().alias("still"),
        pl.col("valid_from").min().alias("came"),
    )

    assert 0.01 < (spells["schools"] > 1).mean() < 0.12
    assert 0.02 < (~spells["still"]).mean() < 0.15
    assert 0.02 < (spells["came"] > date(2022, 8, 1)).mean() < 0.15


def test_a_transfer_leaves_no_day_without_a_post(province):
    posts = province.postings.sort("staff_code", "valid_from").with_columns(
        pl.col("valid_from").shift(-1).over("staff_code").alias("next")
    )
    moved = posts.filter(pl.col("next").is_not_null())

    assert (moved["valid_to"] == moved["next"]).all()


def test_district_offices_close_and_their_people_go_to_the_communes(province):
    kinds = province.units.select("code", "kind")
    posts = province.postings.join(kinds, left_on="unit_code", right_on="code")
    before, after = posts.filter(pl.col("kind") == "district"), posts.filter(pl.col("kind") == "commune")

    assert set(before["valid_to"]) == {date(2025, 7, 1)} == set(after["valid_from"])
    assert set(before["staff_code"]) == set(after["staff_code"])
    assert set(after.filter(pl.col("position") == "head")["unit_code"]) == set(after["unit_code"])


def test_teachers_are_trained_for_what_they_teach(province):
    fields = province.subjects.select(pl.col("code").alias("subject_code"), "field")
    trained = province.staff.select(pl.col("code").alias("staff_code"), "subjects")
    lessons = province.assignments.join(fields, on="subject_code").join(trained, on="staff_code")
    core = lessons.filter(pl.col("field").is_in(["TOAN", "VAN", "NN", "KHTN", "SUDIA", "GDTC", "LI", "HOA"]))

    assert core.select(pl.col("subjects").list.contains(pl.col("field"))).to_series().all()
