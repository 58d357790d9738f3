from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.models import F

from tests.web.world import make_user
from thucchat.web.ledger.models import Event
from thucchat.web.org.actions.units import move_unit
from thucchat.web.quality.actions import handovers as actions
from thucchat.web.quality.models import Handover, HandoverCorrection
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.scope import Scope, enter_scope

NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)
LATER = NOW + timedelta(days=8)


@pytest.fixture
def handover(world) -> Handover:
    school_class = world.classes[0]
    return Handover.objects.create(
        school_year=world.year, school_class=school_class, subject=world.subject, receiver=world.teachers[0],
        giver=world.teachers[1], source="Khảo sát đầu năm", pupils=[pupil.pk for pupil in world.pupils[:3]],
        scores=[350, None, 725], errors=[60, None, 55], bands=[2, None, 4], weak=["TOAN.6.1", "", ""],
        unit_path=school_class.unit_path,
    )  # fmt: skip


@pytest.fixture
def receiver(world):
    user = make_user("teacher", world.schools[0])
    user.staff_code = world.teachers[0].code
    user.save()
    return user


@pytest.fixture
def principal(world):
    return make_user("principal", world.schools[0])


@pytest.fixture
def issued(handover, principal) -> Handover:
    return actions.issue_handover(handover.pk, by=principal, at=NOW)


def test_the_receiver_accepts_within_a_week(issued, receiver):
    assert issued.answer_by == date(2026, 10, 8)

    actions.accept_handover(issued.pk, by=receiver, at=NOW)

    issued.refresh_from_db()
    assert (issued.state, issued.closed_at, issued.is_over) == ("accepted", NOW, True)


def test_the_limit_counts_vietnamese_days(handover, principal):
    early = datetime(2026, 10, 1, 18, tzinfo=UTC)  # one in the morning of the next day

    assert actions.issue_handover(handover.pk, by=principal, at=early).answer_by == date(2026, 10, 9)


def test_nobody_else_answers_for_the_receiver(issued, principal):
    for act in (actions.accept_handover, lambda pk, **who: actions.dispute_handover(pk, "sai", **who)):
        with pytest.raises(RuleBroken) as refusal:
            act(issued.pk, by=principal, at=NOW)
        assert refusal.value.code == "handover.not_receiver"


@pytest.mark.parametrize(("words", "at", "code"), [(" ", NOW, "no_reason"), ("Em A bị ốm", LATER, "late")])
def test_a_dispute_needs_grounds_and_comes_in_time(issued, receiver, words, at, code):
    with pytest.raises(RuleBroken) as refusal:
        actions.dispute_handover(issued.pk, words, by=receiver, at=at)
    assert refusal.value.code == f"handover.{code}"


def test_evidence_corrects_a_pupil_and_leaves_what_was_measured(issued, receiver, principal):
    pupil = issued.pupils[0]
    actions.dispute_handover(issued.pk, "Em làm bài lúc ốm, có giấy của trạm xá", by=receiver, at=NOW)
    actions.order_retest(issued.pk, by=principal, at=NOW)

    ruling = "Khảo sát lại ngày 5/10"
    actions.rule_on_handover(issued.pk, ruling, {pupil: (425, 60)}, by=principal, at=NOW)
    done = actions.accept_handover(issued.pk, by=receiver, at=LATER)

    assert (done.state, done.scores[0]) == ("accepted", 350)
    row = HandoverCorrection.objects.get()
    assert (row.pupil_id, row.score, row.error, row.evidence) == (pupil, 425, 60, ruling)


def test_a_ruling_without_corrections_upholds_the_state(issued, receiver, principal):
    actions.dispute_handover(issued.pk, "Điểm thấp hơn học bạ", by=receiver, at=NOW)

    done = actions.rule_on_handover(issued.pk, "Đã đối chiếu bài làm", {}, by=principal, at=NOW)

    assert done.state == "upheld"


