"""Who teaches whom."""

from datetime import date

from django.db.models import Q

from thucchat.web.org.models import Grant, Role
from thucchat.web.people.models import Assignment, SchoolClass
from thucchat.web.shared.scope import NO_CLASS, Scope


def scope_of(grant: Grant, day: date) -> Scope:
    """What the holder of `grant` may see on `day`: a teacher his classes, a team head also his team.

    The scope of the school must have been entered.
    """
    path = grant.unit.unit_path
    if grant.role == Role.TEACHER:
        return Scope(path, class_paths(Q(staff__code=grant.user.staff_code), day) or [NO_CLASS])
    if grant.role == Role.TEAM_HEAD:
        return Scope(grant.unit.school_path, [path, *class_paths(Q(staff__team=grant.unit_id), day)])
    return Scope(path)


def class_paths(teachers: Q, day: date) -> list[str]:
    """Paths of the classes that `teachers` (a condition on assignments) teach or head on `day`."""
    taught = Assignment.objects.filter(teachers, days__contains=day).values_list("unit_path", flat=True)
    headed = _homerooms(teachers, day)
    return sorted({*taught, *headed})


def _homerooms(teachers: Q, day: date) -> list[str]:
    conditions = {name.replace("staff__", "homeroom__", 1): value for name, value in teachers.children}  # type: ignore[misc]  # our conditions are flat
    return list(
        SchoolClass.objects.filter(
            school_year__starts__lte=day, school_year__ends__gte=day, **conditions
        ).values_list("unit_path", flat=True)
    )
