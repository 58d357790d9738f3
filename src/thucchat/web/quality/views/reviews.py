"""Monthly reviews: the list, one with its agenda and actions, the meeting, the minute."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.models import SchoolYear
from thucchat.web.org.views.acts import carried_out
from thucchat.web.people.models import Staff
from thucchat.web.quality.actions import reviews as acts
from thucchat.web.quality.forms import ActionForm, MeetingForm, OutcomeForm
from thucchat.web.quality.models import Review
from thucchat.web.quality.permissions import LEADS_SCHOOL, SEES_REVIEWS
from thucchat.web.quality.queries.reviews import review_document_of, standing_of_review
from thucchat.web.quality.queries.visible import actions_visible_to, reviews_visible_to
from thucchat.web.shared.downloads import document_file, list_or_file
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.lists import Column

COLUMNS = [
    Column[Review]("Tháng", str),
    Column[Review]("Đơn vị", lambda row: row.unit.name),
    Column[Review]("Điểm cần bàn", lambda row: len(row.agenda), numeric=True),
    Column[Review]("Trạng thái", lambda row: row.get_state_display()),
]


@requires(SEES_REVIEWS)
def reviews(request: ActingRequest) -> HttpResponse:
    may_plan = request.acting.is_one_of(LEADS_SCHOOL)
    links = [("Lập chương trình tháng này", reverse("quality:review-plan"))] if may_plan else []
    rows = reviews_visible_to(request.acting)
    return list_or_file(request, "Rà soát hằng tháng", rows, COLUMNS, related=("unit",), actions=links)


@requires(LEADS_SCHOOL)
def plan(request: ActingRequest) -> HttpResponse:
    """A page to confirm on, since a link must change nothing."""
    acting = request.acting
    if request.method != "POST":
        context = {"title": "Lập chương trình rà soát tháng này", "forms": [], "verb": "Lập chương trình"}
        return render(request, "shared/form.html", context | {"back": reverse("quality:reviews")})
    year = SchoolYear.objects.filter(starts__lte=acting.day).order_by("-starts").first()
    try:
        if year is None:
            return redirect("quality:reviews")
        made = acts.plan_review(acting.unit, year, acting.day, by=request.user, at=timezone.now())
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect("quality:reviews")
    return redirect(made)


@requires(SEES_REVIEWS)
def review(request: ActingRequest, review_id: int) -> HttpResponse:
    found = _find(request, review_id)
    leads = request.acting.is_one_of(LEADS_SCHOOL)
    staff = _staff_of(found)
    context = {
        "review": found,
        "standing": standing_of_review(found, request.acting.day),
        "actions": found.actions.select_related("owner"),
        "meeting": MeetingForm(staff=staff, initial={"held_on": request.acting.day})
        if leads and found.state == Review.State.PLANNED
        else None,
        "may_confirm": leads and found.state == Review.State.HELD,
        "action_form": ActionForm(staff=staff) if leads and found.state != Review.State.CONFIRMED else None,
        "outcome": OutcomeForm() if leads else None,
    }
    return render(request, "quality/review.html", context)


@requires(LEADS_SCHOOL)
@require_POST
def hold(request: ActingRequest, review_id: int) -> HttpResponse:
    found = _find(request, review_id)
    form = MeetingForm(request.POST, staff=_staff_of(found))
    if not form.is_valid():
        reasons = [str(reason) for reasons in form.errors.values() for reason in reasons]
        messages.error(request, "Hãy ghi ngày họp, số người được mời, dự và kết luận. " + " ".join(reasons))
        return redirect(found)
    meeting = acts.Meeting(**form.cleaned_data)
    return carried_out(
        request, found, lambda: acts.hold_review(review_id, meeting, by=request.user, at=timezone.now())
    )


@requires(LEADS_SCHOOL)
@require_POST
def confirm(request: ActingRequest, review_id: int) -> HttpResponse:
    found = _find(request, review_id)
    return carried_out(
        request, found, lambda: acts.confirm_review(review_id, by=request.user, at=timezone.now())
    )


@requires(LEADS_SCHOOL)
@require_POST
def add(request: ActingRequest, review_id: int) -> HttpResponse:
    found = _find(request, review_id)
    form = ActionForm(request.POST, staff=_staff_of(found))
    if not form.is_valid():
        messages.error(request, "Hãy ghi nguyên nhân, việc cần làm, người làm và hạn.")
        return redirect(found)
    task = acts.Task(**form.cleaned_data)
    return carried_out(
        request, found, lambda: acts.add_action(review_id, task, by=request.user, at=timezone.now())
    )


@requires(LEADS_SCHOOL)
@require_POST
def end(request: ActingRequest, action_id: int) -> HttpResponse:
    rows = actions_visible_to(request.acting).select_related("review")
    found, form = get_object_or_404(rows, pk=action_id), OutcomeForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy ghi kết quả.")
        return redirect(found.review)
    text, done = form.cleaned_data["outcome"], "drop" not in request.POST
    return carried_out(
        request,
        found.review,
        lambda: acts.end_action(action_id, text, done=done, by=request.user, at=timezone.now()),
    )


@requires(SEES_REVIEWS)
def minute(request: ActingRequest, review_id: int) -> HttpResponse:
    found = _find(request, review_id)
    return document_file(
        request,
        lambda: review_document_of(found, request.acting.day),
        f"ra-soat-{found.pk}",
        back=found.get_absolute_url(),
    )


def _staff_of(found: Review) -> "QuerySet[Staff]":
    rows = Staff.objects.filter(unit=found.unit_id) | Staff.objects.filter(team=found.unit_id)
    return rows.filter(left_on=None).order_by("sort_key")


def _find(request: ActingRequest, review_id: int) -> Review:
    rows = reviews_visible_to(request.acting).select_related(
        "unit__parent", "school_year", "secretary", "chair"
    )
    return get_object_or_404(rows, pk=review_id)
