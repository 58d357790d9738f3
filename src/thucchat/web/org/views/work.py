"""The progress of background work."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.permissions import EVERYONE
from thucchat.web.shared.downloads import list_or_file
from thucchat.web.shared.lists import Column
from thucchat.web.shared.models import Work


@requires(EVERYONE)
def works(request: ActingRequest) -> HttpResponse:
    columns = [
        Column[Work]("Công việc", lambda work: work.title),
        Column[Work]("Trạng thái", lambda work: work.get_state_display()),
        Column[Work]("Tiến độ", lambda work: f"{work.percent} %", numeric=True),
        Column[Work]("Ghi chú", lambda work: work.message),
    ]
    return list_or_file(request, "Công việc nền", Work.objects.filter(owner=request.user), columns)


@requires(EVERYONE)
def work(request: ActingRequest, work_id: int) -> HttpResponse:
    """The page of one piece of work; while it runs, the page asks for its own middle every second."""
    found = get_object_or_404(Work, pk=work_id, owner=request.user)
    template = "org/_work.html" if request.headers.get("HX-Request") else "org/work.html"
    return render(request, template, {"work": found})
