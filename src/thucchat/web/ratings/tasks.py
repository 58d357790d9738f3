"""Background work of ratings: thin callers of actions."""

from typing import Any

from django.utils import timezone

from thucchat.web.exams.models import Campaign
from thucchat.web.org.models import User
from thucchat.web.ratings.models import RuleBook
from thucchat.web.shared.jobs import Progress, job


@job("ratings.compute")
def compute_run(progress: Progress, **arguments: Any) -> str:
    # The models bring libraries that the web process, which loads this file too, never needs.
    from thucchat.web.quality.queries.fields import fields_of
    from thucchat.web.ratings.actions.computing import compute

    progress(0, 1, "Đang tính giá trị gia tăng và xếp hạng")
    campaign = Campaign.objects.select_related("school_year").get(pk=arguments["campaign_id"])
    book = RuleBook.objects.get(pk=arguments["book_id"])
    by = User.objects.get(pk=arguments["user_id"])
    return compute(campaign, book, fields_of(campaign), by=by, at=timezone.now()).get_absolute_url()
