"""Acceptance at the end of the year: what was reached against what was promised, agreed by both (D5)."""

from dataclasses import dataclass
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.urls import reverse

from thucchat.web.people.models import Pupil
from thucchat.web.quality.models.commitments import Commitment
from thucchat.web.shared.fields import path_field
from thucchat.web.shared.states import Stateful


class Evidence(models.TextChoices):
    """What the result can carry: a label rests on more than the error of measurement."""

    MET = "met", "Đạt"
    WITHIN = "within", "Chưa đủ chứng cứ: phần thiếu nằm trong sai số"
    MISSED = "missed", "Chưa đạt"
    UNKNOWN = "unknown", "Chưa đủ chứng cứ: thiếu số liệu"


NORMAL_95 = 1.645  # one-sided: below the target by more than the error of measurement explains
MOST_MISSING = 0.2  # share of the pupils that count without a result, beyond which nothing is concluded


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was reached of one target."""

    counted: int  # pupils who count: those asked for, less those excepted
    excepted: int
    missing: int  # that count and have no result
    amount: int  # asked of those who count
    reached: int
    error: float  # pupils

    @property
    def evidence(self) -> Evidence:
        """What the result can carry; missing is never missed."""
        if not self.counted or self.missing > MOST_MISSING * self.counted:
            return Evidence.UNKNOWN
        if self.reached >= self.amount:
            return Evidence.MET
        return Evidence.WITHIN if self.amount - self.reached <= NORMAL_95 * self.error else Evidence.MISSED


class Acceptance(Stateful):
    """The minute for one commitment."""

    class State(models.TextChoices):
        PREPARED = "prepared", "Chờ cấp trên kết luận"
        PROPOSED = "proposed", "Chờ người cam kết kí"
        DISPUTED = "disputed", "Người cam kết chưa đồng ý"
        CLOSED = "closed", "Đã nghiệm thu"

    NEXT_STATES: ClassVar = {
        State.PREPARED: frozenset({State.PROPOSED}),
        State.PROPOSED: frozenset({State.CLOSED, State.DISPUTED}),
        State.DISPUTED: frozenset({State.PROPOSED}),
    }
    STATE_NAME: ClassVar = "acceptance"
    CALLED: ClassVar = "Biên bản nghiệm thu"

    commitment = models.OneToOneField(Commitment, models.PROTECT, related_name="acceptance")
    results = models.JSONField(default=list)  # per target: amount, reached, error, evidence
    content_hash = models.CharField(max_length=64)
    conclusion = models.CharField("kết luận", max_length=1000, blank=True)
    objection = models.CharField("ý kiến người cam kết", max_length=1000, blank=True)
    state = models.CharField("trạng thái", max_length=8, choices=State, default=State.PREPARED)
    answer_by = models.DateField("hạn trả lời")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    unit_path = path_field()

    class Meta:
        ordering = ("unit_path", "pk")
        constraints = (
            CheckConstraint(condition=Q(state="closed") ^ Q(closed_at=None), name="acceptance_closed"),
            CheckConstraint(condition=Q(state="prepared") ^ ~Q(conclusion=""), name="acceptance_concluded"),
            CheckConstraint(condition=~Q(state="disputed") | ~Q(objection=""), name="acceptance_objects_why"),
            CheckConstraint(
                condition=Q(closed_by=None) | ~Q(closed_by=F("proposed_by")), name="acceptance_two_people"
            ),
        )

    def __str__(self) -> str:
        return str(self.commitment_id)

    def get_absolute_url(self) -> str:
        return reverse("quality:acceptance", args=[self.pk])


class Exemption(models.Model):
    """A pupil whose result does not count for a commitment, as two persons agree."""

    class Reason(models.TextChoices):
        ILLNESS = "illness", "Ốm dài ngày"
        MOVED = "moved", "Chuyển đi, chuyển đến trong năm"
        LEFT = "left", "Thôi học"
        INCLUSION = "inclusion", "Học hòa nhập theo kế hoạch riêng"
        OTHER = "other", "Lí do khác"

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="exemptions")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="+")
    reason = models.CharField("lí do", max_length=9, choices=Reason)
    evidence = models.CharField("minh chứng", max_length=300)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    unit_path = path_field()

    class Meta:
        constraints = (
            CheckConstraint(
                condition=Q(agreed_by=None) ^ Q(agreed_at__isnull=False), name="exemption_agreed"
            ),
            CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=F("asked_by")), name="exemption_two_people"
            ),
            CheckConstraint(condition=~Q(evidence=""), name="exemption_has_evidence"),
            models.UniqueConstraint(fields=["commitment", "pupil"], name="exemption_once"),
        )

    def __str__(self) -> str:
        return f"{self.commitment_id} · {self.pupil_id}"
