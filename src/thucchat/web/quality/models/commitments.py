"""Commitments: what a teacher, a team head, a principal or a district promises for a school year."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.urls import reverse

from thucchat.web.org.models import SchoolYear, Unit
from thucchat.web.people.models import Staff
from thucchat.web.shared.fields import path_field
from thucchat.web.shared.states import Stateful


class Commitment(Stateful):
    """One signed paper: the targets as they stood, whoever changes them later."""

    class Level(models.TextChoices):
        TEACHER = "teacher", "Giáo viên"
        TEAM = "team", "Tổ chuyên môn"
        SCHOOL = "school", "Nhà trường (người đứng đầu)"
        DISTRICT = "district", "Phòng giáo dục, xã"

    class State(models.TextChoices):
        DRAFT = "draft", "Chờ người cam kết kí"
        SIGNED = "signed", "Chờ cấp trên kí nhận"
        IN_FORCE = "in_force", "Có hiệu lực"
        RETURNED = "returned", "Trả lại để sửa"

    NEXT_STATES: ClassVar = {
        State.DRAFT: frozenset({State.SIGNED}),
        State.SIGNED: frozenset({State.IN_FORCE, State.RETURNED}),
        State.RETURNED: frozenset({State.SIGNED}),
    }
    STATE_NAME: ClassVar = "commitment"
    CALLED: ClassVar = "Bản cam kết"

    school_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="commitments")
    level = models.CharField("cấp", max_length=8, choices=Level)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="commitments", verbose_name="đơn vị")
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="commitments")
    measures = models.TextField("biện pháp", blank=True)  # what the signer will do, in his words
    content = models.JSONField(default=list)  # the targets at the moment of signing
    content_hash = models.CharField(max_length=64, blank=True)
    state = models.CharField("trạng thái", max_length=9, choices=State, default=State.DRAFT)
    sign_by = models.DateField("hạn kí")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(null=True)
    returned_why = models.CharField("lí do trả lại", max_length=500, blank=True)
    unit_path = path_field()

    class Meta:
        ordering = ("unit_path", "pk")
        indexes = (models.Index(fields=["school_year", "unit_path"], name="commitment_year_path"),)
        constraints = (
            CheckConstraint(condition=Q(level="teacher") ^ Q(staff=None), name="commitment_of_a_teacher"),
            CheckConstraint(
                condition=Q(state="draft") ^ Q(signed_at__isnull=False), name="commitment_signed"
            ),
            CheckConstraint(condition=Q(signed_at=None) ^ ~Q(content_hash=""), name="commitment_hashed"),
            CheckConstraint(condition=Q(state="in_force") ^ Q(received_at=None), name="commitment_received"),
            CheckConstraint(
                condition=Q(received_by=None) | ~Q(received_by=F("signed_by")), name="commitment_two_people"
            ),
            CheckConstraint(
                condition=~Q(state="returned") | ~Q(returned_why=""), name="commitment_returned_why"
            ),
            UniqueConstraint(
                fields=["school_year", "level", "unit", "staff"], nulls_distinct=False, name="commitment_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.unit_id}"

    def get_absolute_url(self) -> str:
        return reverse("quality:commitment", args=[self.pk])
