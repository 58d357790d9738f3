"""A page whose report is not there yet starts the work, once, and shows how far it is."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from thucchat.web.org.acting import ActingRequest
from thucchat.web.shared.jobs import start_work
from thucchat.web.shared.models import Work

AGAIN = "lai"


def wait_for(request: ActingRequest, task: str, title: str, **arguments: Any) -> HttpResponse:
    """The work's progress; the page asks for itself every second until it is there.

    Work that failed is started again only when the person asks for it.
    """
    last = Work.objects.filter(kind=task, title=title, owner=request.user).first()
    failed = last is not None and last.state == Work.State.FAILED and AGAIN not in request.GET
    if last is None or (last.is_over and not failed):
        last = start_work(task, title=title, acting=request.acting, **arguments)
    return render(request, "exams/waiting.html", {"work": last, "title": title, "again": AGAIN})


def is_asking(request: ActingRequest) -> bool:
    """Whether it is the waiting page that asks: a script, which could not save a file for the person."""
    return "HX-Request" in request.headers


def ready(request: ActingRequest, title: str) -> HttpResponse:
    """The end of the wait for a file: the way to it."""
    return render(request, "exams/waiting.html", {"title": title})
