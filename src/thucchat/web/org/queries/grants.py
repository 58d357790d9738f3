"""Which roles a person holds on a day."""

from datetime import date

from django.db.models import Q

from thucchat.web.org.models import Grant, User


def grants_on(user: User, day: date) -> list[Grant]:
    """The roles `user` holds on `day` in units that exist then, oldest first."""
    return list(
        Grant.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), user=user, valid_from__lte=day)
        .exclude(unit__closed_on__lte=day)
        .select_related("unit")
    )
