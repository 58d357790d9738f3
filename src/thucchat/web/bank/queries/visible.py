"""Which rows of the bank a person may see."""

from django.db.models import Q, QuerySet

from thucchat.web.bank.models import Item, Proposal
from thucchat.web.org.acting import Acting
from thucchat.web.shared.scope import Scope, within


def items_visible_to(acting: Acting) -> "QuerySet[Item]":
    """Items of his unit and below, and those shared with the whole province."""
    return Item.objects.filter(within(_unit(acting)) | Q(is_shared=True))


def own_items(acting: Acting) -> "QuerySet[Item]":
    """Items of his unit and below: those he may change."""
    return Item.objects.filter(within(_unit(acting)))


def proposals_visible_to(acting: Acting) -> "QuerySet[Proposal]":
    """Proposals of his unit and below."""
    return Proposal.objects.filter(within(_unit(acting)))


def _unit(acting: Acting) -> Scope:
    """Papers belong to a unit, not to a class: a teacher's classes do not narrow them."""
    return Scope(acting.scope.path)
