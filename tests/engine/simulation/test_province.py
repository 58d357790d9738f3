from datetime import date
from itertools import pairwise

import polars as pl
import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.simulation.province import simulate_province


def overlapping(spells: pl.DataFrame, owner: str, first: str, last: str) -> list[tuple[object, ...]]:
    """Pairs of spells of one owner that share a day, found by walking through the sorted rows."""
    rows = spells.select(owner, first, pl.col(last).fill_null(date.max)).sort(owner, first).rows()
    return [(one, other) for one, other in pairwise(rows) if one[0] == other[0] and other[1] < one[2]]


def shares_of_a_day(province, day: date) -> pl.DataFrame:
    valid = (pl.col("valid_from") <= day) & (pl.col("valid_to") > day)
    return (
        province.assignments.filter(valid).group_by("class_code", "subject_code").agg(pl.col("share").sum())
    )


def classes_of(province, year: str) -> pl.DataFrame:
    return province.classes.filter(pl.col("school_year") == year)


def test_the_same_seed_gives_the_same_province(province, truth):
    again, same_truth = simulate_province(0.03, 7)

    assert all(frame.equals(province.frames()[name]) for name, frame in again.frames().items())
    assert same_truth.abilities.equals(truth.abilities)
    assert same_truth.effects.equals(truth.effects)


def test_another_seed_gives_other_people(province):
    other, _ = simulate_province(0.03, 8)

    for frame in ("pupils", "staff"):
        mine, theirs = province.frames()[frame], other.frames()[frame]
        assert len(set(mine["name"]) - set(theirs["name"])) > 0.3 * mine["name"].n_unique()
        assert len(set(mine["code"]) & set(theirs["code"])) < 0.01 * len(mine)


@pytest.mark.parametrize("scale", [0, 0.009, 11, float("nan")])
def test_a_scale_out_of_range_is_refused(scale):
    with pytest.raises(InvalidInput) as refusal:
        simulate_province(scale, 1)
    assert refusal.value.code == "simulation.scale"


def test_a_pupil_is_never_in_two_classes_on_one_day(province):
    assert overlapping(province.enrolments, "pupil_code", "starts", "ends") == []


def test_a_pupil_present_at_the_opening_stays_without_a_gap_until_the_reason_to_leave(province):
    years = province.classes.select("code", "school_year")
    stays = province.enrolments.join(years, left_on="class_code", right_on="code").sort(
        "pupil_code", "starts"
    )
    follows = (pl.col("pupil_code") == pl.col("pupil_code").shift(-1)) & (
        pl.col("school_year") == pl.col("school_year").shift(-1)
    )

    moves = stays.with_columns(follows.alias("follows"), pl.col("starts").shift(-1).alias("next"))

    goes_on = moves.filter("follows")
    assert len(goes_on) > 0
    assert set(goes_on["end_reason"]) == {"transferred"}
    assert (goes_on["ends"] == goes_on["next"]).all()
    assert "transferred" not in set(moves.filter(~pl.col("follows").fill_null(value=False))["end_reason"])


def test_nobody_is_lost_between_two_years(province):
    """Who ends a year with a reason to come back is there the next year, in the grade that follows."""
    grades = province.classes.select("code", "grade", "school_year")
    stays = province.enrolments.join(grades, left_on="class_code", right_on="code")
    for before, after in pairwise(province.school_years.rows(named=True)):
        ended = stays.filter((pl.col("school_year") == before["code"]) & (pl.col("ends") == before["closes"]))
        begun = stays.filter((pl.col("school_year") == after["code"]) & (pl.col("starts") == after["opens"]))
        both = ended.join(begun, on="pupil_code", how="left", suffix="_next")
        step = (pl.col("grade_next") - pl.col("grade")).alias("step")

        found = dict(both.group_by("end_reason").agg(step.unique().sort()).rows())

        assert found["promoted"] == [1]
        assert found["retained"] == [0]
        assert found["graduated"] == [None]
        assert found["dropped_out"] == [None]
        assert set(found["completed"]) == {None, 1}
        assert set(begun["pupil_code"]) - set(ended["pupil_code"]) == set(
            begun.filter(pl.col("start_reason").is_in(["first_year", "moved_in"]))["pupil_code"]
        )


@pytest.mark.parametrize("day", [date(2022, 9, 5), date(2023, 12, 20), date(2024, 1, 15), date(2025, 5, 31)])
def test_the_shares_of_a_class_in_a_subject_sum_to_one(province, day):
    year = next(
        row["code"] for row in province.school_years.rows(named=True) if row["starts"] <= day < row["ends"]
    )

    shares = shares_of_a_day(province, day)

    assert set(shares["class_code"]) == set(classes_of(province, year)["code"])
    assert shares["share"].to_list() == pytest.approx([1.0] * len(shares))


def test_a_class_is_taught_exactly_its_catalogue(province):
    """Subjects of the level, curriculum and grade, with only the electives of the combination."""
    taught = dict(province.assignments.group_by("class_code").agg(pl.col("subject_code").unique()).rows())
    catalogue = province.subjects.rows(named=True)
    for row in province.classes.rows(named=True):
        chosen = (row["combination"] or "").split("+")
        expected = {
            subject["code"]
            for subject in catalogue
            if (subject["level"], subject["curriculum"]) == (row["level"], row["curriculum"])
            and row["grade"] in subject["grades"]
            and (not subject["is_elective"] or subject["field"] in chosen)
        }
        assert set(taught[row["code"]]) == expected


