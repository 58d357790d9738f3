"""Files of answers: handed in with their key, looked at, measured."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from thucchat.engine.measurement.results.subjects import subject_label
from thucchat.web.exams.models import Exam
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.results.actions.receiving import Sent, receive_answers
from thucchat.web.results.actions.runs import Settings, ask_for_run
from thucchat.web.results.forms import AnswersForm, RunForm
from thucchat.web.results.models import MeasureRun, ResponseFile
from thucchat.web.results.permissions import BRINGS_ANSWERS, MEASURES, SEES_ANSWERS
from thucchat.web.results.queries.visible import response_files_visible_to
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.jobs import start_work


@requires(BRINGS_ANSWERS)
def upload(request: ActingRequest, exam_id: int) -> HttpResponse:
    exam = get_object_or_404(Exam, pk=exam_id)
    form = AnswersForm(request.POST or None, request.FILES or None, exam=exam)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            path = request.acting.unit.unit_path
            file = receive_answers(exam, Sent(**facts), by=request.user, unit_path=path)
        except RuleBroken as broken:
            form.add_error("typed_key" if broken.code == "responses.key" else "file", str(broken))
        else:
            title = f"Đọc bài làm {file.file_name}"[:200]
            return redirect(start_work("results.read", title=title, acting=request.acting, file_id=file.pk))
    context = {
        "title": f"Nhập bài làm: {exam.name}",
        "note": "Bài làm theo từng câu và đáp án để phân tích câu hỏi; điểm đã nhập của kì thi không đổi.",
        "forms": [form],
        "is_multipart": True,
        "back": reverse("results:exam", args=[exam.pk]),
        "verb": "Tải lên và đọc",
    }
    return render(request, "shared/form.html", context)


@requires(SEES_ANSWERS)
def responses(request: ActingRequest, response_file_id: int) -> HttpResponse:
    found = _find(request, response_file_id)
    context = {
        "file": found,
        "subject": subject_label(found.subject),
        "runs": found.measure_runs.all(),
        "may_measure": request.acting.is_one_of(MEASURES) and found.state == ResponseFile.State.READ,
    }
    return render(request, "results/responses.html", context)


@requires(MEASURES)
def start_run(request: ActingRequest, response_file_id: int) -> HttpResponse:
    """The settings of a run, then the run in the background."""
    found = _find(request, response_file_id)
    form = RunForm(request.POST or None, file=found)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        model, linking = MeasureRun.Model(facts["model"]), MeasureRun.Linking(facts["linking"])
        settings = Settings(model, linking, facts["target"], form.names())
        try:
            run = ask_for_run(found, settings, by=request.user, at=timezone.now())
        except RuleBroken as broken:
            form.add_error("target" if broken.code == "measuring.target" else None, str(broken))
        else:
            title = f"Phân tích {subject_label(found.subject)}, {found.exam.name}"[:200]
            return redirect(start_work("results.measure", title=title, acting=request.acting, run_id=run.pk))
    title = f"Phân tích bài làm {subject_label(found.subject)}: {found.exam.name}"
    context = {"title": title, "forms": [form], "back": found.get_absolute_url(), "verb": "Phân tích"}
    return render(request, "shared/form.html", context)


def _find(request: ActingRequest, response_file_id: int) -> ResponseFile:
    rows = response_files_visible_to(request.acting).select_related("exam", "owner")
    return get_object_or_404(rows, pk=response_file_id)
