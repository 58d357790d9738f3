"""Runs of a rule set over a year's results, the ratings they gave, and what was said against them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.urls import reverse

from thucchat.web.exams.models import Campaign
from thucchat.web.org.models import Unit
from thucchat.web.people.models import Staff
from thucchat.web.ratings.models.rules import RuleBook
from thucchat.web.shared.fields import path_field
from thucchat.web.shared.states import Stateful

DAYS_TO_OBJECT = 10
LACKING = {
    "start": "chưa có kết quả đầu năm",
    "end": "chưa có kết quả cuối năm",
    "both": "chưa có cả hai kết quả",
}


class Run(Stateful):
    """One computation; the same rules and inputs give the same ratings."""

    class State(models.TextChoices):
        COMPUTED = "computed", "Đã tính, chờ công bố"
        PUBLISHED = "published", "Đã công bố"
        WITHDRAWN = "withdrawn", "Đã rút"

    NEXT_STATES: ClassVar = {
        State.COMPUTED: frozenset({State.PUBLISHED, State.WITHDRAWN}),
        State.PUBLISHED: frozenset({State.WITHDRAWN}),
    }
    STATE_NAME: ClassVar = "run"
    CALLED: ClassVar = "Lần xếp loại"

    rules = models.ForeignKey(RuleBook, models.PROTECT, related_name="runs")
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="runs")  # the year's last survey
    inputs = models.CharField(max_length=64)  # fingerprint of every number that went in
    fields = models.JSONField(default=list)  # pairs in the order of `inputs`: field, column of its results
    counts = models.JSONField(default=dict)  # rated and not rated, by kind
    state = models.CharField("trạng thái", max_length=9, choices=State, default=State.COMPUTED)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    object_by = models.DateField("hạn khiếu nại", null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="run_published"
            ),
            CheckConstraint(
                condition=Q(published_at=None) ^ Q(object_by__isnull=False), name="run_objections"
            ),
        )

    def __str__(self) -> str:
        return f"Xếp loại năm học {self.rules.school_year_id}"

    def get_absolute_url(self) -> str:
        return reverse("ratings:run", args=[self.pk])


class Rating(models.Model):
    """One teacher, school or district in one run. Never changed: a correction is a new run."""

    class Kind(models.TextChoices):
        DISTRICT = "district", "Huyện, xã"
        SCHOOL = "school", "Trường"
        TEACHER = "teacher", "Giáo viên"

    run = models.ForeignKey(Run, models.PROTECT, related_name="ratings")
    kind = models.CharField(max_length=8, choices=Kind)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="ratings")
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="ratings")
    parts = models.JSONField()  # of the points: component, value, error, weight, points
    points = models.FloatField("điểm", null=True)  # 0-100
    error = models.FloatField(default=0)
    label = models.CharField("xếp loại", max_length=40, blank=True)
    certain = models.BooleanField(default=False)
    rank = models.PositiveIntegerField("hạng", null=True)
    best = models.PositiveIntegerField(null=True)
    worst = models.PositiveIntegerField(null=True)
    pupils = models.PositiveIntegerField("học sinh được tính")
    left_out = models.PositiveIntegerField("học sinh không được tính")  # without one of the two results
    excluded = models.JSONField(default=dict)  # those by what they lack, a key of LACKING
    reason = models.CharField(max_length=200, blank=True)  # why not rated
    unit_path = path_field()

    class Meta:
        ordering = ("kind", "rank", "pk")
        indexes = (models.Index(fields=["run", "kind", "rank"], name="rating_ranked"),)
        constraints = (
            CheckConstraint(condition=Q(kind="teacher") ^ Q(staff=None), name="rating_of_a_teacher"),
            CheckConstraint(condition=Q(points=None) ^ Q(reason=""), name="rating_or_reason"),
            CheckConstraint(condition=Q(points=None) | Q(points__range=(0, 100)), name="rating_scale"),
            CheckConstraint(
                condition=Q(rank=None) | Q(best__gte=1, best__lte=F("rank"), worst__gte=F("rank")),
                name="rating_in_its_set",
            ),
            UniqueConstraint(
                fields=["run", "kind", "unit", "staff"], nulls_distinct=False, name="rating_once"
            ),
        )

    def __str__(self) -> str:
        return self.called

    def get_absolute_url(self) -> str:
        return reverse("ratings:rating", args=[self.pk])

    @property
    def called(self) -> str:
        """The name of who is rated."""
        return f"{self.staff.full_name}, {self.unit.name}" if self.staff else self.unit.name


# What tells pupils of one rating apart in the frames of `queries.inputs`: a unit's key, or a teacher's.
GROUPS = {Rating.Kind.DISTRICT: "area", Rating.Kind.SCHOOL: "school_id", Rating.Kind.TEACHER: "staff_id"}


class Objection(Stateful):
    """Somebody rated says why his rating is wrong; another person answers."""

    class State(models.TextChoices):
        OPEN = "open", "Chờ trả lời"
        UPHELD = "upheld", "Khiếu nại đúng, sẽ tính lại"
        REFUSED = "refused", "Giữ kết quả"

    NEXT_STATES: ClassVar = {State.OPEN: frozenset({State.UPHELD, State.REFUSED})}
    STATE_NAME: ClassVar = "objection"
    CALLED: ClassVar = "Khiếu nại"

    rating = models.ForeignKey(Rating, models.PROTECT, related_name="objections")
    text = models.CharField("nội dung", max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.CharField("trả lời", max_length=1000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    state = models.CharField("trạng thái", max_length=7, choices=State, default=State.OPEN)
    unit_path = path_field()

    class Meta:
        ordering = ("pk",)
        constraints = (
            CheckConstraint(
                condition=Q(state="open", answered_by=None, answer="")
                | (~Q(state="open") & Q(answered_by__isnull=False) & ~Q(answer="")),
                name="objection_answered",
            ),
            CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("by")), name="objection_two_people"
            ),
        )

    def __str__(self) -> str:
        return self.text[:60]
