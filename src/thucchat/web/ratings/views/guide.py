"""A school year in ten minutes: every step of the loop with its numbers, and the way to each."""

from django.http import HttpResponse
from django.shortcuts import render

from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.ratings.permissions import SEES_RATINGS
from thucchat.web.ratings.queries.year import recovered_of, steps_of


@requires(SEES_RATINGS)
def year(request: ActingRequest) -> HttpResponse:
    return render(
        request, "ratings/year.html", {"steps": steps_of(request.acting), "recovered": recovered_of()}
    )
