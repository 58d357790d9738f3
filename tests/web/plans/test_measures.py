"""Each indicator computed from planted data against numbers worked out by hand."""

from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.web.plans.planted import ALL, asked, exam, means, published
from tests.web.quality.year import NOON, START_DAYS, survey
from tests.web.world import make_class, make_pupil, make_unit
from thucchat.engine.planning.evaluation import Status
from thucchat.engine.planning.reported import REPORTABLE
from thucchat.web.exams.actions.campaigns import plan_campaign
from thucchat.web.exams.models import Campaign, ExamResult
from thucchat.web.plans.queries.providers import FILLED_IN, PROVIDERS, is_reported

MET, NOT_MET, UNKNOWN = Status.MET, Status.NOT_MET, Status.UNKNOWN


def upper(province, name):
    return make_unit("school", name, province, school_type="thpt", levels=["THPT"])


def test_every_target_of_the_documents_is_computed_or_reported():
    assert len(ALL) == 25
    computed = {code for code in ALL if code in PROVIDERS}
    told = {code for code, one in ALL.items() if is_reported(one)}
    assert computed | told == set(ALL)
    assert computed & told == FILLED_IN
    assert all(ALL[code].kind in REPORTABLE for code in told)
    assert set(PROVIDERS) <= set(ALL)


@pytest.mark.parametrize("code", ALL)
def test_where_nothing_is_known_nothing_has_failed(code, world):
    upper(world.province, "Trường THPT")
    for unit in (world.province, world.districts[0], world.schools[0]):
        row = asked(code, unit)
        assert row.status == UNKNOWN
        assert row.reason.endswith(".")
        assert row.value in {"", "0/3 đơn vị", "0/2 đơn vị", "0/1 đơn vị"}


def test_schools_with_any_result_took_part_in_a_survey(world):
    survey(world, "start", [500] * 18)
    ExamResult.objects.filter(school=world.schools[2]).delete()
    upper(world.province, "Trường THPT")  # has pupils of other grades, none of whom was there

    row = asked("db24.start-survey", world.province)

    assert (row.status, row.own.verdict.value) == (NOT_MET, Fraction(50))
    assert row.own.lines == (("Chưa có kết quả", "Trường THCS 2; Trường THPT"),)
    assert asked("db24.start-survey", world.districts[0]).status == MET
    assert asked("db24.start-survey", world.schools[2]).status == NOT_MET
    assert asked("db24.end-survey", world.province).status == UNKNOWN


def test_a_survey_that_still_runs_has_failed_nobody(world):
    survey(world, "mid", [500] * 18)
    ExamResult.objects.filter(school=world.schools[2]).delete()
    Campaign.objects.update(state="running", closed_at=None)

    row = asked("db24.mid-survey", world.province)

    assert (row.status, row.reason) == (
        UNKNOWN,
        "Đợt khảo sát chưa chốt; đến nay 2/3 trường có kết quả.",
    )
    assert asked("db24.mid-survey", world.districts[0]).status == MET


def test_the_entrance_mean_is_that_of_all_papers(world):
    first, second, third = world.schools
    exam("entrance", 2027, ["toan", "van"], [(first, [500, 600]), (second, [None, 700]), (third, [-1, 610])])
    exam("entrance", 2026, ["Toán", "Ngữ văn"], [(first, [600, 600]), (None, [600, 610])])

    row = asked("db24.entrance-mean", world.province)

    # (5 + 6 + 7 + 6.1) / 4 = 6.025 against (6 + 6 + 6 + 6.1) / 4 = 6.025
    assert (row.status, row.own.verdict.value) == (NOT_MET, Fraction(0))
    assert row.own.lines == (("chung", "6,03 → 6,03 (0)"),)
    district = asked("db24.entrance-mean", world.districts[0])  # (5 + 6 + 7) / 3 = 6 against (6 + 6) / 2
    assert (district.status, district.own.verdict.value) == (NOT_MET, Fraction(0))
    assert asked("db24.entrance-mean", world.schools[1]).status == UNKNOWN  # nobody the year before
    assert asked("db24.entrance-mean", world.province, "2025-2026").status == UNKNOWN


