"""What a user may see of pupils, staff and classes: the first lock, before the database's own."""

from datetime import date

from django.db.models import QuerySet

from thucchat.web.org.acting import Acting
from thucchat.web.org.models import SchoolYear
from thucchat.web.people.models import Pupil, SchoolClass, Staff
from thucchat.web.shared.scope import below, within


def pupils_visible_to(acting: Acting) -> "QuerySet[Pupil]":
    return Pupil.objects.filter(within(acting.scope))


def classes_visible_to(acting: Acting) -> "QuerySet[SchoolClass]":
    return SchoolClass.objects.filter(within(acting.scope))


def staff_visible_to(acting: Acting) -> "QuerySet[Staff]":
    """Colleagues of the school, too, for those whose classes are listed."""
    return Staff.objects.filter(below(acting.scope.path))


def year_of(day: date) -> SchoolYear | None:
    """The school year of a day; in a gap between two, the one that ended last."""
    return years_begun(day).first()


def years_begun(day: date) -> "QuerySet[SchoolYear]":
    """School years that had begun by `day`, the latest first."""
    return SchoolYear.objects.filter(starts__lte=day).order_by("-starts")
