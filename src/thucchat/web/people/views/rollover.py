"""The turn of the school year in one school: who does not go up, then all at once."""

from itertools import groupby

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.models import SchoolYear
from thucchat.web.people.actions.rollover import OUTCOMES, roll_over, studying_in
from thucchat.web.people.models import SchoolClass
from thucchat.web.people.permissions import ROLLS_OVER
from thucchat.web.people.queries.visible import year_of
from thucchat.web.shared.errors import RuleBroken


@requires(ROLLS_OVER)
def rollover(request: ActingRequest) -> HttpResponse:
    year = _year_to_close(request)
    following = SchoolYear.objects.filter(code=year.next_code).first() if year else None
    if year is None or following is None or not request.acting.unit.is_school:
        return render(request, "people/rollover.html", {"year": year, "following": following})
    if request.method == "POST":
        return _roll(request, year, following)
    names = dict(
        SchoolClass.objects.filter(school=request.acting.unit, school_year=year).values_list("pk", "name")
    )
    rows = studying_in(request.acting.unit, year)
    groups = [(names[key], list(group)) for key, group in groupby(rows, key=lambda row: row[1])]
    context = {
        "year": year,
        "following": following,
        "groups": groups,
        "total": len(rows),
        "outcomes": OUTCOMES,
    }
    return render(request, "people/rollover.html", context)


def _year_to_close(request: ActingRequest) -> SchoolYear | None:
    """The latest year that has begun; its classes are those that go up."""
    return year_of(request.acting.day)


def _roll(request: ActingRequest, year: SchoolYear, following: SchoolYear) -> HttpResponse:
    chosen = {
        int(name.removeprefix("p")): str(outcome)
        for name, outcome in request.POST.items()
        if name.startswith("p") and name[1:].isdigit() and outcome != OUTCOMES[0]
    }
    try:
        done = roll_over(request.acting.unit, year, following, chosen, reason=f"Kết thúc năm học {year}")
    except RuleBroken as broken:
        messages.error(request, str(broken))
    else:
        messages.success(
            request,
            f"Đã chuyển sang năm học {following}: {done.before} học sinh = {done.promoted} lên lớp "
            f"+ {done.repeating} lưu ban + {done.finished} hoàn thành cấp học + {done.left} thôi học.",
        )
    return redirect("people:rollover")
