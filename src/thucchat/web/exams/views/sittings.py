"""When the papers of a survey are written, and the frozen list of its candidates."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from thucchat.engine.planning.timetable import Slot
from thucchat.web.exams.actions.listing import freeze_candidates
from thucchat.web.exams.actions.sittings import leave_out, move_sitting
from thucchat.web.exams.actions.supplementing import supplement_list
from thucchat.web.exams.forms_sites import SeatsForm, SittingForm, SupplementForm
from thucchat.web.exams.models import Campaign, Sitting
from thucchat.web.exams.permissions import HOLDS_CAMPAIGNS, SEES_RESULTS
from thucchat.web.exams.queries.left_out import left_out
from thucchat.web.exams.queries.reconciling import reconciliation
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.views.acts import carried_out
from thucchat.web.shared.errors import RuleBroken


@requires(SEES_RESULTS)
def sittings(request: ActingRequest, campaign_id: int) -> HttpResponse:
    found = get_object_or_404(Campaign, pk=campaign_id)
    rows = Sitting.objects.filter(exam__campaign=found).select_related("exam")
    may_move = found.state == Campaign.State.PLANNED and request.acting.is_one_of(HOLDS_CAMPAIGNS)
    return render(request, "exams/sittings.html", {"campaign": found, "sittings": rows, "may_move": may_move})


@requires(HOLDS_CAMPAIGNS)
def sitting(request: ActingRequest, sitting_id: int) -> HttpResponse:
    found = get_object_or_404(Sitting.objects.select_related("exam__campaign"), pk=sitting_id)
    before = {name: getattr(found, name) for name in ("day", "shift", "starts", "minutes")}
    form = SittingForm(request.POST or None, initial=before)
    back = reverse("exams:sittings", args=[found.exam.campaign_id])
    if request.method == "POST" and form.is_valid():
        slot = Slot(found.subject, **form.cleaned_data)
        try:
            move_sitting(found.pk, slot, by=request.user, at=timezone.now())
            return redirect(back)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
    context = {"title": f"{found.exam}: {found.label}", "forms": [form], "back": back, "verb": "Đổi lịch"}
    return render(request, "shared/form.html", context)


@requires(HOLDS_CAMPAIGNS)
@require_POST
def drop(request: ActingRequest, sitting_id: int) -> HttpResponse:
    found = get_object_or_404(Sitting.objects.select_related("exam"), pk=sitting_id)
    try:
        leave_out(found.pk, by=request.user, at=timezone.now())
    except RuleBroken as broken:
        messages.error(request, str(broken))
    return redirect("exams:sittings", found.exam.campaign_id)


@requires(HOLDS_CAMPAIGNS)
@require_POST
def freeze(request: ActingRequest, campaign_id: int) -> HttpResponse:
    found = get_object_or_404(Campaign, pk=campaign_id)
    form = SeatsForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Số thí sinh tối đa mỗi phòng phải là số từ 1 đến 60.")
        return redirect(found)
    seats, day = form.cleaned_data["seats"], request.acting.day
    return carried_out(
        request,
        found,
        lambda: freeze_candidates(found.pk, day, by=request.user, at=timezone.now(), seats=seats),
    )


@requires(HOLDS_CAMPAIGNS)
def supplement(request: ActingRequest, campaign_id: int) -> HttpResponse:
    """Schools and pupils that the frozen list left out, and the addition of one school."""
    found, day = get_object_or_404(Campaign, pk=campaign_id), request.acting.day
    rows = left_out(found, day)
    form = SupplementForm(request.POST or None, schools={row.school_id: row.name for row in rows})
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        told = {"reason": facts["reason"], "by": request.user, "at": timezone.now()}
        try:
            made = supplement_list(found.pk, facts["school"], day, **told)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, f"Đã bổ sung {made.candidates} thí sinh của {made.school}.")
            return redirect(found)
    context = {"campaign": found, "left_out": rows, "form": form, "day": day}
    return render(request, "exams/supplement.html", context)


@requires(SEES_RESULTS)
def reconcile(request: ActingRequest, campaign_id: int) -> HttpResponse:
    found = get_object_or_404(Campaign, pk=campaign_id)
    rows = reconciliation(found, request.acting.scope.path)
    context = {
        "campaign": found,
        "schools": rows,
        "papers": sum(row.papers for row in rows),
        "unexplained": sum(row.unexplained for row in rows),
        "unsettled": sum(not row.is_settled for row in rows),
    }
    return render(request, "exams/reconciliation.html", context)