def test_a_mean_that_is_higher_by_any_amount_has_risen(world):
    school = world.schools[0]
    exam("entrance", 2027, ["toan"], [(school, [333]), (school, [333]), (school, [335])])
    exam("entrance", 2026, ["toan"], [(school, [333])])

    row = asked("db24.entrance-mean", world.province)

    assert (row.status, row.own.verdict.value) == (MET, Fraction(2, 300))


def test_the_gap_is_between_districts_with_enough_papers(world):
    far = make_unit("district", "Phòng Giáo dục và Đào tạo huyện Xa", world.province)
    small = make_unit("school", "Trường Xa", far, school_type="thcs", levels=["THCS"])
    north, south = world.schools[0], world.schools[2]
    papers = [(north, [650, 500])] * 30 + [(south, [550, 380])] * 30 + [(small, [100, 100])] * 29
    exam("entrance", 2027, ["toan", "van"], [*papers, (None, [0, 0])])

    row = asked("db24.district-gap", world.province)

    assert (row.status, row.own.verdict.value) == (NOT_MET, Fraction(6, 5))
    assert (row.own.failing, row.value) == ("Ngữ văn", "1,20 điểm")
    assert row.own.lines[0] == ("Toán", "cách nhau 1 điểm: Huyện Bắc 6,50 và Huyện Nam 5,50")


def test_graduation_means_are_compared_subject_by_subject(world):
    one, two, new = (upper(world.province, f"Trường THPT {name}") for name in "ABC")
    exam(
        "graduation", 2027, ["toan", "su"],
        [(one, [700, 600]), (one, [600, None]), (two, [500, 500]), (new, [900, None])],
    )  # fmt: skip
    exam("graduation", 2026, ["su", "toan"], [(one, [590, 640]), (two, [510, 400])])

    row = asked("sl20.graduation-mean", world.province)
    whole = asked("db24.graduation-mean", world.province)

    assert row.below == {MET: 1, NOT_MET: 1, UNKNOWN: 1}
    assert (row.status, row.value) == (NOT_MET, "1/3 đơn vị")
    own = asked("sl20.graduation-mean", one)  # 6.5 against 6.4, 6 against 5.9
    assert (own.status, own.own.verdict.value) == (MET, Fraction(1, 10))
    other = asked("sl20.graduation-mean", two)
    assert (other.status, other.own.failing, other.value) == (NOT_MET, "Lịch sử", "-0,10 điểm")
    assert asked("sl20.graduation-mean", new).status == UNKNOWN
    # Mathematics 27 / 4 = 6.75 against 5.2; history 5.5 against 5.5: not higher.
    assert (whole.status, whole.own.failing) == (NOT_MET, "Lịch sử")


def test_without_results_the_published_means_stand_for_the_province(world):
    means(2026, {"Mẫu": 6.01, "Khác": 5.0})
    means(2027, {"Mẫu": 6.02, "Khác": 5.0})

    row = asked("db24.graduation-mean", world.province)

    assert (row.status, row.own.verdict.value) == (MET, Fraction(1, 100))


