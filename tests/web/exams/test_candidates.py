from datetime import date

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from tests.web.exams.campaigns import LISTED, NOON, WHY, exam_of, planned, site_of, started
from tests.web.world import YEAR_STARTS, make_class, make_pupil
from thucchat.web.exams.actions.campaigns import close_campaign, start_campaign
from thucchat.web.exams.actions.candidates import Arrival, add_candidate, move_candidate, remove_candidate
from thucchat.web.exams.actions.listing import freeze_candidates
from thucchat.web.exams.models import Candidate, Site
from thucchat.web.ledger.models import Event
from thucchat.web.people.models import Enrolment
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.history import because
from thucchat.web.shared.models import Change
from thucchat.web.shared.scope import Scope, enter_scope


def code_of(act) -> str:
    with pytest.raises(RuleBroken) as refusal:
        act()
    return refusal.value.code


def test_starting_lists_who_is_enrolled_that_day(world):
    gone, other = world.pupils[0], world.pupils[1]
    Enrolment.objects.filter(pupil=gone).update(
        days=DateRange(YEAR_STARTS, date(2026, 9, 20)), end="moved_away"
    )
    make_pupil(make_class(world.schools[2], world.year, "5A", grade=5), "Người Lớp Dưới")

    campaign = started(world)

    listed = Candidate.objects.filter(exam=exam_of(campaign))
    assert set(listed.values_list("pupil", flat=True)) == {pupil.pk for pupil in world.pupils} - {gone.pk}
    assert (campaign.listed_on, campaign.seats) == (date(2026, 10, 1), 24)
    row = listed.get(pupil=other)
    assert (row.full_name, row.class_name, row.unit_path) == (
        other.full_name, "6A1", world.schools[0].unit_path,
    )  # fmt: skip
    assert Site.objects.get(exam=exam_of(campaign), school=world.schools[2]).area == world.districts[1]


def test_a_school_sits_mixed_by_name_in_balanced_rooms_under_numbers_of_its_own(world):
    campaign = freeze_candidates(planned(world).pk, LISTED, by=None, at=NOON, seats=4)

    rows = Candidate.objects.filter(site=site_of(campaign, world.schools[1]))
    assert [(row.sbd, row.room, row.seat, row.full_name) for row in rows] == [
        ("06002001", 1, 1, "Vàng A Dế"),
        ("06002002", 1, 2, "Vàng A Dế"),
        ("06002003", 1, 3, "Vàng A Páo"),
        ("06002004", 2, 1, "Vàng A Páo"),
        ("06002005", 2, 2, "Vàng A Sùng"),
        ("06002006", 2, 3, "Vàng A Sùng"),
    ]
    assert {row.class_name for row in rows if row.room == 1} == {"6A1", "6A2"}


def test_a_list_is_frozen_once_and_stays_when_the_survey_starts(world):
    campaign = planned(world)
    freeze_candidates(campaign.pk, LISTED, by=None, at=NOON)
    assert code_of(lambda: freeze_candidates(campaign.pk, LISTED, by=None, at=NOON)) == "campaign.listed"
    assert code_of(
        lambda: freeze_candidates(planned(world, moment="mid").pk, LISTED, by=None, at=NOON, seats=0)
    ) == ("campaign.numbers")
    assert Event.objects.filter(kind="campaign.listed").count() == 1


def test_a_list_of_nobody_is_not_frozen_and_the_survey_waits(world):
    campaign, early = planned(world), date(2026, 8, 15)

    with pytest.raises(RuleBroken, match="Ngày 15/08/2026 không có học sinh nào") as refusal:
        freeze_candidates(campaign.pk, early, by=None, at=NOON)
    assert refusal.value.code == "campaign.nobody"
    with pytest.raises(RuleBroken, match="chọn ngày khác"), transaction.atomic():
        start_campaign(campaign.pk, by=None, at=NOON, day=early)
    campaign.refresh_from_db()
    assert (campaign.state, campaign.listed_on) == ("planned", None)
    assert not Event.objects.filter(kind="campaign.listed").exists()
    freeze_candidates(campaign.pk, LISTED, by=None, at=NOON)
    assert Candidate.objects.filter(exam=exam_of(campaign)).count() == len(world.pupils)


