"""Survey campaigns: the list, one with its exams and who took part, and its steps."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from thucchat.engine.planning.surveys import annex_codes, annex_of
from thucchat.engine.vietnamese import vi_date
from thucchat.web.exams.actions.campaigns import close_campaign, plan_campaign, remind_schools, start_campaign
from thucchat.web.exams.forms import CampaignForm
from thucchat.web.exams.forms_sites import ClosingForm, SeatsForm
from thucchat.web.exams.models import Campaign
from thucchat.web.exams.permissions import HOLDS_CAMPAIGNS, SEES_RESULTS
from thucchat.web.exams.queries.participation import participation
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.models import SchoolYear
from thucchat.web.org.views.acts import carried_out
from thucchat.web.shared.downloads import list_or_file
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.lists import Column
from thucchat.web.shared.scope import below

State = Campaign.State
COLUMNS = [
    Column[Campaign]("Đợt khảo sát", str),
    Column[Campaign]("Từ ngày", lambda row: vi_date(row.opens_on)),
    Column[Campaign]("Đến hết ngày", lambda row: vi_date(row.closes_on)),
    Column[Campaign]("Trạng thái", lambda row: row.get_state_display()),
]


@requires(SEES_RESULTS)
def campaigns(request: ActingRequest) -> HttpResponse:
    may_plan = request.acting.is_one_of(HOLDS_CAMPAIGNS)
    links = [("Lập đợt khảo sát", reverse("exams:campaign-add"))] if may_plan else []
    return list_or_file(request, "Khảo sát chất lượng", Campaign.objects.all(), COLUMNS, actions=links)


@requires(HOLDS_CAMPAIGNS)
def add(request: ActingRequest) -> HttpResponse:
    form = CampaignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_planned(request, form.cleaned_data))
        except RuleBroken as broken:
            form.add_error("opens_on", str(broken))
    context = {"title": "Lập đợt khảo sát", "forms": [form], "back": reverse("exams:campaigns")}
    return render(request, "shared/form.html", context | {"verb": "Lập đợt khảo sát"})


def _planned(request: ActingRequest, facts: dict[str, Any]) -> Campaign:
    year = SchoolYear.objects.filter(starts__lte=facts["opens_on"]).order_by("-starts").first()
    if year is None:
        raise RuleBroken("campaign.days", "Chưa có năm học nào chứa ngày này.")
    days, moment = (facts["opens_on"], facts["closes_on"]), Campaign.Moment(facts["moment"])
    return plan_campaign(year, moment, days, annex=annex_codes()[-1], by=request.user, at=timezone.now())


@requires(SEES_RESULTS)
def campaign(request: ActingRequest, campaign_id: int) -> HttpResponse:
    found = get_object_or_404(Campaign.objects.select_related("school_year"), pk=campaign_id)
    schools = participation(found, request.acting.scope.path)
    enrolled, sat = (sum(getattr(one, name) for one in schools) for name in ("enrolled", "sat"))
    plan = annex_of(found.annex.split(" ")[0])
    context = {
        "campaign": found,
        "exams": found.exams.order_by("grade"),
        "schools": schools,
        "enrolled": enrolled,
        "sat": sat,
        "taking_part": sum(one.sat > 0 for one in schools),
        "plan": plan,
        "may_hold": request.acting.is_one_of(HOLDS_CAMPAIGNS),
        "supplements": found.supplements.filter(below(request.acting.scope.path)).select_related("school"),
    }
    return render(request, "exams/campaign.html", context | _forms(request, found, plan.holding.seats))


def _forms(request: ActingRequest, found: Campaign, seats: int) -> dict[str, object]:
    """What the office may do next, with the form that each act asks for."""
    may_hold = request.acting.is_one_of(HOLDS_CAMPAIGNS)
    may_list = may_hold and found.listed_on is None and found.state != State.CLOSED
    return {
        "seats": SeatsForm(initial={"seats": seats}) if may_list else None,
        "may_supplement": may_hold and found.listed_on is not None and found.state != State.CLOSED,
        "closing": ClosingForm() if may_hold and found.state == State.RUNNING else None,
    }


@requires(HOLDS_CAMPAIGNS)
@require_POST
def start(request: ActingRequest, campaign_id: int) -> HttpResponse:
    found = get_object_or_404(Campaign, pk=campaign_id)
    day = request.acting.day
    return carried_out(
        request, found, lambda: start_campaign(found.pk, by=request.user, at=timezone.now(), day=day)
    )


@requires(HOLDS_CAMPAIGNS)
@require_POST
def close(request: ActingRequest, campaign_id: int) -> HttpResponse:
    found, form = get_object_or_404(Campaign, pk=campaign_id), ClosingForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return carried_out(
        request, found, lambda: close_campaign(found.pk, by=request.user, at=timezone.now(), reason=reason)
    )


@requires(HOLDS_CAMPAIGNS)
@require_POST
def remind(request: ActingRequest, campaign_id: int) -> HttpResponse:
    found = get_object_or_404(Campaign, pk=campaign_id)
    count = remind_schools(campaign_id, by=request.user, at=timezone.now())
    messages.success(
        request, f"Đã ghi nhắc {count} trường chưa có kết quả; trường thấy ở trang đợt khảo sát."
    )
    return redirect(found)
