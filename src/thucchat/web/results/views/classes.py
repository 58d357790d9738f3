"""Results of one's own classes, of one class pupil by pupil, and of one pupil over time."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from thucchat.web.exams.models import Campaign
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.people.queries.visible import classes_visible_to, pupils_visible_to
from thucchat.web.results.forms import CampaignChoice
from thucchat.web.results.permissions import HAS_CLASSES, SEES_CLASS_RESULTS, SEES_PUPIL_RESULTS
from thucchat.web.results.queries.classes import campaigns_of, class_means, class_table
from thucchat.web.results.queries.pupils import pictures_of, scores_of


@requires(HAS_CLASSES)
def classes(request: ActingRequest) -> HttpResponse:
    """Classes that a teacher teaches or heads, of a team, or of a school."""
    campaign = _chosen(request) or Campaign.objects.filter(opens_on__lte=request.acting.day).first()
    means = class_means(request.acting, campaign) if campaign else []
    form = CampaignChoice(initial={"dot": campaign})
    return render(request, "results/classes.html", {"campaign": campaign, "means": means, "filters": form})


@requires(SEES_CLASS_RESULTS)
def school_class(request: ActingRequest, class_id: int) -> HttpResponse:
    rows = classes_visible_to(request.acting).select_related("school", "school_year")
    found = get_object_or_404(rows, pk=class_id)
    campaigns = list(campaigns_of(found))
    wanted = _chosen(request)
    begun = [one for one in campaigns if one.opens_on <= request.acting.day]
    campaign = next((one for one in campaigns if one == wanted), begun[0] if begun else None)
    context = {
        "school_class": found,
        "campaign": campaign,
        "campaigns": campaigns,
        "table": class_table(found, campaign) if campaign else None,
    }
    return render(request, "results/class.html", context)


@requires(SEES_PUPIL_RESULTS)
def pupil(request: ActingRequest, pupil_id: int) -> HttpResponse:
    rows = pupils_visible_to(request.acting).select_related("school", "current_class")
    found = get_object_or_404(rows, pk=pupil_id)
    scores = scores_of(found, request.acting)
    context = {"pupil": found, "scores": scores, "pictures": pictures_of(scores)}
    return render(request, "results/pupil.html", context)


def _chosen(request: ActingRequest) -> Campaign | None:
    """The survey that the address asks for."""
    form = CampaignChoice(request.GET)
    return form.cleaned_data["dot"] if form.is_valid() else None
