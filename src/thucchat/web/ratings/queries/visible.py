"""Which ratings a person may see, of the runs that are open to him."""

from django.db.models import QuerySet

from thucchat.web.org.acting import Acting
from thucchat.web.ratings.models import Rating, Run
from thucchat.web.shared.scope import Scope, within


def ratings_visible_to(acting: Acting, runs: "QuerySet[Run]") -> "QuerySet[Rating]":
    """Of his unit and below, in `runs`; a teacher sees his own only."""
    rows = Rating.objects.filter(within(Scope(acting.scope.path)), run__in=runs)
    return rows.filter(staff__code=acting.user.staff_code or "-") if acting.scope.classes else rows
