"""Handover of quality: a class × subject with the measured state of every pupil, from a giver to a receiver.

The state as handed over is kept in arrays, one entry a pupil, and never changed; what evidence or a re-test
alters afterwards stands beside it as corrections.
"""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.urls import reverse

from thucchat.web.org.models import SchoolYear, Unit
from thucchat.web.people.models import Pupil, SchoolClass, Staff, Subject
from thucchat.web.shared.fields import path_field
from thucchat.web.shared.states import Stateful


class Band(models.IntegerChoices):
    """The five groups of pupils (S3 2.6); where they are cut is dated data of the campaign."""

    WEAK = 1, "Yếu kém"
    BELOW = 2, "Trung bình yếu"
    MIDDLE = 3, "Trung bình khá"
    GOOD = 4, "Khá"
    EXCELLENT = 5, "Giỏi"


class Handover(Stateful):
    """One class and subject handed to one teacher; with several, each takes the act for his share."""

    class Kind(models.TextChoices):
        START = "start", "Đầu năm học"
        GRADE = "grade", "Giữa hai khối lớp"
        LEVEL = "level", "Giữa hai cấp học"
        CHANGE = "change", "Đổi giáo viên trong năm"

    class State(models.TextChoices):
        DRAFT = "draft", "Bản nháp"
        ISSUED = "issued", "Chờ bên nhận"
        DISPUTED = "disputed", "Bên nhận chưa đồng ý"
        RETEST = "retest", "Khảo sát lại"
        ADJUSTED = "adjusted", "Đã điều chỉnh, chờ bên nhận"
        UPHELD = "upheld", "Giữ nguyên, chờ bên nhận"
        ACCEPTED = "accepted", "Đã nhận bàn giao"
        LAPSED = "lapsed", "Có hiệu lực khi hết hạn"

    NEXT_STATES: ClassVar = {
        State.DRAFT: frozenset({State.ISSUED}),
        State.ISSUED: frozenset({State.ACCEPTED, State.DISPUTED, State.LAPSED}),
        State.DISPUTED: frozenset({State.RETEST, State.ADJUSTED, State.UPHELD}),
        State.RETEST: frozenset({State.ADJUSTED, State.UPHELD}),
        State.ADJUSTED: frozenset({State.ACCEPTED, State.LAPSED}),
        State.UPHELD: frozenset({State.ACCEPTED, State.LAPSED}),
    }
    STATE_NAME: ClassVar = "handover"
    CALLED: ClassVar = "Biên bản bàn giao"
    RECEIVERS_TURN: ClassVar = frozenset({State.ISSUED, State.ADJUSTED, State.UPHELD})

    school_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="handovers")
    kind = models.CharField("loại bàn giao", max_length=6, choices=Kind, default=Kind.START)
    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, related_name="handovers", verbose_name="lớp"
    )
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+", verbose_name="môn")
    giver = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="given_handovers", verbose_name="bên giao"
    )
    giver_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="given_handovers", verbose_name="trường giao"
    )
    giver_called = models.CharField(
        max_length=250, blank=True
    )  # the receiver cannot see another school's staff
    receiver = models.ForeignKey(
        Staff, models.PROTECT, related_name="received_handovers", verbose_name="bên nhận"
    )
    share = models.DecimalField("phần phụ trách", max_digits=4, decimal_places=3, default=1)
    source = models.CharField("căn cứ", max_length=200)  # the campaign and run the state was measured by
    pupils = ArrayField(models.BigIntegerField())
    scores = ArrayField(models.SmallIntegerField(null=True))  # hundredths of a point; null: not measured
    errors = ArrayField(models.SmallIntegerField(null=True))  # standard errors, hundredths of a point
    bands = ArrayField(models.SmallIntegerField(null=True))  # Band
    weak = ArrayField(models.CharField(max_length=200, blank=True))  # outcome codes not reached, by blanks
    state = models.CharField("trạng thái", max_length=9, choices=State, default=State.DRAFT)
    answer_by = models.DateField("hạn trả lời", null=True)
    objection = models.CharField("ý kiến bên nhận", max_length=1000, blank=True)
    ruling = models.CharField("kết luận của hiệu trưởng", max_length=1000, blank=True)
    closed_at = models.DateTimeField(null=True)
    unit_path = path_field()  # of the class

    class Meta:
        ordering = ("school_class", "subject")
        indexes = (models.Index(fields=["school_year", "unit_path"], name="handover_year_path"),)
        constraints = (
            CheckConstraint(condition=~Q(giver=F("receiver")) | Q(giver=None), name="handover_two_people"),
            CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="handover_share"),
            CheckConstraint(
                condition=Q(state__in=("accepted", "lapsed")) ^ Q(closed_at=None), name="handover_dated"
            ),
            CheckConstraint(
                condition=Q(state="draft") ^ Q(answer_by__isnull=False), name="handover_has_limit"
            ),
            CheckConstraint(
                condition=~Q(state__in=("disputed", "retest")) | ~Q(objection=""), name="handover_objects_why"
            ),
            CheckConstraint(
                condition=~Q(state__in=("adjusted", "upheld")) | ~Q(ruling=""), name="handover_ruled_why"
            ),
            UniqueConstraint(
                fields=["school_year", "kind", "school_class", "subject", "receiver"], name="handover_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.school_class} · {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("quality:handover", args=[self.pk])

    @property
    def is_over(self) -> bool:
        return self.state not in self.NEXT_STATES


class HandoverCorrection(models.Model):
    """What evidence or a re-test found of one pupil after the state was handed over. Never changed."""

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="corrections")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="+")
    score = models.SmallIntegerField(null=True)  # hundredths of a point; null: cannot be measured
    error = models.SmallIntegerField(null=True)
    evidence = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    unit_path = path_field()

    class Meta:
        ordering = ("pk",)
        constraints = (
            CheckConstraint(condition=Q(score=None) | Q(score__range=(0, 1000)), name="correction_scale"),
            CheckConstraint(condition=~Q(evidence=""), name="correction_has_evidence"),
        )

    def __str__(self) -> str:
        return f"{self.handover_id} · {self.pupil_id}"
