"""Acts that need two persons: what waits, one of them, the second person's word."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from thucchat.web.ledger.actions.decisions import approve, refuse
from thucchat.web.ledger.models import Decision
from thucchat.web.org.acting import Acting, ActingRequest, requires
from thucchat.web.org.forms import AnswerForm
from thucchat.web.org.models import Role, User
from thucchat.web.org.permissions import DECIDES, SEES_DECISIONS
from thucchat.web.shared.downloads import list_or_file
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.lists import Column
from thucchat.web.shared.scope import within

State = Decision.State


COLUMNS = [
    Column[Decision]("Việc", lambda row: row.summary),
    Column[Decision]("Loại", lambda row: row.get_kind_display()),
    Column[Decision]("Bên đề nghị", lambda row: Role(row.proposer_role).label),
    Column[Decision]("Lúc", lambda row: f"{timezone.localtime(row.proposed_at):%H:%M %d/%m/%Y}"),
    Column[Decision]("Trạng thái", lambda row: row.get_state_display()),
]


@requires(SEES_DECISIONS)
def decisions(request: ActingRequest) -> HttpResponse:
    return list_or_file(request, "Việc cần hai người", _visible(request.acting), COLUMNS)


@requires(SEES_DECISIONS)
def decision(request: ActingRequest, decision_id: int) -> HttpResponse:
    found = _find(request, decision_id)
    people = User.objects.in_bulk({found.proposer_id, found.approver_id} - {None})
    acting = request.acting
    is_other = found.proposer_id != request.user.pk and found.proposer_role != acting.role
    may_decide = acting.is_one_of(DECIDES) and found.state == State.PROPOSED and is_other
    context = {
        "decision": found,
        "proposer": people.get(found.proposer_id),
        "proposer_role": Role(found.proposer_role).label,
        "approver": people.get(found.approver_id) if found.approver_id else None,
        "is_over": timezone.now() >= found.expires_at,
        "form": AnswerForm() if may_decide else None,
    }
    return render(request, "org/decision.html", context)


@requires(DECIDES)
@require_POST
def decide(request: ActingRequest, decision_id: int) -> HttpResponse:
    found = _find(request, decision_id)
    answer, by, role, at = request.POST.get("answer", ""), request.user, request.acting.role, timezone.now()
    try:
        if "refuse" in request.POST:
            refuse(decision_id, answer, by=by, role=role, at=at)
        else:
            approve(decision_id, by=by, role=role, at=at)
    except RuleBroken as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, "Đã ghi quyết định.")
    return redirect(found)


def _visible(acting: Acting) -> "QuerySet[Decision]":
    return Decision.objects.filter(within(acting.scope))


def _find(request: ActingRequest, decision_id: int) -> Decision:
    return get_object_or_404(_visible(request.acting), pk=decision_id)
