"""Rules: one rule set, and starting a run with it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from thucchat.engine.growth.rating import rules_from_plain
from thucchat.web.exams.models import Campaign
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.ratings.models import RuleBook
from thucchat.web.ratings.permissions import ANSWERS, MAKES_RATINGS, SEES_RATINGS
from thucchat.web.shared.jobs import start_work


@requires(SEES_RATINGS)
def rules(request: ActingRequest, rulebook_id: int) -> HttpResponse:
    found = get_object_or_404(RuleBook, pk=rulebook_id)
    may_run = request.acting.is_one_of(MAKES_RATINGS) and found.state == RuleBook.State.FROZEN
    content = rules_from_plain(found.content)
    whole = sum(one.weight for one in content.components)
    context = {
        "book": found,
        "rules": content,
        "components": [(one, 100 * one.weight / whole) for one in content.components],
        "may_freeze": request.acting.is_one_of(ANSWERS) and found.state == RuleBook.State.DRAFT,
        "may_run": may_run and _last_survey(found) is not None,
    }
    return render(request, "ratings/rules.html", context)


@requires(MAKES_RATINGS)
@require_POST
def start(request: ActingRequest, rulebook_id: int) -> HttpResponse:
    found = get_object_or_404(RuleBook, pk=rulebook_id)
    campaign = _last_survey(found)
    if campaign is None:
        messages.error(request, "Khảo sát cuối năm chưa chốt nên chưa tính được.")
        return redirect(found)
    work = start_work(
        "ratings.compute", title=f"Tính {found}", acting=request.acting, campaign_id=campaign.pk,
        book_id=found.pk, user_id=request.user.pk,
    )  # fmt: skip
    return redirect(work)


def _last_survey(found: RuleBook) -> Campaign | None:
    ends = Campaign.objects.filter(school_year=found.school_year_id, moment=Campaign.Moment.END)
    return ends.filter(state=Campaign.State.CLOSED).first()