@pytest.mark.parametrize(("ruling", "stranger", "code"), [(" ", False, "no_reason"), ("x", True, "stranger")])
def test_a_ruling_needs_grounds_and_pupils_of_the_act(
    world, issued, receiver, principal, ruling, stranger, code
):
    actions.dispute_handover(issued.pk, "Điểm thấp hơn học bạ", by=receiver, at=NOW)
    chosen = {world.pupils[5].pk: (500, 50)} if stranger else {}

    with pytest.raises(RuleBroken) as refusal:
        actions.rule_on_handover(issued.pk, ruling, chosen, by=principal, at=NOW)

    assert refusal.value.code == f"handover.{code}"
    assert not HandoverCorrection.objects.exists()


def test_what_nobody_answers_comes_into_force_after_its_limit(issued):
    assert actions.let_handovers_lapse(on=date(2026, 10, 8), at=LATER) == 0
    assert actions.let_handovers_lapse(on=date(2026, 10, 9), at=LATER) == 1

    issued.refresh_from_db()
    assert (issued.state, issued.closed_at) == ("lapsed", LATER)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"giver": F("receiver")}, "handover_two_people"),
        ({"share": 0}, "handover_share"),
        ({"state": "accepted", "answer_by": NOW.date()}, "handover_dated"),
        ({"state": "issued"}, "handover_has_limit"),
        ({"state": "disputed", "answer_by": NOW.date()}, "handover_objects_why"),
        ({"state": "upheld", "answer_by": NOW.date()}, "handover_ruled_why"),
        ({"scores": [350, None]}, "handover_one_entry_a_pupil"),
        ({"scores": [350, None, 1001]}, "handover_scale"),
        ({"bands": [0, None, 4]}, "handover_scale"),
    ],
)
def test_the_database_refuses(handover, change, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        Handover.objects.filter(pk=handover.pk).update(**change)


def test_the_state_as_issued_is_never_changed(issued):
    with pytest.raises((IntegrityError, InternalError), match="handover_state_as_measured"):
        Handover.objects.filter(pk=issued.pk).update(scores=[900, None, 725])


def test_corrections_are_only_ever_added(issued, receiver, principal):
    actions.dispute_handover(issued.pk, "Điểm thấp hơn học bạ", by=receiver, at=NOW)
    actions.rule_on_handover(issued.pk, "Kiểm tra", {issued.pupils[0]: (425, 60)}, by=principal, at=NOW)

    for statement in (
        "UPDATE quality_handovercorrection SET score = 900",
        "DELETE FROM quality_handovercorrection",
    ):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


def test_corrections_follow_a_school_that_moves(world, issued, receiver, principal):
    actions.dispute_handover(issued.pk, "Điểm thấp hơn học bạ", by=receiver, at=NOW)
    actions.rule_on_handover(issued.pk, "Kiểm tra", {issued.pupils[0]: (425, 60)}, by=principal, at=NOW)

    move_unit(world.schools[0], world.districts[1], on=date(2026, 12, 1), reason="Sắp xếp đơn vị")

    row = HandoverCorrection.objects.select_related("handover").get()
    assert row.unit_path == row.handover.unit_path
    assert row.unit_path.startswith(world.districts[1].unit_path)


def test_every_move_is_recorded_with_it(issued, receiver, principal):
    actions.dispute_handover(issued.pk, "Điểm thấp hơn học bạ", by=receiver, at=NOW)
    actions.rule_on_handover(issued.pk, "Đã đối chiếu", {}, by=principal, at=NOW)
    actions.let_handovers_lapse(on=date(2026, 12, 1), at=LATER)

    events = Event.objects.order_by("pk").values_list("kind", "subject_id", "actor_id")
    assert list(events) == [
        ("handover.issued", issued.pk, principal.pk),
        ("handover.disputed", issued.pk, receiver.pk),
        ("handover.upheld", issued.pk, principal.pk),
        ("handover.lapsed", issued.pk, None),
    ]


def test_a_refused_move_records_nothing(issued, principal):
    with pytest.raises(RuleBroken):
        actions.issue_handover(issued.pk, by=principal, at=NOW)

    assert Event.objects.count() == 1


def test_other_schools_see_nothing_of_it(world, issued):
    enter_scope(Scope(world.schools[1].unit_path))

    assert not Handover.objects.exists()
