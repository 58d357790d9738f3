"""Reported figures: two persons, nothing changed afterwards, each in its unit."""

from datetime import UTC, datetime

import pytest
from django.db import ProgrammingError, transaction
from django.db.utils import IntegrityError

from tests.web.plans.planted import ALL, asked, published
from tests.web.world import make_unit, make_user
from thucchat.engine.planning.evaluation import Status
from thucchat.web.ledger.models import Event
from thucchat.web.plans.actions.figures import Report, confirm_figure, enter_figure, refuse_figure
from thucchat.web.plans.models import ReportedFigure
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.models import Change
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope

NOON = datetime(2027, 5, 20, 5, tzinfo=UTC)
SHARE = {"reached": 84, "of": 100}


@pytest.fixture
def officer(world):
    return make_user("office", world.province)


@pytest.fixture
def leader(world):
    return make_user("leader", world.province)


@pytest.fixture
def figure(world, officer):
    return entered(world, officer)


def entered(world, by, counts=SHARE, code="db24.accredited", unit=None) -> ReportedFigure:
    report = Report(ALL[code], world.year, unit or world.province, counts, "Báo cáo 12/BC-SGDĐT")
    return enter_figure(report, by=by, at=NOON)


def refused(call) -> str:
    with pytest.raises(RuleBroken) as refusal, transaction.atomic():
        call()
    return refusal.value.code


def test_a_figure_counts_once_another_person_has_confirmed_it(world, figure, officer, leader):
    assert asked("db24.accredited", world.province).status == Status.UNKNOWN
    assert "chờ một người khác xác nhận" in asked("db24.accredited", world.province).reason
    assert refused(lambda: confirm_figure(figure.pk, by=officer, at=NOON)) == "figure.two_people"
    assert refused(lambda: refuse_figure(figure.pk, "sai", by=officer, at=NOON)) == "figure.two_people"

    confirm_figure(figure.pk, by=leader, at=NOON)

    row = asked("db24.accredited", world.province)
    assert (row.status, row.value) == (Status.MET, "84 %")
    assert row.own.lines == (("Đạt trên tổng số", "84/100"), ("Căn cứ", "Báo cáo 12/BC-SGDĐT"))
    events = Event.objects.filter(subject_kind="plans.reportedfigure").order_by("pk")
    assert [(event.kind, event.actor_id) for event in events] == [
        ("figure.entered", officer.pk),
        ("figure.confirmed", leader.pk),
    ]
    assert '"counts":{"of":100,"reached":84}' in events[1].facts


def test_a_correction_is_a_new_figure_and_the_old_one_counts_until_it_is_confirmed(
    world, figure, officer, leader
):
    confirm_figure(figure.pk, by=leader, at=NOON)
    first = entered(world, officer, {"reached": 10, "of": 100})
    second = entered(world, officer, {"reached": 80, "of": 100})

    assert asked("db24.accredited", world.province).value == "84 %"
    confirm_figure(second.pk, by=leader, at=NOON)

    assert asked("db24.accredited", world.province).status == Status.NOT_MET
    states = dict(ReportedFigure.objects.values_list("pk", "state"))
    assert states == {figure.pk: "superseded", first.pk: "superseded", second.pk: "confirmed"}
    changes = Change.objects.filter(table="plans_reportedfigure", row_id=figure.pk, operation="U")
    assert [(one.before["state"], one.after["state"]) for one in changes.order_by("pk")] == [
        ("entered", "confirmed"),
        ("confirmed", "superseded"),
    ]


def test_a_refused_figure_says_why_and_counts_for_nothing(world, figure, leader):
    assert refused(lambda: refuse_figure(figure.pk, " ", by=leader, at=NOON)) == "figure.why"

    refuse_figure(figure.pk, "Thiếu 3 trường", by=leader, at=NOON)

    assert asked("db24.accredited", world.province).status == Status.UNKNOWN
    assert refused(lambda: confirm_figure(figure.pk, by=leader, at=NOON)) == "figure.state"


@pytest.mark.parametrize(
    ("code", "counts", "evidence", "refusal"),
    [
        ("db24.start-survey", SHARE, "x", "computed"),
        ("db24.district-gap", SHARE, "x", "computed"),
        ("mn24.prizes", SHARE, "x", "level"),
        ("sl20.mock-exams", SHARE, "x", "level"),
        ("db24.accredited", SHARE, " ", "evidence"),
        ("db24.accredited", {"reached": 2, "of": 1}, "x", "share"),
    ],
)
def test_what_cannot_be_reported_is_refused(world, officer, code, counts, evidence, refusal):
    report = Report(ALL[code], world.year, world.province, counts, evidence)

    assert refused(lambda: enter_figure(report, by=officer, at=NOON)) == f"figure.{refusal}"


def test_the_database_keeps_what_was_entered(figure, officer):
    rows = ReportedFigure.objects.filter(pk=figure.pk)
    for change in ({"counts": {"reached": 100, "of": 100}}, {"evidence": "y"}, {"entered_by": None}):
        with pytest.raises(IntegrityError, match="figure_as_entered"), transaction.atomic():
            rows.update(**change)
    answered = {"state": "confirmed", "answered_at": NOON}
    with pytest.raises(IntegrityError, match="figure_two_people"), transaction.atomic():
        rows.update(**answered, answered_by=officer)
    with pytest.raises(IntegrityError, match="figure_answered"), transaction.atomic():
        rows.update(state="confirmed")
    with pytest.raises(IntegrityError, match="figure_why_not"), transaction.atomic():
        rows.update(**answered | {"state": "refused"})
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        rows.delete()


def test_figures_of_schools_add_up_over_the_province(world, leader):
    upper = [
        make_unit("school", f"Trường THPT {name}", world.province, school_type="thpt", levels=["THPT"])
        for name in "ABC"
    ]
    for school, counts in zip(upper, ({"reached": 1, "of": 1}, {"reached": 0, "of": 1}), strict=False):
        principal = make_user("principal", school)
        confirm_figure(entered(world, principal, counts, "sl20.mock-exams", school).pk, by=leader, at=NOON)

    row = asked("sl20.mock-exams", world.province)

    assert row.below == {Status.MET: 1, Status.NOT_MET: 1, Status.UNKNOWN: 1}
    assert row.reason == "Trong 3 đơn vị: 1 đơn vị đạt, 1 chưa đạt, 1 chưa đủ số liệu."


def test_a_district_fills_in_what_the_published_ratings_leave_open(world, leader):
    south = world.districts[1]
    make_unit("school", "Trường Tiểu học", south, school_type="th", levels=["TH"])
    published(world, [(world.schools[2], 1)])
    made = entered(
        world, make_user("district", south), {"reached": 2, "of": 2}, "db24.ranked-by-district", south
    )
    assert asked("db24.ranked-by-district", south).status == Status.UNKNOWN

    confirm_figure(made.pk, by=leader, at=NOON)

    assert asked("db24.ranked-by-district", south).status == Status.MET


def test_another_unit_neither_sees_nor_writes_a_figure(world, leader):
    north, south = world.districts
    code = "mn24.district-subjects"
    counts = dict.fromkeys(ALL[code].members, 1)
    made = entered(world, make_user("district", south), counts, code, south)
    enter_scope(Scope(north.unit_path))

    assert not ReportedFigure.objects.exists()
    with pytest.raises(ReportedFigure.DoesNotExist):
        confirm_figure(made.pk, by=leader, at=NOON)
    enter_scope(Scope(WHOLE_PROVINCE))
    assert ReportedFigure.objects.get().state == "entered"
