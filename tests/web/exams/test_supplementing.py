"""A school that the frozen list left out is added beside those who stand, with a reason on record."""

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.exams.campaigns import LISTED, NOON, exam_of, planned, site_of, started
from tests.web.exams.test_candidates import code_of
from tests.web.world import make_class, make_pupil, make_school, make_user
from thucchat.web.exams.actions.candidates import Arrival, add_candidate, remove_candidate
from thucchat.web.exams.actions.listing import freeze_candidates
from thucchat.web.exams.actions.printing import room_lists
from thucchat.web.exams.actions.supplementing import supplement_list
from thucchat.web.exams.models import Campaign, Candidate, Sitting, Supplement
from thucchat.web.exams.queries.left_out import left_out
from thucchat.web.ledger.models import Event
from thucchat.web.shared.scope import Scope, enter_scope

WHY = "Trường nhập học sinh sau ngày chốt"


@pytest.fixture
def campaign(world) -> Campaign:
    return started(world)


@pytest.fixture
def late(world, campaign):
    """A school of another district whose pupils were brought in after the freezing, first by name."""
    school = make_school("A Trường Đến Muộn", world.districts[1])
    for grade, names in ((6, ("Lò Thị Hai", "Bạc Văn Một")), (7, ("Cà Văn Ba",))):
        row = make_class(school, world.year, f"{grade}A", grade=grade)
        for name in names:
            make_pupil(row, name)
    return school


def supplemented(campaign: Campaign, school, **told) -> Supplement:
    return supplement_list(campaign.pk, school.pk, LISTED, by=None, at=NOON, **{"reason": WHY} | told)


def standing() -> list[tuple]:
    return list(Candidate.objects.order_by("pk").values_list("pk", "sbd", "room", "seat", "removed_for"))


def test_a_school_left_out_comes_after_the_last_and_nobody_else_moves(campaign, late):
    before = standing()

    made = supplemented(campaign, late)

    new = Candidate.objects.filter(site__school=late).order_by("sbd")
    assert [(row.sbd, row.room, row.seat, row.full_name) for row in new] == [
        ("06004001", 1, 1, "Lò Thị Hai"),
        ("06004002", 1, 2, "Bạc Văn Một"),
        ("07004001", 1, 1, "Cà Văn Ba"),
    ]
    assert standing()[: len(before)] == before
    assert site_of(campaign, late).area_id == late.parent_id
    assert (made.candidates, made.reason, made.unit_path) == (3, WHY, late.unit_path)
    event = Event.objects.get(kind="campaign.supplemented")
    assert (event.subject_id, '"candidates":3' in event.facts) == (made.pk, True)
    assert WHY not in event.facts, "a reason may name people; the ledger does not"


def test_a_class_left_out_sits_in_rooms_of_its_own_under_the_following_numbers(world, campaign):
    school, before = world.schools[0], standing()
    site, row = site_of(campaign, world.schools[0]), make_class(world.schools[0], world.year, "6A3")
    printed = room_lists(site, Sitting.objects.filter(exam=site.exam).first())
    for name in ("Lò Thị Hai", "Lò Thị Ba"):
        make_pupil(row, name)

    supplemented(campaign, school)

    new = site.candidates.filter(school_class=row).order_by("sbd")
    assert [(one.sbd, one.room, one.seat) for one in new] == [("06001007", 2, 1), ("06001008", 2, 2)]
    assert standing()[: len(before)] == before
    assert room_lists(site, Sitting.objects.filter(exam=site.exam).first()) != printed
    after = add_candidate(
        site.pk, Arrival(make_pupil(row, "Em Nữa").code, LISTED, 2), reason=WHY, by=None, at=NOON
    )
    assert (after.sbd, after.seat) == ("06001009", 3)


def test_who_was_taken_off_or_stands_elsewhere_is_not_brought_back(world, campaign):
    last = Candidate.objects.filter(exam=exam_of(campaign)).last()
    remove_candidate(last.pk, reason="Chuyển trường trước ngày thi", by=None, at=NOON)

    assert left_out(campaign, LISTED) == []
    assert code_of(lambda: supplemented(campaign, last.site.school)) == "supplement.nobody"
    assert not Supplement.objects.exists()


def test_a_reason_a_frozen_list_and_an_open_survey_are_asked_for(world, campaign, late):
    assert code_of(lambda: supplemented(campaign, late, reason=" vì ")) == "supplement.reason"
    other = planned(world, moment="mid")
    assert code_of(lambda: supplemented(other, late)) == "campaign.not_listed"
    Campaign.objects.filter(pk=campaign.pk).update(state="closed", closed_at=NOON)
    assert code_of(lambda: supplemented(campaign, late)) == "campaign.closed"
    assert not Candidate.objects.filter(site__school=late).exists()


def test_a_survey_not_yet_started_is_added_to_as_well(world):
    campaign = planned(world)
    freeze_candidates(campaign.pk, LISTED, by=None, at=NOON, seats=2)
    row = make_class(world.schools[2], world.year, "6A3")
    for name in ("Một", "Hai", "Ba"):
        make_pupil(row, f"Lò Thị {name}")

    supplemented(campaign, world.schools[2])

    rooms = Candidate.objects.filter(school_class=row).order_by("sbd").values_list("room", "seat")
    assert list(rooms) == [(4, 1), (4, 2), (5, 1)]


@pytest.mark.parametrize(
    ("change", "constraint"), [({"candidates": 0}, "of_somebody"), ({"reason": ""}, "reasoned")]
)
def test_the_database_refuses(campaign, late, change, constraint):
    made = supplemented(campaign, late)
    values = {name: getattr(made, name) for name in ("campaign", "school", "day", "at", "unit_path")}
    with pytest.raises(IntegrityError, match=f"supplement_{constraint}"):
        Supplement.objects.create(**values | {"candidates": 1, "reason": WHY} | change)


def test_an_addition_is_not_unsaid_and_another_school_does_not_see_it(world, campaign, late):
    supplemented(campaign, late)
    for act in (lambda: Supplement.objects.update(reason="khác hẳn"), Supplement.objects.all().delete):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            act()

    enter_scope(Scope(world.schools[0].unit_path))
    assert not Supplement.objects.exists()


def test_the_office_sees_who_was_left_out_and_adds_the_school(world, campaign, late, settings):
    settings.SECOND_FACTOR, settings.WORKING_DAY = False, LISTED
    assert [(row.name, row.grade, row.pupils, row.is_listed) for row in left_out(campaign, LISTED)] == [
        ("A Trường Đến Muộn", 6, 2, False),
        ("A Trường Đến Muộn", 7, 1, False),
    ]
    client, url = Client(), reverse("exams:campaign-supplement", args=[campaign.pk])
    client.force_login(make_user("testing", world.province))
    page = client.get(url).content.decode()
    wanting = client.post(url, {"school": late.pk, "reason": ""}).content.decode()

    answer = client.post(url, {"school": late.pk, "reason": WHY}, follow=True).content.decode()

    assert ("A Trường Đến Muộn" in page, 'class="errorlist"' in wanting) == (True, True)
    assert "Đã bổ sung 3 thí sinh của A Trường Đến Muộn." in answer
    assert f"3 thí sinh. Lí do: {WHY}" in answer
    site = client.get(site_of(campaign, late).get_absolute_url()).content.decode()
    today = f"{timezone.localdate():%d/%m/%Y}"
    assert f"Bổ sung sau khi chốt, ngày {today}: 3 thí sinh của trường, lí do: {WHY}" in site
    assert "đã có tên trong danh sách" in client.get(url).content.decode()
