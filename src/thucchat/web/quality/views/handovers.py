"""Handovers: the list, one with its pupils, every act of receiver and head, the minute."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.views.acts import carried_out
from thucchat.web.quality.actions import handovers as acts
from thucchat.web.quality.forms import HandoverFilter, ObjectionForm, RulingForm
from thucchat.web.quality.models import Handover
from thucchat.web.quality.permissions import LEADS_SCHOOL, RECEIVES, SEES_QUALITY
from thucchat.web.quality.queries.handovers import handover_document_of, pupil_lines
from thucchat.web.quality.queries.visible import handovers_visible_to
from thucchat.web.shared.downloads import document_file
from thucchat.web.shared.lists import Column, page_of

State = Handover.State
COLUMNS = [
    Column[Handover]("Lớp, môn", lambda row: f"{row.school_class.name} · {row.subject.name}"),
    Column[Handover]("Trường", lambda row: row.school_class.school.name),
    Column[Handover]("Bên giao", lambda row: row.giver_called or None),
    Column[Handover]("Bên nhận", lambda row: row.receiver.full_name),
    Column[Handover]("Học sinh", lambda row: len(row.pupils), numeric=True),
    Column[Handover]("Loại", lambda row: row.get_kind_display()),
    Column[Handover]("Trạng thái", lambda row: row.get_state_display()),
    Column[Handover]("Hạn trả lời", lambda row: row.answer_by and f"{row.answer_by:%d/%m/%Y}"),
]
RELATED = ("school_class__school__parent", "subject", "receiver")


@requires(SEES_QUALITY)
def handovers(request: ActingRequest) -> HttpResponse:
    filters = HandoverFilter(request.GET)
    filters.is_valid()
    wanted, rows = filters.cleaned_data, handovers_visible_to(request.acting)
    if wanted.get("trang_thai"):
        rows = rows.filter(state=wanted["trang_thai"])
    if wanted.get("loai"):
        rows = rows.filter(kind=wanted["loai"])
    page = page_of(rows, request, COLUMNS, related=RELATED, heavy=("scores", "errors", "bands", "weak"))
    context = {"title": "Bàn giao chất lượng", "page": page, "filters": filters}
    return render(request, "shared/list.html", context)


@requires(SEES_QUALITY)
def handover(request: ActingRequest, handover_id: int) -> HttpResponse:
    found = _find(request, handover_id)
    lines = pupil_lines(found)
    measured = [line.score for line in lines if line.score is not None]
    is_receiver = bool(request.user.staff_code) and request.user.staff_code == found.receiver.code
    leads = request.acting.is_one_of(LEADS_SCHOOL)
    is_asked = is_receiver and found.state in Handover.RECEIVERS_TURN
    rules = leads and found.state in {State.DISPUTED, State.RETEST}
    context = {
        "handover": found,
        "lines": lines,
        "mean": sum(measured) / len(measured) if measured else None,
        "measured": len(measured),
        "turn": _turn(found),
        "may_accept": is_asked,
        "objection_form": ObjectionForm() if is_asked and found.state == State.ISSUED else None,
        "may_retest": leads and found.state == State.DISPUTED,
        "ruling_form": RulingForm(pupils=[(line.key, line.name) for line in lines]) if rules else None,
        "may_issue": leads and found.state == State.DRAFT,
    }
    return render(request, "quality/handover.html", context)


def _turn(found: Handover) -> str:
    """Whose turn it is, and until when."""
    limit = f", đến hết ngày {found.answer_by:%d/%m/%Y}" if found.answer_by and not found.is_over else ""
    if found.state in Handover.RECEIVERS_TURN:
        return f"Đến lượt bên nhận: {found.receiver.full_name}{limit}."
    if found.is_over:
        return "Đã xong; không ai còn phải làm gì."
    return f"Đến lượt hiệu trưởng{limit}."


@requires(LEADS_SCHOOL)
@require_POST
def issue(request: ActingRequest, handover_id: int) -> HttpResponse:
    found = _find(request, handover_id)
    return carried_out(
        request, found, lambda: acts.issue_handover(handover_id, by=request.user, at=timezone.now())
    )


@requires(RECEIVES)
@require_POST
def accept(request: ActingRequest, handover_id: int) -> HttpResponse:
    found = _find(request, handover_id)
    return carried_out(
        request, found, lambda: acts.accept_handover(handover_id, by=request.user, at=timezone.now())
    )


@requires(RECEIVES)
@require_POST
def dispute(request: ActingRequest, handover_id: int) -> HttpResponse:
    found, form = _find(request, handover_id), ObjectionForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy nêu rõ học sinh nào, số liệu nào và căn cứ.")
        return redirect(found)
    text = form.cleaned_data["objection"]
    return carried_out(
        request, found, lambda: acts.dispute_handover(handover_id, text, by=request.user, at=timezone.now())
    )


@requires(LEADS_SCHOOL)
@require_POST
def retest(request: ActingRequest, handover_id: int) -> HttpResponse:
    found = _find(request, handover_id)
    return carried_out(
        request, found, lambda: acts.order_retest(handover_id, by=request.user, at=timezone.now())
    )


@requires(LEADS_SCHOOL)
@require_POST
def rule(request: ActingRequest, handover_id: int) -> HttpResponse:
    """Corrected scores keep the error of the measurement they correct."""
    found = _find(request, handover_id)
    lines = pupil_lines(found)
    form = RulingForm(request.POST, pupils=[(line.key, line.name) for line in lines])
    if not form.is_valid():
        messages.error(request, "Hãy nêu kết luận; điểm sửa phải từ 0 đến 10.")
        return redirect(found)
    errors = {line.key: line.error for line in lines}
    corrections: dict[int, tuple[int | None, int | None]] = {}
    for key, score in form.corrections.items():
        error = errors[key]
        corrections[key] = (score, None if error is None else int(error * 100))
    ruling = form.cleaned_data["ruling"]
    return carried_out(
        request,
        found,
        lambda: acts.rule_on_handover(handover_id, ruling, corrections, by=request.user, at=timezone.now()),
    )


@requires(SEES_QUALITY)
def minute(request: ActingRequest, handover_id: int) -> HttpResponse:
    found = _find(request, handover_id)
    return document_file(
        request,
        lambda: handover_document_of(found, request.acting.day),
        f"ban-giao-{found.pk}",
        back=found.get_absolute_url(),
    )


def _find(request: ActingRequest, handover_id: int) -> Handover:
    return get_object_or_404(handovers_visible_to(request.acting).select_related(*RELATED), pk=handover_id)
