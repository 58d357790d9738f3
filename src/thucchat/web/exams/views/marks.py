"""What a school sends in of a paper: who was absent, incidents, marks on a page or in a file."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from thucchat.web.exams.actions.attendance import Happening, report_incident, report_sitting
from thucchat.web.exams.actions.entering import enter_marks
from thucchat.web.exams.actions.uploading import hand_in_marks
from thucchat.web.exams.forms import FileForm
from thucchat.web.exams.forms_sites import AbsenceForm, IncidentForm, MarksForm, OfCandidates
from thucchat.web.exams.models import Absence, Candidate, Incident, Site, Sitting
from thucchat.web.exams.permissions import HOLDS_SITES
from thucchat.web.exams.queries.sites import marks_of, rooms_of
from thucchat.web.exams.views.sites import find_site, wanted_room, wanted_sitting
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.views.acts import carried_out
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.jobs import start_work


@requires(HOLDS_SITES)
def report(request: ActingRequest, site_id: int) -> HttpResponse:
    """Absences of a paper, reported by the school."""
    found = find_site(request, site_id)
    sitting = wanted_sitting(request, found)
    rows = found.candidates.filter(removed_for="")
    absent = dict(
        Absence.objects.filter(sitting=sitting, candidate__in=rows).values_list("candidate", "reason")
    )
    form = AbsenceForm(request.POST or None, candidates=rows, absent=absent)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            report_sitting(
                found.pk, sitting.pk, form.absent, reason=reason, by=request.user, at=timezone.now()
            )
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, f"Đã báo cáo buổi {sitting.label}: vắng {len(form.absent)}.")
            return redirect(found)
    return _page(request, "exams/attendance.html", found, sitting, form, incident=IncidentForm())


@requires(HOLDS_SITES)
@require_POST
def incident(request: ActingRequest, site_id: int) -> HttpResponse:
    found = find_site(request, site_id)
    sitting, form = wanted_sitting(request, found), IncidentForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy ghi loại sự cố, diễn biến và cách xử lí.")
        return redirect(found)
    facts = form.cleaned_data
    happening = Happening(**facts | {"kind": Incident.Kind(facts["kind"])})
    return carried_out(
        request,
        found,
        lambda: report_incident(found.pk, sitting.pk, happening, by=request.user, at=timezone.now()),
    )


@requires(HOLDS_SITES)
def enter(request: ActingRequest, site_id: int) -> HttpResponse:
    """Marks of a paper: of one room, or of one class where the address names it."""
    found = find_site(request, site_id)
    sitting = wanted_sitting(request, found)
    rows, shown = _asked(request, found)
    form = MarksForm(request.POST or None, candidates=rows, marks=marks_of(found, sitting.subject))
    if request.method == "POST" and form.is_valid():
        told = {"seen": form.seen, "reason": form.cleaned_data["reason"]}
        try:
            batch = enter_marks(found.pk, sitting.pk, form.marks, **told, by=request.user, at=timezone.now())
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            written = batch.counts["new"] + batch.counts["changed"]
            messages.success(request, f"Đã ghi {written} điểm {sitting.label}, {shown}.")
            return redirect(found)
    return _page(request, "exams/marks.html", found, sitting, form, shown=shown)


@requires(HOLDS_SITES)
def hand_in(request: ActingRequest, site_id: int) -> HttpResponse:
    """The filled form of the school's marks: read and looked at before anything is written."""
    found = find_site(request, site_id)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            batch = hand_in_marks(found.pk, form.cleaned_data["file"], by=request.acting)
        except RuleBroken as broken:
            form.add_error("file", str(broken))
        else:
            title = f"Đọc tệp {batch.file_name}"[:200]
            return redirect(start_work("exams.read", title=title, acting=request.acting, batch_id=batch.pk))
    note = "Dùng mẫu Excel tải từ trang này: mỗi dòng một số báo danh; điểm có dấu phẩy, vắng ghi “v”."
    context = {"title": f"Nộp tệp điểm: {found}", "note": note, "forms": [form], "is_multipart": True}
    back = {"back": found.get_absolute_url(), "verb": "Tải lên và xem trước"}
    return render(request, "shared/form.html", context | back)


def _asked(request: ActingRequest, site: Site) -> "tuple[QuerySet[Candidate], str]":
    rows = site.candidates.filter(removed_for="")
    if name := request.GET.get("lop"):
        if name not in _classes(site):
            raise Http404
        return rows.filter(class_name=name), f"lớp {name}"
    room = wanted_room(request, rooms_of(site))
    return rows.filter(room=room or 0), f"phòng {room or 0}"


def _classes(site: Site) -> list[str]:
    rows = site.candidates.filter(removed_for="").order_by("class_name")
    return list(rows.values_list("class_name", flat=True).distinct())


def _page(
    request: ActingRequest,
    template: str,
    site: Site,
    sitting: Sitting,
    form: OfCandidates,
    **more: object,
) -> HttpResponse:
    context = {
        "site": site,
        "campaign": site.exam.campaign,
        "sitting": sitting,
        "form": form,
        "rooms": rooms_of(site),
        "classes": _classes(site),
        "query": request.GET.urlencode(),
    }
    return render(request, template, context | more)
