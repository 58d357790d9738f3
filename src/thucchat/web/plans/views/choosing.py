"""What the pages of targets have in common: the year, the indicator and the unit that an address names."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from thucchat.engine.planning.indicators import Indicator, all_indicators
from thucchat.web.org.acting import ActingRequest
from thucchat.web.org.models import Unit
from thucchat.web.org.queries.tree import units_visible_to
from thucchat.web.plans.queries.years import PlanYear, chosen_year, known_years


def years_for(request: ActingRequest) -> tuple[PlanYear, list[PlanYear]]:
    """The year asked for, and all that may be."""
    years = known_years(request.acting.day)
    return chosen_year(years, request.GET.get("nam", ""), request.acting.day), years


def find_indicator(code: str) -> Indicator:
    """Raises Http404."""
    found = all_indicators().get(code)
    if found is None:
        raise Http404
    return found


def find_unit(request: ActingRequest, unit_id: int) -> Unit:
    """A unit at or below the user's own. Raises Http404."""
    unit: Unit = get_object_or_404(units_visible_to(request.acting), pk=unit_id)
    return unit
