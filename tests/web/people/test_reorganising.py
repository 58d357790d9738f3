from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.world import make_class, make_pupil, make_user
from thucchat.web.org.models import Grant, Succession, Unit
from thucchat.web.people.actions.reorganising import close_school, merge_school, split_school
from thucchat.web.people.models import Assignment, Enrolment, Posting, Pupil, SchoolClass, Staff
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.scope import below

TODAY, DAY = date(2026, 12, 1), date(2026, 11, 1)
DECISION = "QĐ 7/QĐ-UBND"


def merge(world, on=DAY):
    merge_school(world.schools[0], world.schools[1], on=on, today=TODAY, decision=DECISION)


def test_everybody_of_a_merged_school_goes_on_in_the_other(world):
    gone, into = world.schools[:2]
    left = make_pupil(world.classes[0], "Đã Thôi Học")
    Enrolment.objects.filter(pupil=left).update(days=(date(2026, 9, 1), date(2026, 10, 1)), end="dropout")
    Pupil.objects.filter(pk=left.pk).update(
        status="05", current_class=None, grade=None, unit_path=gone.unit_path
    )
    before = Pupil.objects.count(), Staff.objects.count(), Enrolment.objects.count()

    merge(world)

    assert (Pupil.objects.count(), Staff.objects.count(), Enrolment.objects.count()) == before
    for rows in (Pupil, SchoolClass, Enrolment, Assignment, Staff):
        assert not rows.objects.filter(below(gone.unit_path)).exists(), rows
    studying = Pupil.objects.filter(school=into, status="01").select_related("current_class")
    assert [pupil.current_class.school_id for pupil in studying] == [into.pk] * 12
    assert [pupil.unit_path for pupil in studying] == [pupil.current_class.unit_path for pupil in studying]
    assert Staff.objects.filter(unit=into).count() == 4
    assert Succession.objects.get().successor == into


def test_a_class_whose_name_is_taken_gets_a_number(world):
    merge(world)

    names = SchoolClass.objects.filter(school=world.schools[1]).values_list("name", flat=True)
    assert sorted(names) == ["6A1", "6A1 (2)", "6A2", "6A2 (2)"]


def end_the_year(world):
    world.year.ends = date(2026, 10, 1)
    world.year.save()


def test_classes_of_years_that_ended_stay_with_the_old_school(world):
    end_the_year(world)
    gone, into = world.schools[:2]
    finished = Pupil.objects.filter(school=gone)
    finished.update(status="20", current_class=None, grade=None, unit_path=gone.unit_path)

    merge(world)

    assert SchoolClass.objects.filter(school=gone).count() == 2
    assert Pupil.objects.filter(school=into, unit_path=into.unit_path).count() == 6


def test_pupils_not_yet_turned_to_the_next_year_keep_their_class_in_the_new_school(world):
    end_the_year(world)
    into = world.schools[1]

    merge(world)

    studying = Pupil.objects.filter(status="01", school=into).select_related("current_class")
    assert len(studying) == 12
    assert {(pupil.current_class.school_id, pupil.unit_path) for pupil in studying} == {
        (into.pk, pupil.current_class.unit_path) for pupil in studying
    }
    assert not Pupil.objects.filter(current_class__school=world.schools[0]).exists()


def test_a_long_name_that_is_taken_is_cut_to_make_room_for_the_number(world):
    for school_class in (world.classes[0], world.classes[2]):
        school_class.name = "Chuyên Văn Toán Tin"  # with a number it is longer than a name may be
        school_class.save()

    merge(world)

    names = SchoolClass.objects.filter(school=world.schools[1]).values_list("name", flat=True)
    assert {"Chuyên Văn Toán Tin", "Chuyên Văn Toán (2)"} <= set(names)


