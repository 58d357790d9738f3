"""Exams and whether they are published: the list, one with its answers and runs, the way to publication."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from thucchat.engine.custody.canonical import fingerprint
from thucchat.engine.measurement.results.subjects import subject_label
from thucchat.engine.vietnamese import vi_date
from thucchat.web.exams.models import Exam
from thucchat.web.ledger.models import Decision
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.models import Role
from thucchat.web.org.views.acts import Shown, carried_out
from thucchat.web.results.actions import publishing as acts
from thucchat.web.results.forms import ReasonForm
from thucchat.web.results.permissions import ASKS_TO_PUBLISH, BRINGS_ANSWERS, SEES_ANSWERS, SEES_EXAMS
from thucchat.web.results.queries.visible import response_files_visible_to, runs_visible_to
from thucchat.web.shared.downloads import list_or_file
from thucchat.web.shared.lists import Column

State = Decision.State


class ExamPage:
    """Where the steps of an exam's publication lead back to."""

    def __init__(self, exam: Exam) -> None:
        self.exam = exam

    def get_absolute_url(self) -> str:
        return reverse("results:exam", args=[self.exam.pk])


@requires(SEES_EXAMS)
def exams(request: ActingRequest) -> HttpResponse:
    rows = Exam.objects.filter(candidates__gt=0)
    columns = [
        Column[Exam]("Kì thi", lambda exam: exam.name),
        Column[Exam]("Loại", lambda exam: exam.get_kind_display()),
        Column[Exam]("Ngày thi", lambda exam: vi_date(exam.held_on)),
        Column[Exam]("Công bố", _published),
    ]
    return list_or_file(request, "Phân tích bài làm, công bố kết quả", rows, columns)


def _published(exam: Exam) -> str:
    return f"{timezone.localtime(exam.published_at):%H:%M %d/%m/%Y}" if exam.published_at else "chưa"


@requires(SEES_EXAMS)
def exam(request: ActingRequest, exam_id: int) -> HttpResponse:
    found = get_object_or_404(Exam.objects.select_related("campaign"), pk=exam_id)
    acting = request.acting
    runs = runs_visible_to(acting).filter(exam=found)
    sees_files = acting.is_one_of(SEES_ANSWERS)
    files = response_files_visible_to(acting).filter(exam=found) if sees_files else []
    may_ask = acting.is_one_of(ASKS_TO_PUBLISH) and found.published_at is None
    context = {
        "exam": found,
        "runs": [(run, subject_label(run.subject)) for run in runs],
        "files": [(file, subject_label(file.subject)) for file in files],
        "sees_files": sees_files,
        "may_bring": acting.is_one_of(BRINGS_ANSWERS),
        "form": ReasonForm() if may_ask else None,
        "decisions": _decisions(found) if may_ask else [],
        "has_classes": found.campaign_id and acting.role in {Role.TEACHER, Role.TEAM_HEAD, Role.PRINCIPAL},
    }
    return render(request, "results/exam.html", context)


@requires(ASKS_TO_PUBLISH)
@require_POST
def ask(request: ActingRequest, exam_id: int) -> HttpResponse:
    found, form = _find(exam_id), ReasonForm(request.POST)
    back: Shown = ExamPage(found)
    if not form.is_valid():
        messages.error(request, "Hãy nêu lý do (ít nhất 5 kí tự).")
        return redirect(back.get_absolute_url())
    reason, role = form.cleaned_data["reason"], request.acting.role
    return carried_out(
        request,
        back,
        lambda: acts.ask_to_publish(found, reason, by=request.user, role=role, at=timezone.now()),
    )


@requires(ASKS_TO_PUBLISH)
@require_POST
def publish_exam(request: ActingRequest, exam_id: int) -> HttpResponse:
    found = _find(exam_id)
    back: Shown = ExamPage(found)
    decision = next((one for one in _decisions(found) if one.state == State.APPROVED), None)
    if decision is None:
        messages.error(request, "Chưa có đề nghị công bố nào được duyệt.")
        return redirect(back.get_absolute_url())
    return carried_out(
        request, back, lambda: acts.publish(exam_id, decision.pk, by=request.user, at=timezone.now())
    )


def _find(exam_id: int) -> Exam:
    return get_object_or_404(Exam.objects.select_related("campaign"), pk=exam_id)


def _decisions(found: Exam) -> list[Decision]:
    content = fingerprint(acts.publishing_content(found))
    return list(Decision.objects.filter(kind=Decision.Kind.PUBLISH, content=content))
