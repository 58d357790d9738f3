"""Runs of measurement: what they say of questions and candidates, their report, what is done with them."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from thucchat.engine.measurement.results.subjects import subject_label
from thucchat.engine.vietnamese import unaccented, vi_number
from thucchat.web.exams.views.waiting import is_asking, ready, wait_for
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.views.acts import carried_out
from thucchat.web.results.actions.runs import adopt_error, may_give_error, withdraw_run
from thucchat.web.results.models import MeasureRun, PupilMeasure, RunReport
from thucchat.web.results.permissions import MEASURES, SEES_ANSWERS, SEES_EXAMS
from thucchat.web.results.queries.items import shown_items
from thucchat.web.results.queries.visible import measures_visible_to, runs_visible_to
from thucchat.web.shared.downloads import list_or_file, save_as
from thucchat.web.shared.lists import Column

State = MeasureRun.State


def _number(value: float | None, digits: int = 2) -> str | None:
    return None if value is None else vi_number(value, digits)


COLUMNS = [
    Column[PupilMeasure]("Số báo danh", lambda row: row.sbd),
    Column[PupilMeasure]("Học sinh", lambda row: row.pupil and row.pupil.full_name),
    Column[PupilMeasure]("Điểm", lambda row: _number(row.points), numeric=True),
    Column[PupilMeasure]("Ô chưa đọc được", lambda row: row.waiting or None, numeric=True),
    Column[PupilMeasure]("Năng lực", lambda row: _number(row.ability), numeric=True),
    Column[PupilMeasure]("Sai số", lambda row: _number(row.ability_error), numeric=True),
    Column[PupilMeasure]("Năng lực (WLE)", lambda row: _number(row.likely), numeric=True),
    Column[PupilMeasure]("Sai số (WLE)", lambda row: _number(row.likely_error), numeric=True),
]


@requires(SEES_EXAMS)
def run(request: ActingRequest, measure_run_id: int) -> HttpResponse:
    found = _find(request, measure_run_id)
    may_act = request.acting.is_one_of(MEASURES)
    context = {
        "run": found,
        "subject": subject_label(found.subject),
        "items": shown_items(found),
        "is_computed": found.state == State.COMPUTED,
        "may_adopt": may_act and may_give_error(found),
        "may_withdraw": may_act and found.state != State.WITHDRAWN,
        "sees_file": request.acting.is_one_of(SEES_ANSWERS),
    }
    return render(request, "results/run.html", context)


@requires(SEES_EXAMS)
def measures(request: ActingRequest, measure_run_id: int) -> HttpResponse:
    """Candidates whom the person may see, with points, ability and error."""
    found = _find(request, measure_run_id)
    rows = measures_visible_to(request.acting).filter(run=found)
    title = f"{subject_label(found.subject)}, {found.exam.name}: thí sinh"
    return list_or_file(request, title, rows.order_by("sbd"), COLUMNS, related=("pupil",))


@requires(SEES_EXAMS)
def report(request: ActingRequest, measure_run_id: int) -> HttpResponse:
    """The report on the items as PDF, drawn in the background when it is first asked for."""
    found = _find(request, measure_run_id)
    if found.state != State.COMPUTED and not found.summary:  # waits, or was withdrawn before
        raise Http404
    title = f"Vẽ nhận xét câu hỏi của lần phân tích {found.pk}"
    kept = RunReport.objects.filter(run=found).first()
    if kept is None:
        return wait_for(request, "results.report", title, run_id=found.pk, url=request.path)
    if is_asking(request):
        return ready(request, title)
    name = unaccented(f"nhan xet cau hoi {subject_label(found.subject)} {found.exam.code}")
    return save_as(bytes(kept.content), f"{name.replace(' ', '-')}.pdf")


@requires(MEASURES)
@require_POST
def adopt(request: ActingRequest, measure_run_id: int) -> HttpResponse:
    found = _find(request, measure_run_id)
    return carried_out(request, found, lambda: adopt_error(found.pk, by=request.user, at=timezone.now()))


@requires(MEASURES)
@require_POST
def withdraw(request: ActingRequest, measure_run_id: int) -> HttpResponse:
    found = _find(request, measure_run_id)
    return carried_out(request, found, lambda: withdraw_run(found.pk, by=request.user, at=timezone.now()))


def _find(request: ActingRequest, measure_run_id: int) -> MeasureRun:
    rows = runs_visible_to(request.acting).select_related("exam__campaign", "target__exam", "made_by")
    return get_object_or_404(rows, pk=measure_run_id)
