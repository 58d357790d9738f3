"""Which rows of the contract of quality a person may see."""

from django.db.models import Q, QuerySet

from thucchat.web.org.acting import Acting
from thucchat.web.org.models import Role
from thucchat.web.quality.models import Acceptance, Commitment, Handover, Review, ReviewAction, Target
from thucchat.web.shared.scope import Scope, within


def handovers_visible_to(acting: Acting) -> "QuerySet[Handover]":
    """Handovers of his classes, or of his unit and below."""
    return Handover.objects.filter(within(acting.scope))


def targets_visible_to(acting: Acting) -> "QuerySet[Target]":
    """Targets of his classes, or of his unit and below."""
    return Target.objects.filter(within(acting.scope))


def commitments_visible_to(acting: Acting) -> "QuerySet[Commitment]":
    """Commitments of his unit and below; a teacher sees his own only, a team head those of his team."""
    rows = Commitment.objects.filter(within(Scope(acting.scope.path)))
    if acting.role == Role.TEAM_HEAD:
        return rows.filter(_own(acting) | Q(staff__team=acting.unit) | Q(unit=acting.unit))
    return rows.filter(_own(acting)) if acting.scope.classes else rows


def _own(acting: Acting) -> Q:
    return Q(staff__code=acting.user.staff_code or "-")


def acceptances_visible_to(acting: Acting) -> "QuerySet[Acceptance]":
    """Acceptances of the commitments he may see."""
    return Acceptance.objects.filter(commitment__in=commitments_visible_to(acting))


def reviews_visible_to(acting: Acting) -> "QuerySet[Review]":
    """Reviews of his unit and below."""
    return Review.objects.filter(within(Scope(acting.scope.path)))


def actions_visible_to(acting: Acting) -> "QuerySet[ReviewAction]":
    """Actions of the reviews he may see."""
    return ReviewAction.objects.filter(within(Scope(acting.scope.path)))
