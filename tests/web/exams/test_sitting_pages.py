"""Pages of the office: the timetable, the frozen list, reconciliation and closing."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.exams.campaigns import LISTED, exam_of, only, planned, site_of, sitting_of, started
from tests.web.world import make_user
from thucchat.web.exams.actions.entering import enter_marks
from thucchat.web.exams.models import Campaign, Candidate, Sitting


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SECOND_FACTOR, settings.WORKING_DAY = False, LISTED


@pytest.fixture
def officer(world):
    return make_user("testing", world.province)


@pytest.fixture
def client(officer) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def as_principal(world) -> Client:
    client = Client()
    client.force_login(make_user("principal", world.schools[0]))
    return client


def address(name: str, row) -> str:
    return reverse(f"exams:{name}", args=[row.pk])


def said(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_everybody_reads_the_timetable_and_the_office_alone_may_change_it(client, world):
    campaign = planned(world)

    page = client.get(address("sittings", campaign)).content.decode()
    school = as_principal(world).get(address("sittings", campaign)).content.decode()

    assert page.count("<h2>Khối") == school.count("<h2>Khối") == 7
    assert "09:00" in school
    assert page.count("Đổi lịch") == Sitting.objects.count()
    assert "Đổi lịch" not in school


def test_the_office_moves_a_paper_and_is_told_why_not(client, world):
    sitting = sitting_of(planned(world))
    url, facts = (
        address("sitting", sitting),
        {"day": "2026-10-09", "shift": 2, "starts": "14:00", "minutes": 50},
    )
    assert 'value="2026-10-05"' in client.get(url).content.decode()

    refused = client.post(url, facts | {"day": "2026-10-18"}).content.decode()
    assert "nằm ngoài đợt khảo sát" in refused
    assert client.post(url, facts).url == reverse("exams:sittings", args=[sitting.exam.campaign_id])

    sitting.refresh_from_db()
    assert str(sitting) == "Toán, 14:00 09/10/2026"
    assert sitting.get_shift_display() == "Chiều"


def test_a_paper_is_left_out_from_the_page_but_not_the_last(client, world):
    campaign = planned(world)
    only(campaign, "toan", "van")
    exam = exam_of(campaign)

    client.post(address("sitting-drop", sitting_of(campaign, "van")))
    refused = client.post(address("sitting-drop", sitting_of(campaign)))

    assert list(exam.sittings.values_list("subject", flat=True)) == ["toan"]
    assert said(refused) == ["Khối phải còn ít nhất một môn khảo sát."]


def test_the_list_is_frozen_with_the_seats_of_the_form_before_the_survey_runs(client, world):
    campaign = planned(world)
    assert 'value="24"' in client.get(campaign.get_absolute_url()).content.decode()

    wrong = client.post(address("campaign-freeze", campaign), {"seats": "0"})
    assert said(wrong) == ["Số thí sinh tối đa mỗi phòng phải là số từ 1 đến 60."]
    client.post(address("campaign-freeze", campaign), {"seats": "4"})

    campaign.refresh_from_db()
    assert (campaign.seats, campaign.listed_on) == (4, LISTED)
    page = client.get(campaign.get_absolute_url()).content.decode()
    assert "danh sách chốt ngày 01/10/2026" in page
    assert "Chốt danh sách trước khi bắt đầu" not in page


def test_starting_from_the_page_freezes_the_list_of_the_day(client, world):
    campaign = planned(world)

    client.post(address("campaign-start", campaign))

    campaign.refresh_from_db()
    assert campaign.state == "running"
    assert Candidate.objects.filter(exam=exam_of(campaign)).count() == len(world.pupils)


def test_schools_are_listed_with_their_candidates(client, world):
    campaign = started(world)
    url = address("sites", campaign)

    page = client.get(url).content.decode()
    one = client.get(url, {"truong": world.schools[1].pk}).content.decode()
    own = as_principal(world).get(url).content.decode()

    assert [name in page for name in ("THCS 0", "THCS 1", "THCS 2")] == [True] * 3
    assert [name in one for name in ("THCS 0", "THCS 1", "THCS 2")] == [False, True, False]
    assert [name in own for name in ("THCS 0", "THCS 1", "THCS 2")] == [True, False, False]
    file = client.get(url, {"tep": "csv"}).content.decode("utf-8-sig").splitlines()
    assert file[1:] == [f"Trường THCS {n},6,6" for n in range(3)]


def test_reconciliation_shows_each_its_own_and_closing_asks_for_a_reason(client, officer, world):
    campaign = started(world)
    only(campaign, "toan")
    for school in world.schools:
        first = Candidate.objects.filter(site=site_of(campaign, school)).first()
        site, sitting = site_of(campaign, school), sitting_of(campaign)
        enter_marks(site.pk, sitting.pk, {first.sbd: 500}, by=officer, at=timezone.now())

    page = client.get(address("reconcile", campaign)).content.decode()
    own = as_principal(world).get(address("reconcile", campaign)).content.decode()
    refused = client.post(address("campaign-close", campaign), {"reason": ""})

    assert "<b>18</b><span>bài phải có" in page
    assert "<b>15</b><span>bài chưa rõ" in page
    assert "<b>5</b><span>bài chưa rõ" in own
    assert said(refused)[0].startswith(
        "Còn 15 bài của 3 trường chưa có điểm cũng chưa báo vắng: Trường THCS 0"
    )
    client.post(address("campaign-close", campaign), {"reason": "Lũ cô lập ba trường"})
    assert Campaign.objects.get().state == "closed"
    closed = client.get(address("reconcile", campaign)).content.decode()
    assert "Đã chốt khi còn bài chưa rõ, vì: Lũ cô lập ba trường" in closed


def test_an_unlisted_survey_says_so_on_the_page_of_reconciliation(client, world):
    campaign = planned(world)

    assert "chưa chốt danh sách" in client.get(address("reconcile", campaign)).content.decode()
