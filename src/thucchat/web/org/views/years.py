"""School years: the province announces the next one, then schools can turn to it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.forms import YearForm
from thucchat.web.org.models import SchoolYear
from thucchat.web.org.permissions import ANNOUNCES_YEARS, SEES_YEARS


@requires(SEES_YEARS)
def years(request: ActingRequest) -> HttpResponse:
    may_announce = request.acting.is_one_of(ANNOUNCES_YEARS)
    context = {
        "years": SchoolYear.objects.order_by("-code"),
        "may_announce": may_announce,
        "form": YearForm(),
    }
    return render(request, "org/years.html", context)


@requires(ANNOUNCES_YEARS)
def announce(request: ActingRequest) -> HttpResponse:
    form = YearForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        year = form.save()
        messages.success(request, f"Đã khai báo năm học {year}.")
        return redirect("org:years")
    context = {"title": "Khai báo năm học", "forms": [form], "verb": "Khai báo"}
    return render(request, "shared/form.html", context)
