"""Schools merge, split and close, and nobody is lost: all go where the decision says."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import chain, count
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from thucchat.web.org.actions.roles import carry_roles
from thucchat.web.org.actions.units import close_unit, merge_units, move_subtrees, move_unit, split_off
from thucchat.web.org.models import Unit
from thucchat.web.people.models import Pupil, SchoolClass, Staff
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.history import because

END_POSTINGS = """
UPDATE people_posting SET days = daterange(lower(days), %(on)s)
WHERE staff_id = ANY (%(staff)s) AND upper_inf(days) AND lower(days) < %(on)s
"""
BEGIN_POSTINGS = """
INSERT INTO people_posting (staff_id, unit_id, team_id, position, days, unit_path)
SELECT id, unit_id, team_id, position, daterange(%(on)s, NULL), unit_path FROM people_staff s
WHERE id = ANY (%(staff)s) AND NOT EXISTS (
    SELECT FROM people_posting p WHERE p.staff_id = s.id AND upper_inf(p.days) AND p.unit_id = s.unit_id)
"""


@transaction.atomic
def merge_school(school: Unit, into: Unit, *, on: date, today: date, decision: str) -> None:
    """Close `school` on `on`; its teams, classes, pupils and staff go on in `into`.

    Raises RuleBroken: `school.ahead`, `unit.kinds`, `unit.closed`.
    """
    _not_ahead(on, today)
    merge_units([school], into, on=on, decision=decision)
    with because(decision):
        for team in Unit.objects.open_on(on).filter(parent=school, kind=Unit.Kind.TEAM):
            move_unit(team, into, on=on, reason=decision)
        # A class whose year has ended goes along while pupils not yet turned to the next year sit in it.
        seated = Pupil.objects.filter(school=school).values("current_class")
        alive = Q(school_year__ends__gte=on) | Q(pk__in=seated)
        _move_classes(SchoolClass.objects.filter(alive, school=school), into)
        _move_staff(Staff.objects.filter(unit=school, left_on=None), into, on)
        # Those who finished or left are asked for there, too.
        without_class = Pupil.objects.filter(school=school, current_class=None)
        without_class.update(school=into, unit_path=into.unit_path)
        carry_roles(school, into, on=on)


@transaction.atomic
def split_school(
    school: Unit,
    values: Mapping[str, Any],
    *,
    classes: Sequence[SchoolClass],
    staff: Sequence[Staff],
    on: date,
    today: date,
    decision: str,
) -> Unit:
    """Found a school beside `school`; the chosen classes with their pupils, and the chosen staff, go there.

    Raises RuleBroken: `school.ahead`.
    """
    _not_ahead(on, today)
    part = split_off(school, dict(values), on=on, decision=decision)
    with because(decision):
        _move_classes(SchoolClass.objects.filter(pk__in=[row.pk for row in classes], school=school), part)
        chosen = Staff.objects.filter(pk__in=[row.pk for row in staff], unit=school)
        chosen.update(team=None)  # teams stay with the old school
        _move_staff(chosen, part, on)
    return part


@transaction.atomic
def close_school(school: Unit, *, on: date, decision: str) -> None:
    """End a school in which nobody is left. Raises RuleBroken: `school.not_empty`, `unit.closed`."""
    pupils = Pupil.objects.filter(school=school, status=Pupil.Status.STUDYING).count()
    staff = Staff.objects.filter(unit=school, left_on=None).count()
    if pupils or staff:
        message = (
            f"“{school.name}” còn {pupils} học sinh đang học và {staff} cán bộ, giáo viên. "
            "Hãy sáp nhập trường, hoặc chuyển mọi người đi trước."
        )
        raise RuleBroken("school.not_empty", message)
    close_unit(school, on=on, decision=decision)


def _not_ahead(on: date, today: date) -> None:
    if on > today:
        message = f"Ngày {on:%d/%m/%Y} chưa tới; hãy ghi khi quyết định có hiệu lực."
        raise RuleBroken("school.ahead", message)


def _move_classes(rows: "QuerySet[SchoolClass]", into: Unit) -> None:
    """Put classes, and all that hangs on them, under another school; a name taken there gets a number."""
    taken = set(SchoolClass.objects.filter(school=into).values_list("school_year", "name"))
    moves, keys = [], []
    for row in rows:
        row.name = _free_name(row, taken)
        taken.add((row.school_year_id, row.name))
        moves.append((row.unit_path, f"{into.unit_path}c{row.pk}/"))
        keys.append(row.pk)
        row.school = into
        row.save(update_fields=["school", "name", "sort_key"])
    Pupil.objects.filter(current_class__in=keys).update(school=into)
    move_subtrees(moves)


def _free_name(row: SchoolClass, taken: set[tuple[str, str]]) -> str:
    longest = SchoolClass._meta.get_field("name").max_length or 0  # noqa: SLF001  Django's documented door
    endings = (f" ({number})" for number in count(2))
    numbers = (row.name[: longest - len(ending)].rstrip() + ending for ending in endings)
    return next(name for name in chain([row.name], numbers) if (row.school_year_id, name) not in taken)


def _move_staff(rows: "QuerySet[Staff]", into: Unit, on: date) -> None:
    """Staff work at `into` from `on`; where they worked before stays on record."""
    keys = list(rows.values_list("pk", flat=True))
    Staff.objects.filter(pk__in=keys).update(unit=into, unit_path=into.unit_path)
    with connection.cursor() as cursor:
        for statement in (END_POSTINGS, BEGIN_POSTINGS):
            cursor.execute(statement, {"on": on, "staff": keys})
