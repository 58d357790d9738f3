"""The figures at the head of a unit's page."""

from dataclasses import dataclass

from django.db.models import Count, Q

from thucchat.web.org.acting import Acting
from thucchat.web.org.models import Unit
from thucchat.web.people.models import Pupil
from thucchat.web.people.queries.visible import (
    classes_visible_to,
    pupils_visible_to,
    staff_visible_to,
    year_of,
)
from thucchat.web.shared.scope import below


@dataclass(frozen=True, slots=True)
class Overview:
    """How many of what there are in the user's sight today."""

    schools: int
    classes: int
    pupils: int
    girls: int
    minority: int
    staff: int


def overview_of(acting: Acting) -> Overview:
    """Counts of the user's own scope, in four queries at any size."""
    pupils = (
        pupils_visible_to(acting)
        .filter(status=Pupil.Status.STUDYING)
        .aggregate(
            all=Count("pk"),
            girls=Count("pk", filter=Q(sex="02")),
            minority=Count("pk", filter=~Q(ethnic__in=("01", "", "55"))),
        )
    )
    schools = Unit.objects.open_on(acting.day).filter(below(acting.scope.path), kind=Unit.Kind.SCHOOL)
    return Overview(
        schools=schools.count(),
        classes=classes_visible_to(acting).filter(school_year=year_of(acting.day)).count(),
        pupils=pupils["all"],
        girls=pupils["girls"],
        minority=pupils["minority"],
        staff=staff_visible_to(acting).filter(left_on=None).count(),
    )
