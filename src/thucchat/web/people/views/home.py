"""The first page after signing in."""

from django.http import HttpResponse
from django.shortcuts import render

from thucchat.web.org.acting import ActingRequest, StaffRequest, public, requires
from thucchat.web.org.permissions import EVERYONE
from thucchat.web.people.queries.overview import overview_of
from thucchat.web.people.queries.visible import classes_visible_to, year_of
from thucchat.web.shared.models import Work


@requires(EVERYONE)
def home(request: ActingRequest) -> HttpResponse:
    acting = request.acting
    own = classes_visible_to(acting).filter(school_year=year_of(acting.day)) if acting.scope.classes else None
    context = {
        "overview": overview_of(acting),
        "classes": own.select_related("homeroom") if own is not None else None,
        "year": year_of(acting.day),
        "works": Work.objects.filter(owner=request.user)[:5],
    }
    return render(request, "people/home.html", context)


@public
def welcome(request: StaffRequest) -> HttpResponse:
    """The front door: the overview for those who hold a role, an explanation for all others."""
    if request.acting is not None:
        return home(request)  # type: ignore[return-value]  # it renders a page
    return render(request, "people/welcome.html")
