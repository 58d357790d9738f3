"""The monthly review of a team or a school, and the actions that come out of it (D4)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.urls import reverse

from thucchat.web.org.models import SchoolYear, Unit
from thucchat.web.people.models import Staff
from thucchat.web.quality.models.targets import Target
from thucchat.web.shared.fields import path_field
from thucchat.web.shared.states import Stateful


class Review(Stateful):
    """One month's meeting: an agenda drawn up from the data, what was concluded, the minute."""

    class State(models.TextChoices):
        PLANNED = "planned", "Chờ họp"
        HELD = "held", "Đã họp, chờ duyệt biên bản"
        CONFIRMED = "confirmed", "Biên bản đã duyệt"

    NEXT_STATES: ClassVar = {
        State.PLANNED: frozenset({State.HELD}),
        State.HELD: frozenset({State.CONFIRMED, State.PLANNED}),
    }
    STATE_NAME: ClassVar = "review"
    CALLED: ClassVar = "Buổi rà soát"

    school_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="reviews")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reviews", verbose_name="tổ, trường")
    month = models.DateField("tháng")  # its first day
    agenda = models.JSONField(default=list)  # as drawn up: targets behind, actions open
    conclusion = models.TextField("kết luận", blank=True)
    invited = models.PositiveSmallIntegerField("số người được mời", null=True)
    present = models.PositiveSmallIntegerField("số người dự", null=True)
    absent = models.JSONField("người vắng", default=list)  # each with name and reason
    place = models.CharField("địa điểm", max_length=150, blank=True)
    standing = models.JSONField(default=dict)  # as the meeting saw it: see `queries.progress`
    state = models.CharField("trạng thái", max_length=9, choices=State, default=State.PLANNED)
    held_on = models.DateField("ngày họp", null=True)
    chair = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    secretary = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name="thư kí cuộc họp"
    )
    unit_path = path_field()

    class Meta:
        ordering = ("-month", "unit_path")
        constraints = (
            CheckConstraint(
                condition=Q(invited=None) | Q(invited__gte=F("present")), name="review_no_more_than_invited"
            ),
            CheckConstraint(condition=Q(state="planned") ^ Q(held_on__isnull=False), name="review_held"),
            CheckConstraint(condition=Q(month__day=1), name="review_of_a_month"),
            UniqueConstraint(fields=["unit", "month"], name="review_once_a_month"),
        )

    def __str__(self) -> str:
        return f"{self.month:%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("quality:review", args=[self.pk])


class ReviewAction(Stateful):
    """Something somebody will do by a day, because a target is behind."""

    class State(models.TextChoices):
        OPEN = "open", "Đang làm"
        DONE = "done", "Đã xong"
        DROPPED = "dropped", "Thôi không làm"

    NEXT_STATES: ClassVar = {State.OPEN: frozenset({State.DONE, State.DROPPED})}
    STATE_NAME: ClassVar = "action"
    CALLED: ClassVar = "Việc cần làm"

    review = models.ForeignKey(Review, models.PROTECT, related_name="actions")
    target = models.ForeignKey(Target, models.PROTECT, null=True, related_name="actions")
    cause = models.CharField("nguyên nhân", max_length=500)
    what = models.CharField("việc cần làm", max_length=500)
    owner = models.ForeignKey(Staff, models.PROTECT, related_name="actions", verbose_name="người làm")
    due_on = models.DateField("hạn")
    outcome = models.CharField("kết quả", max_length=500, blank=True)
    state = models.CharField("trạng thái", max_length=7, choices=State, default=State.OPEN)
    unit_path = path_field()

    class Meta:
        ordering = ("due_on", "pk")
        constraints = (
            CheckConstraint(condition=Q(state="open") ^ ~Q(outcome=""), name="action_ends_with_outcome"),
        )

    def __str__(self) -> str:
        return self.what