def test_where_staff_worked_before_stays_on_record(world):
    teacher, old = world.teachers[0], world.schools[0]
    Posting.objects.create(
        staff=teacher, unit=old, team=teacher.team, position="teacher",
        days=(date(2020, 8, 1), None), unit_path=old.unit_path,
    )  # fmt: skip

    merge(world)

    days = {row.unit_id: (row.days.lower, row.days.upper) for row in Posting.objects.filter(staff=teacher)}
    assert days == {old.pk: (date(2020, 8, 1), DAY), world.schools[1].pk: (DAY, None)}
    teacher.refresh_from_db()
    assert teacher.team == world.teams[0]
    assert Unit.objects.get(pk=world.teams[0].pk).parent == world.schools[1]


def test_teachers_keep_their_role_and_the_old_principal_does_not(world):
    teacher, principal = make_user("teacher", world.schools[0]), make_user("principal", world.schools[0])

    merge(world)

    assert Grant.objects.filter(user=teacher, unit=world.schools[1], valid_from=DAY).exists()
    assert not Grant.objects.filter(user=principal, unit=world.schools[1]).exists()


def test_a_merger_that_is_still_ahead_is_refused(world):
    with pytest.raises(RuleBroken) as refusal:
        merge(world, on=date(2027, 1, 1))
    assert refusal.value.code == "school.ahead"


VALUES = {"name": "Trường THCS Mới", "code": "new1", "school_type": "thcs", "levels": ["THCS"]}


def split(world, classes, staff):
    return split_school(
        world.schools[0], VALUES, classes=classes, staff=staff, on=DAY, today=TODAY, decision=DECISION
    )


def test_chosen_classes_and_staff_go_to_the_school_split_off(world):
    school, (stays, goes) = world.schools[0], world.classes[:2]

    part = split(world, [goes], [world.teachers[1]])

    assert set(SchoolClass.objects.filter(school=part)) == {goes}
    assert set(SchoolClass.objects.filter(school=school)) == {stays}
    assert Pupil.objects.filter(below(part.unit_path), school=part).count() == 3
    moved = Staff.objects.get(pk=world.teachers[1].pk)
    assert (moved.unit, moved.team, moved.unit_path) == (part, None, part.unit_path)
    assert Succession.objects.get().kind == "split"


def test_classes_and_staff_of_another_school_do_not_go_along(world):
    part = split(world, [world.classes[4]], [world.teachers[4]])

    assert not SchoolClass.objects.filter(school=part).exists()
    assert not Staff.objects.filter(unit=part).exists()


def test_a_school_with_people_in_it_is_not_closed(world):
    school = world.schools[0]
    with pytest.raises(RuleBroken, match="còn 6 học sinh đang học và 2 cán bộ"):
        close_school(school, on=DAY, decision=DECISION)

    Pupil.objects.filter(school=school).update(status="05", current_class=None, grade=None)
    Staff.objects.filter(unit=school).update(left_on=DAY)
    close_school(school, on=DAY, decision=DECISION)
    assert Unit.objects.get(pk=school.pk).closed_on == DAY


@pytest.fixture
def officer(world, settings) -> Client:
    settings.SECOND_FACTOR = False
    client = Client()
    client.force_login(make_user("office", world.province))
    return client


def test_the_page_merges_and_says_so(world, officer):
    school, into = world.schools[:2]
    facts = {"into": into.pk, "on": "2024-05-05", "decision": DECISION}
    make_class(school, world.year, "9A9", grade=9)

    answer = officer.post(reverse("people:school-merge", args=[school.pk]), facts, follow=True)

    assert "Đã ghi thay đổi." in answer.content.decode()
    assert SchoolClass.objects.filter(school=into, name="9A9").exists()


def test_the_page_splits_off_a_school(world, officer):
    page = reverse("people:school-split", args=[world.schools[0].pk])
    facts = VALUES | {"on": "2024-05-05", "decision": DECISION, "classes": [world.classes[1].pk]}

    taken = officer.post(page, facts | {"code": world.schools[1].code}).content.decode()
    assert "đã là của một đơn vị khác" in taken
    officer.post(page, facts)

    assert SchoolClass.objects.get(pk=world.classes[1].pk).school.name == "Trường THCS Mới"


def test_the_catalogue_of_subjects_names_periods(world, officer):
    page = officer.get(reverse("people:subjects")).content.decode()

    assert "THCS, chương trình 2018" in page
    assert ">140<" in page
