from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document

from tests.web.quality.year import NOON, START_DAYS, survey
from tests.web.world import make_user
from thucchat.engine.documents.tree import Paragraph
from thucchat.web.exams.actions.campaigns import plan_campaign, start_campaign
from thucchat.web.exams.models import Campaign, ExamResult
from thucchat.web.exams.queries.papers import participation_document_of, plan_document_of, survey_plan
from thucchat.web.shared.scope import Scope, enter_scope

SCORES = [300, 450, None, *([500] * 15)]
DAY = date(2026, 10, 5)


def planned(world, moment):
    return plan_campaign(
        world.year, Campaign.Moment(moment), START_DAYS, annex="dien-bien-2024", by=None, at=NOON
    )


def texts(document):
    return [block.text for block in document.body if isinstance(block, Paragraph)]


def test_the_plan_lists_what_the_annex_lays_down_for_each_grade(world):
    plan = survey_plan(planned(world, "end"))

    rows = {(one.level, one.subject): (one.grades, one.minutes, one.setter) for one in plan.subjects}
    assert rows["THCS", "Ngữ văn"] == ((6, 7, 8, 9), 60, "Sở GDĐT")
    assert rows["THPT", "Toán"][0] == (10, 11)  # grade 12 is told by the graduation exam
    assert rows["THPT", "Vật lí"][0] == (10, 11, 12)
    assert not [level for level, _ in rows if level == "Tiểu học"]
    assert plan.others[0] == "Cấp Tiểu học: việc khảo sát do phòng giáo dục và đào tạo quy định."


def test_the_plan_is_the_departments_and_dated_the_day_it_was_made(world):
    campaign = planned(world, "mid")
    planned_on = timezone.localdate(NOON)
    enter_scope(Scope(world.schools[0].unit_path))
    document = plan_document_of(campaign, world.province, date(2027, 5, 1))

    assert (document.head.agency, document.head.day) == ("Sở Giáo dục và Đào tạo", planned_on)
    assert document.head.subject == "Khảo sát chất lượng giữa năm học 2026-2027"
    assert {row[-1] for row in document.tables[0].rows} == {"Nhà trường"}


def test_who_took_part_adds_up_and_silence_is_not_nobody(world):
    campaign = planned(world, "start")
    start_campaign(campaign.pk, by=None, at=NOON)
    document = participation_document_of(campaign, world.province, world.province.unit_path, DAY)

    assert [row[2:4] for row in document.tables[0].rows] == [(6, "chưa báo cáo")] * 3
    assert texts(document)[0] == (
        "Đến ngày 05/10/2026, 0/3 trường đã báo cáo khảo sát đầu năm học 2026-2027."
    )


def test_a_pupil_listed_as_absent_is_not_one_of_whom_nothing_is_known(world):
    campaign = survey(world, "start", SCORES)
    ExamResult.objects.filter(pupil=world.pupils[1]).delete()
    school = world.schools[0]

    document = participation_document_of(campaign, school, school.unit_path, DAY)

    assert document.tables[0].rows[0] == (1, school.name, 6, 4, 1, 1, pytest.approx(200 / 3))
    assert document.signatures[0].office == ("Hiệu trưởng",)
    assert "tính đến ngày 01/10/2026" in document.tables[0].title  # the day of the close


@pytest.mark.parametrize("role", ["testing", "principal", "team_head"])
def test_both_are_handed_out_from_the_page_of_the_survey(world, settings, role):
    settings.SECOND_FACTOR = False
    places = {"testing": world.province, "principal": world.schools[0], "team_head": world.teams[0]}
    campaign, client = survey(world, "start", SCORES), Client()
    client.force_login(make_user(role, places[role]))
    page = client.get(campaign.get_absolute_url()).content.decode()

    for name in ("ke-hoach", "tham-gia"):
        address = f"{campaign.get_absolute_url()}{name}/"
        assert f"{address}?dang=pdf" in page
        assert client.get(f"{address}?dang=pdf").content[:4] == b"%PDF"
        assert client.get(f"{address}?dang=docx").content[:2] == b"PK"


@pytest.mark.parametrize(("role", "place"), [("teacher", "schools"), ("team_head", "teams")])
def test_the_report_of_a_school_counts_all_its_classes_whoever_hands_it_out(world, settings, role, place):
    settings.SECOND_FACTOR = False
    campaign = survey(world, "start", SCORES)
    reader = make_user(role, getattr(world, place)[0], staff_code=world.teachers[0].code)
    client = Client()
    client.force_login(reader)

    answer = client.get(f"{campaign.get_absolute_url()}tham-gia/?dang=docx")

    rows = [[cell.text for cell in row.cells] for row in Document(BytesIO(answer.content)).tables[1].rows]
    assert ["1", world.schools[0].name, "6", "5", "1"] in [row[:5] for row in rows], rows
