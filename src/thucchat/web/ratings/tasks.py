"""Background work of ratings: thin callers of actions."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from thucchat.web.exams.models import Campaign
from thucchat.web.org.models import User
from thucchat.web.ratings.models import Rating, RuleBook
from thucchat.web.shared.clock import today
from thucchat.web.shared.jobs import Progress, job
from thucchat.web.shared.scope import Scope


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


@job("ratings.pupils")
def list_pupils(progress: Progress, **arguments: Any) -> str:
    from thucchat.web.ratings.actions.pupil_lists import write_pupils

    progress(0, 1, "Đang đối chiếu với số liệu đã dùng để tính")
    rating = Rating.objects.select_related("run__campaign__school_year", "unit", "staff").get(
        pk=arguments["rating_id"]
    )
    by, scope = User.objects.get(pk=arguments["user_id"]), Scope(arguments["path"])
    file = write_pupils(rating, scope=scope, by=by, on=today())
    return reverse("people:exported", args=[file.pk])