def test_a_teacher_teaches_only_where_posted_that_day(province):
    schools = province.classes.select("code", "school_code")
    lessons = province.assignments.join(schools, left_on="class_code", right_on="code").with_row_index(
        "lesson"
    )
    posted = lessons.join(province.postings, on="staff_code", suffix="_post").filter(
        (pl.col("school_code") == pl.col("unit_code"))
        & (pl.col("position") == "teacher")
        & (pl.col("valid_from_post") <= pl.col("valid_from"))
        & (pl.col("valid_to_post").is_null() | (pl.col("valid_to_post") >= pl.col("valid_to")))
    )

    assert posted["lesson"].n_unique() == len(lessons)


def test_the_homeroom_teacher_is_posted_at_the_school_and_teaches_the_class(province):
    opening = province.classes.join(
        province.school_years.select("code", "opens"), left_on="school_year", right_on="code"
    )
    posted = opening.join(
        province.postings,
        left_on=["homeroom_staff_code", "school_code"],
        right_on=["staff_code", "unit_code"],
    ).filter(
        (pl.col("valid_from") <= pl.col("opens"))
        & (pl.col("valid_to").is_null() | (pl.col("valid_to") > pl.col("opens")))
    )
    modern = province.classes.filter(pl.col("curriculum") == "2018").select("code", "homeroom_staff_code")
    teaches = modern.join(
        province.assignments,
        left_on=["code", "homeroom_staff_code"],
        right_on=["class_code", "staff_code"],
        how="semi",
    )

    assert posted["code"].n_unique() == len(province.classes)
    assert len(teaches) == len(modern)


def test_some_lessons_are_shared_and_some_change_hands_in_the_middle_of_the_year(province):
    lessons = province.assignments.group_by("class_code", "subject_code").agg(
        (pl.col("share") < 1).any().alias("shared"), pl.col("valid_from").n_unique().alias("dates")
    )

    assert 0.005 < lessons["shared"].mean() < 0.06
    assert 0.002 < (lessons["dates"] > 1).mean() < 0.06


def test_a_person_holds_one_post_at_a_time(province):
    assert overlapping(province.postings, "staff_code", "valid_from", "valid_to") == []


@pytest.mark.parametrize("day", [date(2022, 9, 5), date(2023, 9, 5), date(2024, 9, 5), date(2025, 7, 1)])
def test_every_standing_school_has_one_principal_and_every_team_one_head(province, day):
    valid = (pl.col("valid_from") <= day) & (pl.col("valid_to").is_null() | (pl.col("valid_to") > day))
    posts, spells = province.postings.filter(valid), province.unit_spells.filter(valid)
    units = spells.join(province.units, left_on="unit_code", right_on="code")

    heads = posts.filter("is_team_head")["team_code"]
    principals = posts.filter(pl.col("position") == "principal")["unit_code"]

    assert sorted(principals) == sorted(units.filter(pl.col("kind") == "school")["unit_code"])
    assert sorted(heads) == sorted(units.filter(pl.col("kind") == "team")["unit_code"])


@pytest.mark.parametrize(("scale", "seed"), [(0.01, 1), (0.01, 2), (0.02, 3), (0.05, 4), (0.1, 5)])
def test_provinces_of_any_size_and_seed_stand(scale, seed):
    built, _ = simulate_province(scale, seed)

    assert overlapping(built.enrolments, "pupil_code", "starts", "ends") == []
    assert overlapping(built.unit_spells, "unit_code", "valid_from", "valid_to") == []
    assert shares_of_a_day(built, date(2024, 3, 3))["share"].to_list() == pytest.approx(
        [1.0] * len(shares_of_a_day(built, date(2024, 3, 3)))
    )
    assert len(built.pupils) == pytest.approx(181_000 * scale, rel=0.03)


@pytest.mark.slow
def test_the_whole_province_has_the_published_shape():
    """Điện Biên in 2023-2024: schools, classes and pupils of regulations §13.1, within five per cent."""
    built, _ = simulate_province(1.0, 11)
    classes = classes_of(built, "2023-2024")
    opening = built.enrolments.filter(pl.col("starts") == date(2023, 9, 5))
    pupils = opening.join(classes, left_on="class_code", right_on="code")["level"].value_counts()
    standing = built.unit_spells.filter(
        (pl.col("valid_from") <= date(2023, 9, 5))
        & (pl.col("valid_to") > date(2023, 9, 5)).fill_null(value=True)
    )
    schools = standing.join(
        built.units.filter(pl.col("kind") == "school"), left_on="unit_code", right_on="code"
    )
    highest = schools.select(pl.col("levels").list.last().alias("level"))["level"].value_counts()
    staff = built.postings.filter(
        (pl.col("valid_from") <= date(2023, 9, 5))
        & (pl.col("valid_to") > date(2023, 9, 5)).fill_null(value=True)
    )

    assert dict(highest.rows()) == {"MN": 168, "TH": 140, "THCS": 123, "THPT": 33, "GDTX": 10}
    published = {"TH": 75_975, "THCS": 52_898, "THPT": 20_866, "GDTX": 1_384}
    assert dict(pupils.rows()) == {
        level: pytest.approx(count, rel=0.05) for level, count in published.items()
    }
    counts = dict(classes["level"].value_counts().rows())
    assert counts["TH"] == pytest.approx(2_867, rel=0.05)
    assert counts["THCS"] == pytest.approx(1_472, rel=0.05)
    assert counts["THPT"] == pytest.approx(538, rel=0.05)
    assert sum(counts.values()) == pytest.approx(2_867 + 1_472 + 538 + 37, rel=0.02)
    assert 11_000 <= len(staff) <= 16_100
    minorities = (built.pupils["ethnicity"] != "01").mean()
    assert minorities == pytest.approx(0.857, rel=0.05)


def test_a_negative_seed_is_refused():
    with pytest.raises(InvalidInput) as refusal:
        simulate_province(0.01, -1)
    assert refusal.value.code == "simulation.seed"
