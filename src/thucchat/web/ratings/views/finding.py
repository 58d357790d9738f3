"""The run or the rating that an address names, as far as the person may see it."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from thucchat.web.org.acting import ActingRequest
from thucchat.web.ratings.models import Rating, Run
from thucchat.web.ratings.permissions import ANSWERS, MAKES_RATINGS
from thucchat.web.ratings.queries.visible import ratings_visible_to


def open_runs(request: ActingRequest) -> "QuerySet[Run]":
    """Published runs; those that are not yet, to who makes them and answers for them."""
    if request.acting.is_one_of(MAKES_RATINGS | ANSWERS):
        return Run.objects.all()
    return Run.objects.filter(state=Run.State.PUBLISHED)


def run_of(request: ActingRequest, run_id: int) -> Run:
    rows = open_runs(request).select_related("rules__school_year", "campaign")
    return get_object_or_404(rows, pk=run_id)


def rating_of(request: ActingRequest, rating_id: int) -> Rating:
    rows = ratings_visible_to(request.acting, open_runs(request))
    rows = rows.select_related("run__rules", "unit", "staff")
    return get_object_or_404(rows, pk=rating_id)
