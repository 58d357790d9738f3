"""Pupils whose results do not count: asked for and agreed to on the page of a commitment."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.views.acts import carried_out
from thucchat.web.people.models import Pupil
from thucchat.web.people.queries.holders import answers_for
from thucchat.web.quality.actions import exemptions as acts
from thucchat.web.quality.forms import ExemptionForm
from thucchat.web.quality.models import Acceptance, Commitment, Exemption, Target
from thucchat.web.quality.permissions import COUNTERSIGNS, SIGNS
from thucchat.web.quality.queries.visible import commitments_visible_to


def exemptions_of(request: ActingRequest, commitment: Commitment) -> dict[str, object]:
    """What the page of a commitment shows of them."""
    is_open = not Acceptance.objects.filter(commitment=commitment).exists()
    is_holder = answers_for(request.user, commitment.staff, commitment.unit_id)
    may_ask = is_open and is_holder and commitment.staff_id and request.acting.is_one_of(SIGNS)
    return {
        "exemptions": commitment.exemptions.select_related("pupil", "asked_by", "agreed_by"),
        "exemption_form": ExemptionForm(pupils=_pupils_of(commitment)) if may_ask else None,
        "may_agree": is_open and not is_holder and request.acting.is_one_of(COUNTERSIGNS),
    }


@requires(SIGNS)
@require_POST
def ask(request: ActingRequest, commitment_id: int) -> HttpResponse:
    found = get_object_or_404(commitments_visible_to(request.acting), pk=commitment_id)
    form = ExemptionForm(request.POST, pupils=_pupils_of(found))
    if not form.is_valid():
        messages.error(request, "Hãy chọn học sinh, lý do và ghi minh chứng.")
        return redirect(found)
    facts = form.cleaned_data
    ground = acts.Ground(Exemption.Reason(facts["reason"]), facts["evidence"])
    return carried_out(
        request,
        found,
        lambda: acts.ask_exemption(commitment_id, facts["pupil"], ground, by=request.user, at=timezone.now()),
    )


@requires(COUNTERSIGNS)
@require_POST
def agree(request: ActingRequest, exemption_id: int) -> HttpResponse:
    rows = Exemption.objects.filter(commitment__in=commitments_visible_to(request.acting))
    found = get_object_or_404(rows.select_related("commitment"), pk=exemption_id)
    return carried_out(
        request,
        found.commitment,
        lambda: acts.agree_exemption(exemption_id, by=request.user, at=timezone.now()),
    )


def _pupils_of(commitment: Commitment) -> "QuerySet[Pupil]":
    keys = [row["target"] for row in commitment.content]
    named = Target.objects.filter(pk__in=keys).values_list("pupil_ids", flat=True)
    return Pupil.objects.filter(pk__in={key for keys in named for key in keys}).order_by("sort_key")
