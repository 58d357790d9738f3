"""Commitments: the list, one with its targets, signing and receiving, the paper."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.views.acts import carried_out
from thucchat.web.people.queries.holders import answers_for
from thucchat.web.quality.actions import commitments as acts
from thucchat.web.quality.forms import MeasuresForm, WhyForm
from thucchat.web.quality.models import Commitment
from thucchat.web.quality.permissions import COUNTERSIGNS, SEES_QUALITY, SIGNS
from thucchat.web.quality.queries.papers import commitment_document_of, holder_of, promised, receiver_of
from thucchat.web.quality.queries.visible import commitments_visible_to
from thucchat.web.quality.views.exemptions import exemptions_of
from thucchat.web.shared.downloads import document_file, list_or_file
from thucchat.web.shared.lists import Column

State = Commitment.State
RELATED = ("unit__parent", "staff", "school_year")
COLUMNS = [
    Column[Commitment]("Người cam kết", holder_of),
    Column[Commitment]("Cấp", lambda row: row.get_level_display()),
    Column[Commitment]("Số chỉ tiêu", lambda row: len(row.content), numeric=True),
    Column[Commitment]("Trạng thái", lambda row: row.get_state_display()),
    Column[Commitment]("Hạn kí", lambda row: f"{row.sign_by:%d/%m/%Y}"),
]


@requires(SEES_QUALITY)
def commitments(request: ActingRequest) -> HttpResponse:
    rows = commitments_visible_to(request.acting)
    return list_or_file(request, "Cam kết chất lượng", rows, COLUMNS, related=RELATED)


@requires(SEES_QUALITY)
def commitment(request: ActingRequest, commitment_id: int) -> HttpResponse:
    found = _find(request, commitment_id)
    may_receive = request.acting.is_one_of(COUNTERSIGNS) and found.state == State.SIGNED
    context = {
        "commitment": found,
        "holder": holder_of(found),
        "receiver": receiver_of(found),
        "targets": promised(found),
        "form": MeasuresForm()
        if answers_for(request.user, found.staff, found.unit_id) and found.state in SIGNABLE
        else None,
        "why": WhyForm() if may_receive and found.signed_by_id != request.user.pk else None,
        **exemptions_of(request, found),
    }
    return render(request, "quality/commitment.html", context)


SIGNABLE = {State.DRAFT, State.RETURNED}


@requires(SIGNS)
@require_POST
def sign(request: ActingRequest, commitment_id: int) -> HttpResponse:
    found, form = _find(request, commitment_id), MeasuresForm(request.POST)
    form.is_valid()
    text = form.cleaned_data.get("measures", "")
    return carried_out(
        request, found, lambda: acts.sign_commitment(commitment_id, text, by=request.user, at=timezone.now())
    )


@requires(COUNTERSIGNS)
@require_POST
def receive(request: ActingRequest, commitment_id: int) -> HttpResponse:
    found = _find(request, commitment_id)
    if "return" not in request.POST:
        return carried_out(
            request, found, lambda: acts.receive_commitment(commitment_id, by=request.user, at=timezone.now())
        )
    form = WhyForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy nêu chỗ cần sửa.")
        return redirect(found)
    why = form.cleaned_data["why"]
    return carried_out(
        request, found, lambda: acts.return_commitment(commitment_id, why, by=request.user, at=timezone.now())
    )


@requires(SEES_QUALITY)
def paper(request: ActingRequest, commitment_id: int) -> HttpResponse:
    found = _find(request, commitment_id)
    return document_file(
        request,
        lambda: commitment_document_of(found, request.acting.day),
        f"cam-ket-{found.pk}",
        back=found.get_absolute_url(),
    )


def _find(request: ActingRequest, commitment_id: int) -> Commitment:
    return get_object_or_404(
        commitments_visible_to(request.acting).select_related(*RELATED), pk=commitment_id
    )
