"""Exams: the list, one exam for the user's unit, its documents."""

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from thucchat.engine.vietnamese import vi_date, vi_number
from thucchat.web.exams.actions.exams import add_exam
from thucchat.web.exams.actions.files import FORMATS, ready_file
from thucchat.web.exams.forms import CutForm, ExamForm
from thucchat.web.exams.models import Exam, ExamResult, Snapshot
from thucchat.web.exams.permissions import IMPORTS_RESULTS, SEES_RESULTS
from thucchat.web.exams.queries.cuts import LABELS, Cut, cut_for
from thucchat.web.exams.queries.pages import kinds_of, sections_of
from thucchat.web.exams.queries.results import short_name
from thucchat.web.exams.queries.snapshots import exam_snapshot
from thucchat.web.exams.views.waiting import is_asking, ready, wait_for
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.shared.downloads import list_or_file
from thucchat.web.shared.lists import Column
from thucchat.web.shared.scope import WHOLE_PROVINCE, below


@requires(SEES_RESULTS)
def exams(request: ActingRequest) -> HttpResponse:
    counts = _candidates(request.acting.scope.path)
    columns = [
        Column[Exam]("Kì thi", lambda exam: exam.name),
        Column[Exam]("Loại", lambda exam: exam.get_kind_display()),
        Column[Exam]("Năm", lambda exam: str(exam.year), numeric=True),
        Column[Exam]("Ngày thi", lambda exam: vi_date(exam.held_on)),
        Column[Exam]("Thí sinh của đơn vị", lambda exam: vi_number(counts.get(exam.pk, 0)), numeric=True),
    ]
    actions = [("Vị trí so với cả nước", reverse("exams:national"))]
    if request.acting.is_one_of(IMPORTS_RESULTS):
        actions += [("Tệp đã nhập", reverse("exams:imports")), ("Thêm kì thi", reverse("exams:add"))]
    return list_or_file(request, "Kết quả các kì thi", Exam.objects.all(), columns, actions=actions)


def _candidates(path: str) -> dict[int, int]:
    """Candidates at and below `path`, by exam; those of the whole province stand in the exams themselves."""
    if path == WHOLE_PROVINCE:
        return dict(Exam.objects.values_list("pk", "candidates"))
    rows = ExamResult.objects.filter(below(path))
    return dict(rows.values_list("exam").annotate(n=Count("pk")))


@requires(IMPORTS_RESULTS)
def add(request: ActingRequest) -> HttpResponse:
    form = ExamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        exam = add_exam(form.cleaned_data)
        messages.success(request, f"Đã thêm {exam.name}. Hãy nhập kết quả.")
        return redirect("exams:upload", exam.pk)
    context = {"title": "Thêm kì thi", "forms": [form], "back": reverse("exams:exams"), "verb": "Thêm"}
    return render(request, "shared/form.html", context)


@requires(SEES_RESULTS)
def exam(request: ActingRequest, exam_id: int) -> HttpResponse:
    found = get_object_or_404(Exam, pk=exam_id)
    cut = _cut(request)
    context = {
        "exam": found,
        "cut": cut,
        "place": short_name(cut.unit.name),
        "may_import": request.acting.is_one_of(IMPORTS_RESULTS),
    }
    if not found.candidates:
        return render(request, "exams/exam.html", context)
    snapshot = exam_snapshot(found, cut)
    if snapshot is None:
        return _wait_for_report(request, found, cut)
    report = snapshot.report
    context |= {
        "form": CutForm(acting=request.acting, exam=found, cut=cut),
        "report": report,
        "papers": sum(subject["count"] for subject in report["subjects"]),
        "sat": sum(subject["count"] > 0 for subject in report["subjects"]),
        "met": sum(gap["met"] for gap in report["gaps"]),
        "sections": [(section.title, list(kinds_of(section))) for section in sections_of(snapshot)],
        "made_at": snapshot.made_at,
        "formats": [(kind, form.label) for kind, form in FORMATS.items()],
        "query": request.GET.urlencode(),
    }
    return render(request, "exams/exam.html", context)


@requires(SEES_RESULTS)
def download(request: ActingRequest, exam_id: int) -> HttpResponse:
    """The report of the same unit as a file: ?dang=pdf, xlsx or docx."""
    found = get_object_or_404(Exam, pk=exam_id)
    cut = _cut(request)
    snapshot = exam_snapshot(found, cut) if found.candidates else None
    if snapshot is None:
        return redirect(found)
    return document_response(request, snapshot, name=f"{found.code}-{cut.unit.code}")


def document_response(request: ActingRequest, snapshot: Snapshot, *, name: str) -> HttpResponse:
    """The document in the format that the address asks for, made in the background where that takes long."""
    kind = request.GET.get("dang", "pdf")
    if kind not in FORMATS:
        raise Http404
    content = ready_file(snapshot, kind)
    title = f"Tạo văn bản {FORMATS[kind].label} số {snapshot.pk}"
    if content is None:
        return wait_for(
            request, "exams.file", title, snapshot_id=snapshot.pk, form=kind, url=request.get_full_path()
        )
    if is_asking(request):
        return ready(request, title)
    disposition = content_disposition_header(as_attachment=True, filename=f"{name}.{kind}")
    headers = {"Content-Disposition": disposition or "attachment"}
    return HttpResponse(content, content_type=FORMATS[kind].content_type, headers=headers)


def _cut(request: ActingRequest) -> Cut:
    wanted = request.GET.get("don-vi", "")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 else None
    if wanted and number is None:
        raise Http404
    cut = cut_for(request.acting, number, request.GET.get("theo", ""))
    if cut is None:
        raise Http404
    return cut


def _wait_for_report(request: ActingRequest, exam: Exam, cut: Cut) -> HttpResponse:
    return wait_for(
        request,
        "exams.report",
        f"Tính kết quả {exam.name}: {short_name(cut.unit.name)} {LABELS.get(cut.grouping, '')}"[:200].strip(),
        exam_id=exam.pk,
        unit_id=cut.unit.pk,
        grouping=cut.grouping,
        by_area=cut.by_area,
        url=request.get_full_path(),
    )
