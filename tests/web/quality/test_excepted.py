"""Who does not count stands in the minute by name, with the reason and its evidence."""

from datetime import date

import pytest

from tests.web.quality.test_shocks import ILL, accept
from tests.web.quality.year import NOON
from tests.web.world import make_user
from thucchat.web.people.models import Enrolment, Pupil
from thucchat.web.quality.actions import exemptions
from thucchat.web.quality.models import Acceptance, Commitment
from thucchat.web.quality.queries.excepted import HIDDEN, UNKNOWN, excepted_pupils
from thucchat.web.quality.queries.papers import acceptance_minute
from thucchat.web.shared.scope import Scope, enter_scope

SURVEYED, LEFT = date(2027, 4, 20), date(2027, 1, 5)


@pytest.fixture
def commitment(world, in_force) -> Commitment:
    return Commitment.objects.get(staff=world.teachers[0])


def own(commitment: Commitment) -> Acceptance:
    return Acceptance.objects.get(commitment=commitment)


def leave(pupil: Pupil) -> None:
    row = pupil.enrolments.get(days__upper_inf=True)
    row.days, row.end = (row.days.lower, LEFT), Enrolment.End.MOVED_AWAY
    row.save()


def test_an_agreed_exception_stands_before_who_has_left(world, commitment):
    teacher = make_user("teacher", world.schools[0], staff_code=world.teachers[0].code)
    principal = make_user("principal", world.schools[0])
    ill, gone, asked = world.pupils[:3]
    for pupil in (ill, asked):
        made = exemptions.ask_exemption(commitment.pk, pupil, ILL, by=teacher, at=NOON)
        if pupil == ill:
            exemptions.agree_exemption(made.pk, by=principal, at=NOON)
    leave(gone)

    accept(world)
    first, second = acceptance_minute(own(commitment)).exceptions

    assert (first.name, first.reason, first.evidence) == (ill.full_name, "Ốm dài ngày", "Giấy ra viện 12/3")
    assert (second.name, second.reason) == (gone.full_name, Enrolment.End.MOVED_AWAY.label)
    assert second.evidence == "Danh sách lớp, ngày 05/01/2027"
    assert own(commitment).results[0]["excepted"] == 2


def test_of_a_unit_no_pupil_is_named(world, commitment):
    leave(world.pupils[1])
    accept(world)
    school = Acceptance.objects.get(commitment__unit=world.schools[0], commitment__staff=None)

    assert excepted_pupils(school, SURVEYED) == ()


def test_a_name_of_another_school_is_hidden_and_a_missing_reason_is_told(world, commitment):
    accept(world)
    gone = world.pupils[0]
    gone.enrolments.all().delete()
    other = world.schools[2]
    Pupil.objects.filter(pk=gone.pk).update(school=other, unit_path=other.unit_path)

    enter_scope(Scope(world.schools[0].unit_path))
    (found,) = excepted_pupils(own(commitment), SURVEYED)

    assert (found.name, found.reason, found.evidence) == (HIDDEN, *UNKNOWN)
