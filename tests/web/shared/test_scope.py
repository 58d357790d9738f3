import pytest
from django.db import ProgrammingError, connection, transaction

from thucchat.web.org.models import Unit
from thucchat.web.people.models import Pupil, Staff
from thucchat.web.shared.scope import Scope, acting_for, enter_scope


def test_without_a_scope_no_row_is_seen(world):
    enter_scope(Scope(""))

    assert not Pupil.objects.exists()
    assert not Unit.objects.exists()


def test_a_school_sees_its_own_pupils_and_no_others(world):
    enter_scope(Scope(world.schools[0].unit_path))

    assert set(Pupil.objects.all()) == set(world.pupils[:6])
    assert set(Staff.objects.all()) == set(world.teachers[:2])


def test_a_teacher_sees_only_the_pupils_of_his_classes(world):
    enter_scope(Scope(world.schools[0].unit_path, [world.classes[1].unit_path]))

    assert set(Pupil.objects.all()) == set(world.pupils[3:6])


def test_the_units_above_are_seen_but_cannot_be_changed(world):
    enter_scope(Scope(world.schools[0].unit_path))

    assert set(Unit.objects.all()) == {world.province, world.districts[0], world.schools[0], world.teams[0]}
    assert Unit.objects.filter(pk=world.districts[0].pk).update(is_key=True) == 0


def test_a_row_cannot_be_written_outside_the_scope(world):
    enter_scope(Scope(world.schools[0].unit_path))

    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Pupil.objects.filter(pk=world.pupils[0].pk).update(unit_path=world.schools[2].unit_path)


def test_a_wider_scope_ends_with_its_block(world):
    enter_scope(Scope(world.schools[0].unit_path))
    with acting_for(Scope(world.districts[0].unit_path)):
        assert Pupil.objects.count() == 12

    assert Pupil.objects.count() == 6


def test_every_table_with_a_unit_path_is_locked(db):
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT c.relname FROM pg_class c
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'unit_path'
            WHERE c.relkind = 'r' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)""")
        assert cursor.fetchall() == []
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)
