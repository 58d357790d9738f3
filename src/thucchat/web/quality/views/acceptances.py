"""Acceptances: the list, one with what was reached, conclusion, signature or dispute, the minute."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.views.acts import carried_out
from thucchat.web.people.queries.holders import answers_for
from thucchat.web.quality.actions import acceptances as acts
from thucchat.web.quality.forms import ConclusionForm, WhyForm
from thucchat.web.quality.models import Acceptance
from thucchat.web.quality.permissions import COUNTERSIGNS, SEES_QUALITY, SIGNS
from thucchat.web.quality.queries.papers import acceptance_document_of, accepted, holder_of
from thucchat.web.quality.queries.visible import acceptances_visible_to
from thucchat.web.shared.downloads import document_file, list_or_file
from thucchat.web.shared.lists import Column

State = Acceptance.State
RELATED = ("commitment__unit__parent", "commitment__staff", "commitment__school_year")


def met(row: Acceptance) -> str:
    """How many of the targets are met, of those that can be judged."""
    known = [one for one in row.results if one["evidence"] != "unknown"]
    return f"{sum(one['evidence'] == 'met' for one in known)}/{len(known)}"


COLUMNS = [
    Column[Acceptance]("Người cam kết", lambda row: holder_of(row.commitment)),
    Column[Acceptance]("Cấp", lambda row: row.commitment.get_level_display()),
    Column[Acceptance]("Đạt", met, numeric=True),
    Column[Acceptance]("Trạng thái", lambda row: row.get_state_display()),
    Column[Acceptance]("Hạn trả lời", lambda row: f"{row.answer_by:%d/%m/%Y}"),
]


@requires(SEES_QUALITY)
def acceptances(request: ActingRequest) -> HttpResponse:
    rows = acceptances_visible_to(request.acting)
    return list_or_file(request, "Nghiệm thu chất lượng", rows, COLUMNS, related=RELATED)


@requires(SEES_QUALITY)
def acceptance(request: ActingRequest, acceptance_id: int) -> HttpResponse:
    found = _find(request, acceptance_id)
    is_own = answers_for(request.user, found.commitment.staff, found.commitment.unit_id)
    concludes = request.acting.is_one_of(COUNTERSIGNS) and not is_own
    context = {
        "acceptance": found,
        "holder": holder_of(found.commitment),
        "targets": accepted(found),
        "form": ConclusionForm() if concludes and found.state in {State.PREPARED, State.DISPUTED} else None,
        "may_sign": is_own and found.state == State.PROPOSED,
        "why": WhyForm() if is_own and found.state == State.PROPOSED else None,
    }
    return render(request, "quality/acceptance.html", context)


@requires(COUNTERSIGNS)
@require_POST
def conclude(request: ActingRequest, acceptance_id: int) -> HttpResponse:
    found, form = _find(request, acceptance_id), ConclusionForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy nêu kết luận.")
        return redirect(found)
    text = form.cleaned_data["conclusion"]
    return carried_out(
        request, found, lambda: acts.conclude(acceptance_id, text, by=request.user, at=timezone.now())
    )


@requires(SIGNS)
@require_POST
def sign(request: ActingRequest, acceptance_id: int) -> HttpResponse:
    found = _find(request, acceptance_id)
    return carried_out(
        request, found, lambda: acts.sign_acceptance(acceptance_id, by=request.user, at=timezone.now())
    )


@requires(SIGNS)
@require_POST
def dispute(request: ActingRequest, acceptance_id: int) -> HttpResponse:
    found, form = _find(request, acceptance_id), WhyForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy nêu chỗ chưa đồng ý và căn cứ.")
        return redirect(found)
    why = form.cleaned_data["why"]
    return carried_out(
        request,
        found,
        lambda: acts.dispute_acceptance(acceptance_id, why, by=request.user, at=timezone.now()),
    )


@requires(SEES_QUALITY)
def minute(request: ActingRequest, acceptance_id: int) -> HttpResponse:
    found = _find(request, acceptance_id)
    return document_file(
        request,
        lambda: acceptance_document_of(found, request.acting.day),
        f"nghiem-thu-{found.pk}",
        back=found.get_absolute_url(),
    )


def _find(request: ActingRequest, acceptance_id: int) -> Acceptance:
    return get_object_or_404(
        acceptances_visible_to(request.acting).select_related(*RELATED), pk=acceptance_id
    )