@pytest.mark.parametrize(
    ("before", "now", "status", "value"),
    [
        ({"A": 9, "B": 8, "C": 7, "Mẫu": 6}, {"A": 5, "B": 4, "C": 3, "Mẫu": 6}, MET, "+3 bậc"),
        ({"A": 9, "B": 8, "C": 7, "Mẫu": 6}, {"A": 9, "B": 4, "C": 3, "Mẫu": 6}, NOT_MET, "+2 bậc"),
        ({"A": 5, "B": 4, "C": 3, "Mẫu": 6}, {"A": 9, "B": 8, "C": 7, "Mẫu": 6}, NOT_MET, "-3 bậc"),
        ({"A": 9, "B": 8, "C": 7, "D": 7, "Mẫu": 6}, {"A": 5, "Mẫu": 6}, UNKNOWN, ""),  # fewer provinces
        ({"A": 9}, {"A": 9, "Mẫu": 6}, UNKNOWN, ""),
        ({"A": 9, "Mẫu": 6}, {"A": 9}, UNKNOWN, ""),
    ],
)
def test_places_are_won_in_the_national_table(world, before, now, status, value):
    means(2026, before)
    means(2027, now)

    row = asked("db24.national-rank", world.province)

    assert (row.status, row.value) == (status, value)
    assert asked("db24.national-rank", world.schools[0]).status == status  # public


def test_who_has_a_rank_in_the_published_run_is_ranked(world):
    north, south = world.districts
    run = published(world, [(world.schools[0], 1), (world.schools[1], None), (north, 1), (south, 2)])

    row = asked("db24.schools-ranked", world.province)

    assert (row.status, row.own.verdict.value) == (NOT_MET, Fraction(100, 3))
    assert row.own.lines == (("Chưa có hạng", "Trường THCS 1; Trường THCS 2"),)
    assert asked("db24.schools-ranked", world.schools[0]).status == MET
    assert asked("db24.districts-ranked", world.province).status == MET
    run.state = "withdrawn"
    run.save()
    assert asked("db24.schools-ranked", world.province).status == UNKNOWN


def test_a_school_that_the_run_does_not_speak_of_may_have_been_ranked_by_its_district(world):
    north, south = world.districts
    make_unit("school", "Trường Tiểu học", south, school_type="th", levels=["TH"])
    published(world, [(world.schools[0], 1), (world.schools[1], None), (world.schools[2], 2)])

    row = asked("db24.ranked-by-district", world.province)

    assert row.below == {MET: 0, NOT_MET: 1, UNKNOWN: 1}
    assert asked("db24.ranked-by-district", north).value == "50 %"  # one of its two has no rank
    open_still = asked("db24.ranked-by-district", south)
    assert open_still.status == UNKNOWN
    assert open_still.reason.startswith("1/2 trường có hạng")


def test_entry_surveys_count_pupils_and_a_grade_nobody_surveyed_is_unknown(world):
    survey(world, "start", [500] * 17 + [None])

    row = asked("sl20.entry-surveys", world.province)

    assert (row.status, row.own.verdict.value) == (NOT_MET, Fraction(100 * 17, 18))
    assert asked("sl20.entry-surveys", world.districts[0]).status == MET
    primary = make_unit("school", "Trường Tiểu học", world.districts[0], school_type="th", levels=["TH"])
    make_pupil(make_class(primary, world.year, "1A", grade=1), "Vàng A Sử")
    row = asked("sl20.entry-surveys", world.province)
    assert row.status == UNKNOWN
    assert row.reason.startswith("Khối 1 chưa có khảo sát theo đề chung.")
    assert row.own.lines == (("Khối 1", "chưa khảo sát"), ("Khối 6", "17/18 học sinh"))


def test_an_entry_survey_that_still_runs_is_open(world):
    plan_campaign(world.year, Campaign.Moment.START, START_DAYS, annex="dien-bien-2024", by=None, at=NOON)

    assert asked("sl20.entry-surveys", world.province).status == UNKNOWN


def test_the_answers_for_many_units_cost_as_many_queries_as_for_one(world, django_assert_num_queries):
    one = upper(world.province, "Trường THPT 0")
    with CaptureQueriesContext(connection) as for_one:
        asked("sl20.mock-exams", one)
    for number in range(1, 6):
        upper(world.province, f"Trường THPT {number}")
    with django_assert_num_queries(len(for_one)):
        assert asked("sl20.mock-exams", world.province).below[UNKNOWN] == 6
