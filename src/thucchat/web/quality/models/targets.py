"""Targets: what a unit or a teacher is to reach, passed down so that children add up to their parent.

Amounts are whole: pupils for a share, hundredths of a point summed over pupils for a mean.
"""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.urls import reverse

from thucchat.web.org.models import SchoolYear, Unit
from thucchat.web.people.models import SchoolClass, Staff
from thucchat.web.shared.fields import path_field
from thucchat.web.shared.states import Stateful


class Target(Stateful):
    """One indicator for one holder in one school year."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Chờ đơn vị, cá nhân nhận"
        COUNTERED = "countered", "Đề nghị mức khác"
        AGREED = "agreed", "Đã thống nhất"
        SIGNED = "signed", "Đã kí cam kết"

    NEXT_STATES: ClassVar = {
        State.PROPOSED: frozenset({State.AGREED, State.COUNTERED}),
        State.COUNTERED: frozenset({State.AGREED, State.PROPOSED}),
        State.AGREED: frozenset({State.SIGNED, State.PROPOSED}),  # back when a neighbour's counter moved it
    }
    STATE_NAME: ClassVar = "target"
    CALLED: ClassVar = "Chỉ tiêu"

    class Measure(models.TextChoices):
        SHARE = "share", "Số học sinh đạt"
        MEAN = "mean", "Điểm trung bình"

    school_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="targets")
    indicator = models.CharField(
        "chỉ tiêu", max_length=40
    )  # a code of the catalogue, or of the province's own
    version = models.CharField("phiên bản", max_length=20)
    measure = models.CharField(max_length=5, choices=Measure)
    threshold = models.PositiveSmallIntegerField(null=True)  # hundredths of a point a pupil must reach
    field = models.CharField("môn", max_length=12, blank=True)  # of subjects; "" for all
    grade = models.PositiveSmallIntegerField("khối", null=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="targets", verbose_name="đơn vị")
    staff = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="targets", verbose_name="giáo viên"
    )
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, null=True, related_name="targets")
    pupils = models.PositiveIntegerField("số học sinh")
    pupil_ids = ArrayField(
        models.BigIntegerField(), default=list, blank=True
    )  # of a class; and, beside each,
    aims = ArrayField(models.SmallIntegerField(), default=list, blank=True)  # what is asked of the pupil
    expected = models.FloatField()  # without the target, in the unit of `amount`
    amount = models.PositiveBigIntegerField("mức giao")
    chance = models.FloatField("khả năng đạt", null=True)  # 0-1, told before anybody signs
    rebased = models.PositiveBigIntegerField(
        "mức tính lại", null=True
    )  # beside the signed one, after a shock
    state = models.CharField("trạng thái", max_length=9, choices=State, default=State.PROPOSED)
    answer_by = models.DateField("hạn trả lời", null=True)
    unit_path = path_field()

    class Meta:
        ordering = ("unit_path", "pk")
        indexes = (models.Index(fields=["school_year", "unit_path"], name="target_year_path"),)
        constraints = (
            CheckConstraint(
                condition=Q(measure="share", amount__lte=F("pupils"))
                | Q(measure="mean", amount__lte=F("pupils") * 1000),
                name="target_within_reach",
            ),
            CheckConstraint(condition=Q(measure="share") ^ Q(threshold=None), name="target_threshold"),
            CheckConstraint(condition=Q(rebased=None) | Q(state="signed"), name="target_rebased_beside"),
            CheckConstraint(condition=Q(chance=None) | Q(chance__range=(0, 1)), name="target_chance"),
            UniqueConstraint(
                fields=[
                    "school_year", "indicator", "field", "grade", "threshold",
                    "unit", "staff", "school_class",
                ],
                nulls_distinct=False,
                name="target_once",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.indicator} {self.field}".strip()

    def get_absolute_url(self) -> str:
        return reverse("quality:target", args=[self.pk])


class TargetVoice(models.Model):
    """What was said about a target, and why: proposed, countered, agreed, signed, re-based. Never changed."""

    class Kind(models.TextChoices):
        PROPOSED = "proposed", "Giao"
        COUNTERED = "countered", "Đề nghị mức khác"
        AGREED = "agreed", "Thống nhất"
        MOVED = "moved", "Đổi theo đơn vị bên cạnh"
        SIGNED = "signed", "Kí cam kết"
        REBASED = "rebased", "Tính lại"

    target = models.ForeignKey(Target, models.PROTECT, related_name="voices")
    kind = models.CharField(max_length=9, choices=Kind)
    amount = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    unit_path = path_field()

    class Meta:
        ordering = ("pk",)
        constraints = (
            CheckConstraint(
                condition=~Q(kind__in=("countered", "rebased")) | ~Q(reason=""), name="voice_gives_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"
