"""Targets: where the unit stands against each, one with its parts and what was said, answers."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.views.acts import carried_out
from thucchat.web.people.queries.holders import answers_for
from thucchat.web.quality.actions import voices as acts
from thucchat.web.quality.actions.rebasing import rebase_target, remaining_amount
from thucchat.web.quality.forms import CounterForm, RebaseForm, WhyForm
from thucchat.web.quality.models import Target
from thucchat.web.quality.permissions import COUNTERSIGNS, SEES_QUALITY, SEES_REVIEWS, SIGNS
from thucchat.web.quality.queries.aims import aims_of
from thucchat.web.quality.queries.standing import board_of, due_for, holder_name, standing_of
from thucchat.web.quality.queries.visible import targets_visible_to

State = Target.State
RELATED = ("unit", "staff", "school_class", "parent")


@requires(SEES_QUALITY)
def board(request: ActingRequest) -> HttpResponse:
    """Where the unit stands, and what is due."""
    acting = request.acting
    context = {"rows": board_of(acting), "due": due_for(acting, COUNTERSIGNS), "day": acting.day}
    context["sees_reviews"] = acting.is_one_of(SEES_REVIEWS)
    return render(request, "quality/board.html", context)


@requires(SEES_QUALITY)
def target(request: ActingRequest, target_id: int) -> HttpResponse:
    found = _find(request, target_id)
    children = found.children.select_related("unit", "staff", "school_class").order_by("unit_path", "pk")
    is_holder = answers_for(request.user, found.staff, found.unit_id)
    above = request.acting.is_one_of(COUNTERSIGNS) and not is_holder
    context = {
        "target": found,
        "holder": holder_name(found),
        "standing": standing_of([found])[found.pk],
        "children": [(child, holder_name(child), one) for child, one in _with_standing(list(children))],
        "sum": sum(child.amount for child in children),
        "voices": found.voices.select_related("by"),
        "may_agree": is_holder and found.state == State.PROPOSED,
        "counter": CounterForm(initial={"amount": found.amount})
        if is_holder and found.state == State.PROPOSED
        else None,
        "keep": WhyForm() if above and found.state == State.COUNTERED else None,
        "rebase": _rebase_form(found) if above else None,
        "pupils": aims_of(found),
    }
    return render(request, "quality/target.html", context)


def _with_standing(rows: list[Target]) -> list[tuple[Target, object]]:
    known = standing_of(rows)
    return [(row, known[row.pk]) for row in rows]


@requires(SIGNS)
@require_POST
def agree(request: ActingRequest, target_id: int) -> HttpResponse:
    found = _find(request, target_id)
    return carried_out(
        request, found, lambda: acts.agree_to_target(target_id, by=request.user, at=timezone.now())
    )


@requires(SIGNS)
@require_POST
def counter(request: ActingRequest, target_id: int) -> HttpResponse:
    found, form = _find(request, target_id), CounterForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy nêu mức đề nghị và lý do.")
        return redirect(found)
    amount, reason = form.cleaned_data["amount"], form.cleaned_data["reason"]
    return carried_out(
        request,
        found,
        lambda: acts.counter_target(target_id, amount, reason, by=request.user, at=timezone.now()),
    )


@requires(COUNTERSIGNS)
@require_POST
def keep(request: ActingRequest, target_id: int) -> HttpResponse:
    found, form = _find(request, target_id), WhyForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy nêu lý do giữ mức đã giao.")
        return redirect(found)
    why = form.cleaned_data["why"]
    return carried_out(
        request, found, lambda: acts.keep_target(target_id, why, by=request.user, at=timezone.now())
    )


def _rebase_form(found: Target) -> RebaseForm | None:
    if found.state != State.SIGNED or found.school_class_id is None:
        return None
    return RebaseForm(initial={"amount": remaining_amount(found)})


@requires(COUNTERSIGNS)
@require_POST
def rebase(request: ActingRequest, target_id: int) -> HttpResponse:
    found, form = _find(request, target_id), RebaseForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy nêu mức tính lại và lý do.")
        return redirect(found)
    amount, reason = form.cleaned_data["amount"], form.cleaned_data["reason"]
    return carried_out(
        request, found, lambda: rebase_target(target_id, amount, reason, by=request.user, at=timezone.now())
    )


def _find(request: ActingRequest, target_id: int) -> Target:
    return get_object_or_404(targets_visible_to(request.acting).select_related(*RELATED), pk=target_id)
