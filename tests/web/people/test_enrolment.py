from datetime import date

import pytest
from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateRange

from thucchat.web.people.actions.enrolment import admit_pupil, let_pupil_go, transfer_pupil
from thucchat.web.people.models import Enrolment, Pupil
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.scope import Scope, enter_scope

DAY = date(2026, 11, 3)
WHY = "Theo gia đình"


def test_a_pupil_moves_to_a_school_that_the_old_one_cannot_see(world):
    pupil, target = world.pupils[0], world.classes[4]
    enter_scope(Scope(world.schools[0].unit_path))

    transfer_pupil(pupil.pk, target.code, on=DAY, reason=WHY)

    assert not Pupil.objects.filter(pk=pupil.pk).exists()
    enter_scope(Scope(world.schools[2].unit_path))
    moved = Pupil.objects.get(pk=pupil.pk)
    assert (moved.school, moved.current_class, moved.unit_path) == (
        world.schools[2],
        target,
        target.unit_path,
    )
    enter_scope(Scope("1/"))
    stays = list(Enrolment.objects.filter(pupil=pupil).values_list("days", "start", "end"))
    assert stays == [
        (DateRange(date(2026, 9, 1), DAY), "new", "moved_away"),
        (DateRange(DAY, None), "moved_in", ""),
    ]


@pytest.mark.parametrize(
    ("code", "on", "refusal"),
    [
        ("không-có", DAY, "no_class"),
        ("own", DAY, "same"),
        ("other", date(2026, 9, 1), "day"),
        ("other", date(2028, 1, 1), "year"),
    ],
)
def test_a_transfer_that_cannot_be_is_refused_and_changes_nothing(world, code, on, refusal):
    codes = {"own": world.classes[0].code, "other": world.classes[2].code}

    with pytest.raises(RuleBroken) as broken:
        transfer_pupil(world.pupils[0].pk, codes.get(code, code), on=on, reason=WHY)

    assert broken.value.code == f"transfer.{refusal}"
    assert Enrolment.objects.filter(pupil=world.pupils[0]).count() == 1


def test_a_pupil_who_left_can_be_admitted_by_two_facts(world):
    pupil = world.pupils[0]
    let_pupil_go(pupil.pk, on=DAY, reason=WHY)
    enter_scope(Scope(world.schools[2].unit_path))
    target = world.classes[4]

    with pytest.raises(RuleBroken) as broken:
        admit_pupil(target, pupil.code, date(2000, 1, 1), on=date(2027, 1, 5), reason=WHY)
    admitted = admit_pupil(target, pupil.code, pupil.born_on, on=date(2027, 1, 5), reason=WHY)

    assert broken.value.code == "admit.unknown"
    assert (admitted.current_class, admitted.status) == (target, Pupil.Status.STUDYING)


def test_one_who_studies_elsewhere_is_not_taken(world):
    with pytest.raises(RuleBroken) as broken:
        admit_pupil(world.classes[4], world.pupils[0].code, world.pupils[0].born_on, on=DAY, reason=WHY)
    assert broken.value.code == "admit.studying"


def test_a_pupil_sits_in_one_class_a_day(world):
    with pytest.raises(IntegrityError, match="enrolment_one_a_day"):
        Enrolment.objects.create(
            pupil=world.pupils[0],
            school_class=world.classes[1],
            days=DateRange(DAY, None),
            start="new",
            unit_path="1/",
        )


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"status": "05", "grade": None}, "pupil_studies_in_class"),
        ({"grade": None}, "pupil_grade_while_studying"),
        ({"personal_id": "123"}, "pupil_personal_id"),
    ],
)
def test_the_database_refuses(world, change, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        Pupil.objects.filter(pk=world.pupils[0].pk).update(**change)
