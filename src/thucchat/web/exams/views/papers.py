"""Documents of a survey campaign: its plan, who took part."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from thucchat.engine.documents.tree import Document
from thucchat.web.exams.models import Campaign
from thucchat.web.exams.permissions import SEES_RESULTS
from thucchat.web.exams.queries.papers import participation_document_of, plan_document_of
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.models import Unit
from thucchat.web.shared.downloads import document_file
from thucchat.web.shared.scope import Scope, acting_for


@requires(SEES_RESULTS)
def plan(request: ActingRequest, campaign_id: int) -> HttpResponse:
    """?dang=pdf or docx; the same for everybody."""
    found = _find(campaign_id)
    province = Unit.objects.get(kind=Unit.Kind.PROVINCE)
    return document_file(
        request,
        lambda: plan_document_of(found, province, request.acting.day),
        f"ke-hoach-{_name(found)}",
        back=found.get_absolute_url(),
    )


@requires(SEES_RESULTS)
def participation(request: ActingRequest, campaign_id: int) -> HttpResponse:
    """?dang=pdf or docx; of all of his unit, in whose name it is, also where he sees some classes only."""
    found, unit = _find(campaign_id), request.acting.unit
    issuer = unit.parent if unit.kind == Unit.Kind.TEAM and unit.parent else unit

    def make() -> Document:
        with acting_for(Scope(issuer.unit_path)):
            return participation_document_of(found, issuer, issuer.unit_path, request.acting.day)

    return document_file(request, make, f"tham-gia-{_name(found)}", back=found.get_absolute_url())


def _find(campaign_id: int) -> Campaign:
    return get_object_or_404(Campaign.objects.select_related("school_year"), pk=campaign_id)


def _name(found: Campaign) -> str:
    return f"khao-sat-{found.school_year_id}-{found.moment}"
