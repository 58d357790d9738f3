from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.world import make_class, make_pupil
from thucchat.web.org.models import SchoolYear
from thucchat.web.people.actions.rollover import next_name, roll_over, studying_in
from thucchat.web.people.models import Enrolment, Pupil
from thucchat.web.shared.errors import RuleBroken


@pytest.fixture
def following(world) -> SchoolYear:
    return SchoolYear.objects.create(code="2027-2028", starts=date(2027, 9, 1), ends=date(2028, 8, 31))


def test_pupils_go_up_repeat_finish_or_leave(world, following):
    school = world.schools[0]
    top = make_class(school, world.year, "9A1", grade=9)
    leaver = make_pupil(top, "Giàng Thị Mỷ")
    stays, goes = world.pupils[0], world.pupils[1]

    done = roll_over(
        school, world.year, following, {stays.pk: "repeat", goes.pk: "dropout"}, reason="Hết năm"
    )

    assert (done.before, done.promoted, done.repeating, done.finished, done.left) == (7, 4, 1, 1, 1)
    places = {
        pupil.pk: (pupil.status, pupil.current_class and pupil.current_class.name)
        for pupil in Pupil.objects.filter(school=school).select_related("current_class")
    }
    assert places[stays.pk] == ("01", "6A1")
    assert places[goes.pk] == ("05", None)
    assert places[leaver.pk] == ("20", None)
    assert places[world.pupils[3].pk] == ("01", "7A2")


def test_a_second_run_finds_nobody_left(world, following):
    roll_over(world.schools[0], world.year, following, {}, reason="Hết năm")
    before = Enrolment.objects.count()

    again = roll_over(world.schools[0], world.year, following, {}, reason="Hết năm")

    assert again.before == 0
    assert Enrolment.objects.count() == before


def test_other_schools_are_left_alone(world, following):
    roll_over(world.schools[0], world.year, following, {}, reason="Hết năm")

    assert len(studying_in(world.schools[1], world.year)) == 6


@pytest.mark.parametrize(
    ("exceptions", "code"), [({0: "repeat"}, "stranger"), ({"first": "fail"}, "outcome")]
)
def test_what_cannot_be_is_refused(world, following, exceptions, code):
    chosen = {world.pupils[0].pk if key == "first" else key: value for key, value in exceptions.items()}
    with pytest.raises(RuleBroken) as broken:
        roll_over(world.schools[0], world.year, following, chosen, reason="Hết năm")
    assert broken.value.code == f"rollover.{code}"


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["promoted", "repeat", "dropout"]), min_size=6, max_size=6))
def test_nobody_is_lost_whatever_is_chosen(world, outcomes):
    from django.db import transaction

    following, _ = SchoolYear.objects.get_or_create(
        code="2027-2028", defaults={"starts": date(2027, 9, 1), "ends": date(2028, 8, 31)}
    )
    school, pupils = world.schools[0], world.pupils[:6]
    with transaction.atomic():
        done = roll_over(
            school,
            world.year,
            following,
            {p.pk: o for p, o in zip(pupils, outcomes, strict=True)},
            reason="Hết năm",
        )
        studying = Pupil.objects.filter(school=school, status="01").count()
        open_stays = Enrolment.objects.filter(pupil__in=pupils, days__upper_inf=True).count()
        transaction.set_rollback(True)

    assert done.before == 6 == done.promoted + done.repeating + done.finished + done.left
    assert studying == open_stays == 6 - outcomes.count("dropout")


@pytest.mark.parametrize(
    ("name", "grade", "then"),
    [("6A1", 6, "7A1"), ("10A10", 10, "11A10"), ("1A", 1, "2A"), ("Hoa Ban", 3, "Hoa Ban")],
)
def test_a_class_is_named_after_its_grade(name, grade, then):
    assert next_name(name, grade) == then
