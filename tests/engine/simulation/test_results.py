import numpy as np
import polars as pl
import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.simulation.province import simulate_province
from thucchat.engine.simulation.results import MEANS, simulate_exam_results
from thucchat.engine.simulation.schemas import ENTRANCE, GRADUATION, GRADUATION_PAPERS


@pytest.fixture(scope="module")
def larger():
    return simulate_province(0.3, 5)


@pytest.fixture(scope="module", params=[2023, 2024, 2025])
def exam(request, larger):
    return request.param, simulate_exam_results(*larger, np.random.default_rng(1), request.param)


def test_results_have_their_schemas_and_different_numbers(exam):
    _, results = exam

    assert results.graduation.schema == GRADUATION
    assert results.entrance.schema == ENTRANCE
    assert results.graduation["sbd"].n_unique() == len(results.graduation)
    assert results.graduation["sbd"].str.contains(r"^62\d{6}$").all()


def test_means_are_those_of_the_province(exam):
    """Means of Điện Biên by subject and year (regulations §13.2)."""
    year, results = exam
    for paper, mean in MEANS[year].items():
        scores = results.graduation[paper].cast(pl.Float64).drop_nulls()
        if len(scores) > 100:
            assert scores.mean() == pytest.approx(mean, abs=0.02)


def test_scores_stand_on_the_steps_of_the_paper(exam):
    year, results = exam
    for paper in GRADUATION_PAPERS:
        cents = (results.graduation[paper].cast(pl.Float64).drop_nulls() * 100).round().cast(pl.Int64)
        old = 20 if paper in {"toan", "ngoai_ngu"} else 25
        new = 25 if paper in {"van", "ngoai_ngu"} else 5
        assert set(cents % (new if year == 2025 else old)) <= {0}
        assert cents.is_between(0, 1000).all()


def test_leavers_sit_the_papers_of_their_year(exam):
    year, results = exam
    school = results.graduation.filter(pl.col("candidate_type") == "school")
    sat = school.select(pl.sum_horizontal(pl.col(*GRADUATION_PAPERS).is_not_null()).alias("papers"))["papers"]
    natural, social = school["li"].is_not_null(), school["dia"].is_not_null()

    assert sat.max() == (4 if year == 2025 else 6)
    assert (sat == sat.max()).mean() > 0.95
    if year < 2025:
        assert not (natural & social).any()


def test_electives_of_2025_are_those_the_class_studied(larger):
    results = simulate_exam_results(*larger, np.random.default_rng(1), 2025)
    classes = larger[0].classes.filter(pl.col("school_year") == "2024-2025").select("code", "combination")
    last = larger[0].enrolments.filter(pl.col("end_reason") == "graduated")
    class_of = last.join(classes, left_on="class_code", right_on="code")
    sat = results.graduation.filter(pl.col("candidate_type") == "school").join(
        class_of.select("pupil_code", "combination"), on="pupil_code"
    )

    for field, paper in (
        ("LI", "li"),
        ("HOA", "hoa"),
        ("DIA", "dia"),
        ("GDCD", "gdkt_pl"),
        ("TIN", "tin_hoc"),
    ):
        takers = sat.filter(pl.col(paper).is_not_null())
        assert takers["combination"].str.split("+").list.contains(field).all()


def test_abler_pupils_score_higher(larger, exam):
    year, results = exam
    ends = larger[1].abilities.filter(
        (pl.col("moment") == "end") & (pl.col("school_year") == f"{year - 1}-{year}")
    )
    for frame, grade in ((results.graduation, 12), (results.entrance, 9)):
        both = frame.join(ends.filter(pl.col("grade") == grade), on="pupil_code").drop_nulls("toan")
        assert np.corrcoef(both["toan"].cast(pl.Float64), both["TOAN"])[0, 1] == pytest.approx(
            np.sqrt(0.8), abs=0.05
        )


def test_the_admitted_are_in_their_school_the_next_year(larger, exam):
    year, results = exam
    classes = larger[0].classes.filter(pl.col("school_year") == f"{year}-{year + 1}")
    tenth = (
        larger[0]
        .enrolments.join(classes.filter(pl.col("grade") == 10), left_on="class_code", right_on="code")
        .filter(pl.col("start_reason") == "admitted")
    )
    admitted = results.entrance.drop_nulls("admitted_code")

    if year == 2025:
        assert admitted.is_empty()
    else:
        assert len(
            admitted.join(
                tenth,
                left_on=["pupil_code", "admitted_code"],
                right_on=["pupil_code", "school_code"],
                how="semi",
            )
        ) == len(admitted)
        assert len(admitted) > 0.6 * len(results.entrance)


def test_the_same_generator_gives_the_same_scores(larger):
    one, two = (simulate_exam_results(*larger, np.random.default_rng(9), 2024) for _ in range(2))

    assert one.graduation.equals(two.graduation)
    assert one.entrance.equals(two.entrance)


@pytest.mark.parametrize("year", [2022, 2026])
def test_a_year_outside_the_simulation_is_refused(simulated, year):
    with pytest.raises(InvalidInput) as refusal:
        simulate_exam_results(*simulated, np.random.default_rng(1), year)
    assert refusal.value.code == "simulation.year"


def test_the_smallest_province_has_exams_too():
    for year in MEANS:
        results = simulate_exam_results(*simulate_province(0.01, 2), np.random.default_rng(3), year)
        assert len(results.graduation) > 40
        assert len(results.entrance) > 40
