"""From the start survey to acceptance, in the small world of 18 pupils in six classes of three schools."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import given
from hypothesis import strategies as st

from tests.web.quality.year import GOAL, LAST_TAUGHT, LATE, NOON, SCORES, survey
from tests.web.world import YEAR_STARTS, make_class, make_staff, make_user
from thucchat.web.ledger.models import Event
from thucchat.web.org.models import SchoolYear
from thucchat.web.people.models import Assignment, Enrolment
from thucchat.web.quality.actions import acceptances, commitments, voices
from thucchat.web.quality.actions.preparing import issue_all, prepare_handovers
from thucchat.web.quality.actions.targets import Goal, share_out_goals
from thucchat.web.quality.models import (
    Acceptance,
    Commitment,
    Evidence,
    Handover,
    Outcome,
    Target,
    TargetVoice,
)
from thucchat.web.quality.queries.papers import commitment_paper
from thucchat.web.shared.errors import RuleBroken


def code_of(call) -> str:
    with pytest.raises(RuleBroken) as refusal, transaction.atomic():
        call()
    return refusal.value.code


def test_every_class_is_handed_over_with_the_measured_state_of_every_pupil(world, handed):
    rows = Handover.objects.filter(kind="start").order_by("school_class_id")
    first = rows.get(school_class=world.classes[0])
    state = dict(zip(first.pupils, zip(first.scores, first.errors, first.bands, strict=True), strict=True))

    assert [row.receiver for row in rows] == world.teachers
    assert [state[pupil.pk] for pupil in world.pupils[:3]] == [
        (300, 85, 1), (450, 85, 2), (None, None, None),
    ]  # fmt: skip


def test_an_entry_class_is_handed_to_the_head_of_its_school_too(world, handed, head):
    rows = Handover.objects.filter(kind="level")

    assert [(row.school_class, row.receiver) for row in rows] == [
        (world.classes[0], head), (world.classes[1], head),
    ]  # fmt: skip


def test_the_giver_is_who_taught_most_of_the_class_the_year_before(world, head):
    before = SchoolYear.objects.create(code="2025-2026", starts=date(2025, 9, 1), ends=date(2026, 8, 31))
    old_class = make_class(world.schools[2], before, "5A", grade=5)
    giver = make_staff(world.schools[2], "Thầy Cũ")
    days = DateRange(date(2025, 9, 5), date(2026, 6, 1))
    Assignment.objects.create(
        staff=giver, school_class=old_class, subject=world.subject, days=days, unit_path=old_class.unit_path
    )
    for pupil in world.pupils[:2]:
        Enrolment.objects.create(
            pupil=pupil,
            school_class=old_class,
            days=days,
            start="new",
            end="promoted",
            unit_path=old_class.unit_path,
        )
    campaign = survey(world, "start", SCORES)
    prepare_handovers(campaign, last_taught=LAST_TAUGHT, by=None, at=NOON)

    row = Handover.objects.get(kind="start", school_class=world.classes[0])
    assert (row.giver, row.giver_unit) == (giver, world.schools[2])
    assert row.giver_called == f"Thầy Cũ, {world.schools[2].name}"


def test_preparing_twice_adds_nothing_and_issuing_is_recorded(world, handed):
    count = Handover.objects.count()
    prepare_handovers(handed, last_taught=LAST_TAUGHT, by=None, at=NOON)
    assert Handover.objects.count() == count

    done = issue_all(Handover.Kind.START, world.districts[0].unit_path, days=7, by=None, at=NOON)

    assert done == Handover.objects.filter(state="issued").count() == 4
    assert Event.objects.filter(kind="handover.issued").count() == 4


def test_a_survey_that_is_not_closed_or_tells_no_error_hands_over_nothing(world):
    campaign = survey(world, "start", SCORES, error=None)

    call = lambda: prepare_handovers(campaign, last_taught=LAST_TAUGHT, by=None, at=NOON)  # noqa: E731
    assert code_of(call) == "handover.campaign"


def test_parts_of_every_target_add_up_to_it_down_to_single_pupils(world, shared_out):
    targets = list(Target.objects.all())
    for target in targets:
        parts = [one for one in targets if one.parent_id == target.pk]
        if parts:
            assert sum(one.amount for one in parts) == target.amount
            assert sum(one.pupils for one in parts) == target.pupils
        if target.school_class_id:
            assert sum(target.aims) == target.amount
            assert len(target.pupil_ids) == target.pupils == 3
    assert [sum(bool(one.staff_id) for one in targets), len(targets)] == [6, 1 + 2 + 3 + 3 + 6]
    assert all(0 <= one.chance <= 1 for one in targets)


def test_goals_are_shared_out_once(world, shared_out):
    again = {"answer_by": date(2026, 10, 20), "by": None, "at": NOON}

    assert code_of(lambda: share_out_goals(world.year, [GOAL], **again)) == "target.again"


def test_nothing_is_shared_out_where_nothing_was_handed_over(world, handed):
    other = Goal("VAN", threshold=500, gain=0, rise=0.1)
    call = {"answer_by": date(2026, 10, 20), "by": None, "at": NOON}

    assert code_of(lambda: share_out_goals(world.year, [other], **call)) == "target.no_handover"


def test_a_holder_asks_for_another_amount_and_is_answered(world, shared_out):
    target = Target.objects.get(staff=world.teachers[0])
    teacher = make_user("teacher", world.schools[0], staff_code=world.teachers[0].code)
    stranger = make_user("teacher", world.schools[0])
    office = make_user("office", world.province)

    assert code_of(lambda: voices.agree_to_target(target.pk, by=stranger, at=NOON)) == "target.not_holder"
    asked = {"by": teacher, "at": NOON}
    assert code_of(lambda: voices.counter_target(target.pk, 1, " ", **asked)) == "target.no_reason"
    assert code_of(lambda: voices.counter_target(target.pk, 4, "x", **asked)) == "target.amount"
    voices.counter_target(target.pk, 1, "Hai em nghỉ nhiều", **asked)
    voices.keep_target(target.pk, "Đã tính số buổi nghỉ", by=office, at=NOON)
    voices.agree_to_target(target.pk, **asked)

    said = list(TargetVoice.objects.filter(target=target).values_list("kind", "amount"))
    assert said == [("countered", 1), ("proposed", target.amount), ("agreed", target.amount)]


def test_a_commitment_is_signed_by_its_holder_and_received_by_another(world, shared_out):
    commitments.draw_up(world.year, sign_by=date(2026, 10, 31), by=None, at=NOON)
    commitments.draw_up(world.year, sign_by=date(2026, 10, 31), by=None, at=NOON)
    assert Commitment.objects.count() == 6 + 3 + 3 + 2
    found = Commitment.objects.get(staff=world.teachers[0])
    teacher = make_user("teacher", world.schools[0], staff_code=world.teachers[0].code)
    head = make_user("principal", world.schools[0])

    sign = lambda by: commitments.sign_commitment(found.pk, "Phụ đạo chiều thứ ba", by=by, at=NOON)  # noqa: E731
    assert code_of(lambda: sign(head)) == "commitment.not_holder"
    sign(teacher)
    assert code_of(lambda: sign(teacher)) == "commitment.state"
    receive = lambda by: commitments.receive_commitment(found.pk, by=by, at=NOON)  # noqa: E731
    assert code_of(lambda: receive(teacher)) == "commitment.same_person"
    commitments.return_commitment(found.pk, "Nêu rõ biện pháp", by=head, at=NOON)
    sign(teacher)
    receive(head)

    found.refresh_from_db()
    assert (found.state, len(found.content), len(found.content_hash)) == ("in_force", 1, 64)
    target = Target.objects.get(staff=world.teachers[0])
    assert target.state == "signed"
    with pytest.raises(IntegrityError, match="target_signed_for_good"), transaction.atomic():
        Target.objects.filter(pk=target.pk).update(amount=target.amount + 1)
    with pytest.raises(IntegrityError, match="commitment_content_signed"), transaction.atomic():
        Commitment.objects.filter(pk=found.pk).update(content=[])


@pytest.fixture
def drawn_up(world, in_force):
    end = [600, 600, 600, *([None] * 3), *([100] * 3), *([500] * 9)]
    campaign = survey(world, "end", end)
    acceptances.draw_up_acceptances(campaign, {"TOAN": "toan"}, answer_by=date(2027, 5, 23), by=None, at=LATE)
    return campaign


def test_results_are_judged_by_what_they_can_carry(world, drawn_up):
    labels = {
        row.commitment.staff: row.results[0]["evidence"]
        for row in Acceptance.objects.exclude(commitment__staff=None).select_related("commitment__staff")
    }

    assert labels[world.teachers[0]] == "met"
    assert labels[world.teachers[1]] == "unknown"  # nobody of the class has a result: not missed
    assert labels[world.teachers[2]] in {"missed", "met"}
    school = Acceptance.objects.get(commitment__unit=world.schools[0], commitment__staff=None).results[0]
    assert (school["counted"], school["missing"], school["reached"]) == (6, 3, 3)


def test_who_left_the_class_counts_neither_way(world, in_force):
    gone = world.pupils[0]
    Enrolment.objects.filter(pupil=gone).update(
        days=DateRange(YEAR_STARTS, date(2027, 1, 10)), end="moved_away"
    )
    campaign = survey(world, "end", [None, *([600] * 17)])
    acceptances.draw_up_acceptances(campaign, {"TOAN": "toan"}, answer_by=date(2027, 5, 23), by=None, at=LATE)

    result = Acceptance.objects.get(commitment__staff=world.teachers[0]).results[0]
    assert (result["counted"], result["excepted"], result["missing"]) == (2, 1, 0)


def test_an_acceptance_is_concluded_disputed_and_signed(world, drawn_up):
    found = Acceptance.objects.get(commitment__staff=world.teachers[0])
    teacher = make_user("teacher", world.schools[0], staff_code=world.teachers[0].code)
    head = make_user("principal", world.schools[0])

    assert code_of(lambda: acceptances.sign_acceptance(found.pk, by=teacher, at=LATE)) == "acceptance.state"
    assert code_of(lambda: acceptances.conclude(found.pk, " ", by=head, at=LATE)) == "acceptance.no_reason"
    acceptances.conclude(found.pk, "Đạt", by=head, at=LATE)
    assert code_of(lambda: acceptances.sign_acceptance(found.pk, by=head, at=LATE)) == "acceptance.not_holder"
    dispute = lambda text: acceptances.dispute_acceptance(found.pk, text, by=teacher, at=LATE)  # noqa: E731
    assert code_of(lambda: dispute("")) == "acceptance.no_reason"
    dispute("Một em thi hộ")
    acceptances.conclude(found.pk, "Giữ nguyên", by=head, at=LATE)
    acceptances.sign_acceptance(found.pk, by=teacher, at=LATE)

    found.refresh_from_db()
    assert (found.state, found.closed_by) == ("closed", teacher)
    with pytest.raises(IntegrityError, match="acceptance_closed_for_good"), transaction.atomic():
        Acceptance.objects.filter(pk=found.pk).update(results=[])


counts = st.integers(0, 40)


@given(counts, counts, counts, st.floats(0, 5))
def test_missing_is_never_missed(counted, missing, reached, error):
    one = Outcome(counted, 0, min(missing, counted), counted, min(reached, counted), error)

    if one.missing > 0.2 * counted or not counted:
        assert one.evidence == Evidence.UNKNOWN
    elif one.reached >= one.amount:
        assert one.evidence == Evidence.MET
    else:
        assert one.evidence in {Evidence.WITHIN, Evidence.MISSED}


def test_the_pages_of_the_contract_speak_of_the_same_numbers(client, world, drawn_up, settings):
    settings.SECOND_FACTOR = False
    client.force_login(make_user("principal", world.schools[0], staff_code="x"))
    board = client.get("/chat-luong/").content.decode()
    assert "Kết luận nghiệm thu" in board
    for address in ("ban-giao", "cam-ket", "nghiem-thu"):
        page = client.get(f"/chat-luong/{address}/")
        assert page.status_code == 200
    pages = {
        "chi-tieu": Target.objects.filter(unit=world.schools[0], staff=None),
        "cam-ket": Commitment.objects.filter(unit=world.schools[0]),
        "nghiem-thu": Acceptance.objects.filter(commitment__unit=world.schools[0]),
        "ban-giao": Handover.objects.filter(school_class__school=world.schools[0]),
    }
    for address, rows in pages.items():
        for row in rows:
            assert client.get(f"/chat-luong/{address}/{row.pk}/").status_code == 200
    papers = ("ban-giao/{}/bien-ban/", "cam-ket/{}/ban-in/", "nghiem-thu/{}/bien-ban/")
    for paper, name in zip(papers, ("ban-giao", "cam-ket", "nghiem-thu"), strict=True):
        answer = client.get(f"/chat-luong/{paper.format(pages[name][0].pk)}")
        assert answer.content[:4] == b"%PDF"


def test_a_team_promises_to_its_school_by_name(client, world, in_force, settings):
    settings.SECOND_FACTOR = False
    client.force_login(make_user("principal", world.schools[0]))
    found = Commitment.objects.get(unit=world.teams[0])
    paper = commitment_paper(found, date(2026, 11, 1))

    assert paper.holder.endswith(f"{world.teams[0].name}, {world.schools[0].name}")
    assert paper.to == world.schools[0].name
    assert client.get(f"/chat-luong/cam-ket/{found.pk}/ban-in/?dang=docx").content[:2] == b"PK"


def test_what_nobody_was_measured_in_has_no_number_on_paper(world, in_force):
    Target.objects.update(field="NN")  # no pupil of the small world has a result in it
    paper = commitment_paper(Commitment.objects.get(unit=world.schools[0], staff=None), date(2026, 11, 1))

    assert [one.measured for one in paper.targets] == [None]
