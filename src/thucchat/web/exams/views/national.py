"""The province among all provinces."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from thucchat.engine.errors import InvalidInput
from thucchat.web.exams.actions.files import FORMATS
from thucchat.web.exams.forms import NationalForm
from thucchat.web.exams.models import Snapshot
from thucchat.web.exams.permissions import IMPORTS_RESULTS, SEES_NATIONAL
from thucchat.web.exams.queries.pages import kinds_of, sections_of
from thucchat.web.exams.queries.provinces import TARGET, Wanted, provinces_known, wanted_province
from thucchat.web.exams.queries.snapshots import national_snapshot
from thucchat.web.exams.views.exams import document_response
from thucchat.web.exams.views.waiting import wait_for
from thucchat.web.org.acting import ActingRequest, requires


@requires(SEES_NATIONAL)
def national(request: ActingRequest) -> HttpResponse:
    provinces = provinces_known()
    context: dict[str, object] = {"may_import": request.acting.is_one_of(IMPORTS_RESULTS)}
    if not provinces:
        return render(request, "exams/national.html", context)
    try:
        wanted = _wanted(request, provinces)
    except InvalidInput as refusal:
        form = NationalForm(provinces=provinces, initial={"chi_tieu": TARGET})
        return render(request, "exams/national.html", context | {"form": form, "refusal": str(refusal)})
    snapshot = national_snapshot(wanted.province, wanted.target, request.acting.scope.path)
    if snapshot is None:
        return _wait(request, wanted)
    form = NationalForm(provinces=provinces, initial={"tinh": wanted.province, "chi_tieu": wanted.target})
    context |= {
        "form": form,
        "years": [year | {"places_lost": -(year["gained"] or 0)} for year in snapshot.report["years"][::-1]],
        "report": snapshot.report,
        "sections": [(section.title, list(kinds_of(section))) for section in sections_of(snapshot)],
        "formats": [(kind, one.label) for kind, one in FORMATS.items()],
        "query": request.GET.urlencode(),
    }
    return render(request, "exams/national.html", context)


@requires(SEES_NATIONAL)
def download_national(request: ActingRequest) -> HttpResponse:
    snapshot = _ready(request)
    if snapshot is None:
        return redirect("exams:national")
    return document_response(request, snapshot, name="vi-tri-toan-quoc")


def _ready(request: ActingRequest) -> Snapshot | None:
    provinces = provinces_known()
    try:
        wanted = _wanted(request, provinces) if provinces else None
    except InvalidInput:
        return None
    if wanted is None:
        return None
    return national_snapshot(wanted.province, wanted.target, request.acting.scope.path)


def _wanted(request: ActingRequest, provinces: list[str]) -> Wanted:
    return wanted_province(provinces, request.GET.get("tinh", ""), request.GET.get("chi_tieu", TARGET))


def _wait(request: ActingRequest, wanted: Wanted) -> HttpResponse:
    title = f"Tính thứ hạng của {wanted.province}, chỉ tiêu {wanted.target or 'không đặt'}"
    path = request.acting.scope.path
    return wait_for(
        request, "exams.national", title, province=wanted.province, target=wanted.target, path=path
    )
