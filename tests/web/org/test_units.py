from datetime import date

import pytest
from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateRange

from tests.web.world import make_school, make_unit
from thucchat.web.org.actions import units as actions
from thucchat.web.org.models import Succession, Unit, UnitSpell
from thucchat.web.people.models import Pupil, SchoolClass
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.models import Change
from thucchat.web.shared.scope import below

DAY = date(2026, 7, 1)


def test_a_renamed_unit_keeps_its_old_name_for_the_days_it_bore_it(world):
    school = world.schools[0]

    actions.edit_unit(school, {"name": "Trường THCS Mới"}, on=DAY, reason="Quyết định 12/QĐ-UBND")

    names = list(UnitSpell.objects.filter(unit=school).order_by("days").values_list("name", "days"))
    assert names == [
        ("Trường THCS 0", DateRange(date(2010, 1, 1), DAY)),
        ("Trường THCS Mới", DateRange(DAY, None)),
    ]
    change = Change.objects.filter(table="org_unit", row_id=school.pk, operation="U").first()
    assert change.reason == "Quyết định 12/QĐ-UBND"


def test_everything_below_a_moved_unit_follows(world):
    school, target = world.schools[0], world.districts[1]

    actions.move_unit(school, target, on=DAY, reason="Sắp xếp đơn vị")

    school.refresh_from_db()
    assert school.unit_path == f"{target.unit_path}{school.pk}/"
    assert Pupil.objects.filter(below(school.unit_path)).count() == 6
    assert SchoolClass.objects.filter(below(school.unit_path)).count() == 2
    assert (
        not Pupil.objects.filter(below(world.districts[0].unit_path))
        .exclude(school=world.schools[1])
        .exists()
    )


def test_a_unit_cannot_be_put_under_itself(world):
    with pytest.raises(RuleBroken) as refusal:
        actions.move_unit(world.districts[0], world.schools[0], on=DAY, reason="nhầm")
    assert refusal.value.code == "unit.under_itself"


def test_a_merged_school_is_closed_and_names_its_successor(world):
    gone, into = world.schools[:2]

    actions.merge_units([gone], into, on=DAY, decision="QĐ 7/2026")

    gone.refresh_from_db()
    assert gone.closed_on == DAY
    assert Succession.objects.get().successor == into
    with pytest.raises(RuleBroken) as refusal:
        actions.close_unit(gone, on=DAY, decision="QĐ 8/2026")
    assert refusal.value.code == "unit.closed"


def test_what_was_decided_for_later_falls_away_with_a_closed_unit(world):
    gone, later = world.schools[0], date(DAY.year + 1, 7, 1)
    spell = UnitSpell.objects.get(unit=gone)
    spell.days = DateRange(spell.days.lower, later)
    spell.save()
    UnitSpell.objects.create(
        unit=gone, parent=world.districts[1], name=gone.name, days=DateRange(later, None),
        unit_path=gone.unit_path,
    )  # fmt: skip

    actions.close_unit(gone, on=DAY, decision="QĐ 7/2026")

    assert [one.days.upper for one in UnitSpell.objects.filter(unit=gone)] == [DAY]


def test_units_of_two_kinds_do_not_merge(world):
    with pytest.raises(RuleBroken) as refusal:
        actions.merge_units([world.schools[0]], world.districts[0], on=DAY, decision="QĐ 7/2026")
    assert refusal.value.code == "unit.kinds"


def test_a_part_split_off_stands_beside_the_rest(world):
    values = {"name": "Trường THCS Phân hiệu", "code": "new1", "school_type": "thcs", "levels": ["THCS"]}

    part = actions.split_off(world.schools[0], values, on=DAY, decision="QĐ 9/2026")

    assert part.parent == world.districts[0]
    assert part.unit_path == f"{world.districts[0].unit_path}{part.pk}/"
    assert part.origins.get().predecessor == world.schools[0]


def test_the_tree_turns_on_the_day_a_reorganisation_counts(world):
    commune = make_unit("commune", "UBND xã Mới", world.province)
    for school in world.schools[:2]:
        UnitSpell.objects.filter(unit=school).update(days=DateRange(date(2010, 1, 1), DAY))
        UnitSpell.objects.create(
            unit=school,
            parent=commune,
            name=school.name,
            days=DateRange(DAY, None),
            unit_path=school.unit_path,
        )

    assert actions.bring_tree_to(date(2026, 6, 30)) == 0
    assert actions.bring_tree_to(DAY) == 2
    assert actions.bring_tree_to(DAY) == 0

    assert Pupil.objects.filter(below(commune.unit_path)).count() == 12
    assert not Pupil.objects.filter(below(world.districts[0].unit_path)).exists()
    assert Unit.objects.get(pk=world.teams[0].pk).unit_path.startswith(commune.unit_path)


def test_a_unit_has_one_parent_a_day(world):
    with pytest.raises(IntegrityError, match="unit_spell_one_a_day"):
        UnitSpell.objects.create(
            unit=world.schools[0],
            parent=world.districts[1],
            name="x",
            days=DateRange(DAY, None),
            unit_path="1/",
        )


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"closed_on": date(2009, 1, 1)}, "closed_later"),
        ({"school_type": ""}, "school_type"),
        ({"parent": None}, "parent"),
        ({"unit_path": "1/2"}, "path_form"),
    ],
)
def test_the_database_refuses(world, change, constraint):
    with pytest.raises(IntegrityError, match=f"unit_{constraint}"):
        Unit.objects.filter(pk=world.schools[0].pk).update(**change)


def test_schools_sort_as_a_reader_expects(world):
    for name in ("Trường Đoàn Kết", "Trường Ảng Nưa", "Trường Dào San"):
        make_school(name, world.districts[1])

    names = Unit.objects.filter(parent=world.districts[1], name__startswith="Trường").exclude(
        name__contains="THCS"
    )
    assert [unit.name for unit in names] == ["Trường Ảng Nưa", "Trường Dào San", "Trường Đoàn Kết"]