def test_who_comes_late_gets_the_next_number_and_a_seat_with_a_reason_on_record(world):
    campaign = started(world)
    site, late = site_of(campaign, world.schools[0]), make_pupil(world.classes[0], "Lò Thị Muộn")

    made = add_candidate(site.pk, Arrival(late.code, LISTED, 1), reason=WHY, by=None, at=NOON)

    assert (made.sbd, made.room, made.seat) == ("06001007", 1, 7)
    assert Event.objects.get(kind="candidate.added").subject_id == made.pk
    assert code_of(
        lambda: add_candidate(site.pk, Arrival(late.code, LISTED, 1), reason=WHY, by=None, at=NOON)
    ) == ("candidate.twice")


def test_who_is_taken_off_keeps_number_and_reason_and_may_come_back(world):
    campaign = started(world)
    site = site_of(campaign, world.schools[0])
    last = Candidate.objects.filter(site=site).last()

    remove_candidate(last.pk, reason="Chuyển trường trước ngày thi", by=None, at=NOON)

    last.refresh_from_db()
    assert last.removed_for == "Chuyển trường trước ngày thi"
    change = Change.objects.get(table="exams_candidate")
    assert (change.operation, change.reason) == ("U", "Chuyển trường trước ngày thi")
    assert code_of(lambda: remove_candidate(last.pk, reason=WHY, by=None, at=NOON)) == "candidate.removed"
    back = add_candidate(site.pk, Arrival(last.pupil.code, LISTED, 1), reason=WHY, by=None, at=NOON)
    assert (back.sbd, back.seat) == ("06001007", last.seat)


def test_rooms_hold_no_more_than_the_rule_and_one_more_may_be_opened(world):
    campaign = freeze_candidates(planned(world).pk, LISTED, by=None, at=NOON, seats=3)
    site = site_of(campaign, world.schools[0])
    first = Candidate.objects.filter(site=site).first()

    for room, code in ((1, "room"), (2, "full"), (4, "room"), (0, "room")):
        act = lambda room=room: move_candidate(first.pk, room, reason=WHY, by=None, at=NOON)  # noqa: E731
        assert code_of(act) == f"candidate.{code}"
    moved = move_candidate(first.pk, 3, reason="Phòng 1 hỏng đèn", by=None, at=NOON)

    assert (moved.room, moved.seat, moved.sbd) == (3, 1, "06001001")


def test_a_change_needs_a_reason_a_pupil_of_the_school_and_an_open_survey(world):
    campaign = planned(world)
    freeze_candidates(campaign.pk, LISTED, by=None, at=NOON)
    site, stranger = site_of(campaign, world.schools[0]), world.pupils[-1]
    row = Candidate.objects.filter(site=site).first()

    assert code_of(lambda: remove_candidate(row.pk, reason=" vì ", by=None, at=NOON)) == "candidate.reason"
    assert code_of(
        lambda: add_candidate(site.pk, Arrival(stranger.code, LISTED, 1), reason=WHY, by=None, at=NOON)
    ) == ("candidate.stranger")
    type(campaign).objects.update(state="closed", closed_at=NOON)
    assert code_of(lambda: move_candidate(row.pk, 2, reason=WHY, by=None, at=NOON)) == "campaign.closed"
    assert code_of(lambda: close_campaign(campaign.pk, by=None, at=NOON)) == "campaign.missing"


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"sbd": "06001002"}, "candidate_number_once"),
        ({"seat": 2}, "candidate_seat_once"),
        ({"seat": 0}, "candidate_seated"),
    ],
)
def test_the_database_refuses(world, change, constraint):
    campaign = started(world)
    rows = Candidate.objects.filter(site=site_of(campaign, world.schools[0]), seat=1)
    with pytest.raises(IntegrityError, match=constraint), because(WHY):
        rows.update(**change)


def test_the_database_refuses_a_change_without_a_reason(world):
    rows = Candidate.objects.filter(site=site_of(started(world), world.schools[0]), seat=1)
    with pytest.raises(IntegrityError, match="candidate_needs_reason"):
        rows.update(seat=20)


def test_the_database_lets_nobody_be_deleted_from_a_list(world):
    rows = Candidate.objects.filter(site=site_of(started(world), world.schools[0]), seat=1)
    with pytest.raises(ProgrammingError, match="permission denied"):
        rows._raw_delete("default")


def test_another_school_does_not_see_the_list(world):
    started(world)
    enter_scope(Scope(world.schools[1].unit_path))

    assert {row.unit_path for row in Candidate.objects.all()} == {world.schools[1].unit_path}
    assert Site.objects.count() == 1
