"""What a school reports of a sitting: who was absent and why, and what went wrong."""

from django.conf import settings
from django.db import models
from django.db.models import UniqueConstraint

from thucchat.web.exams.models.candidates import Candidate, Site
from thucchat.web.exams.models.sittings import Sitting
from thucchat.web.shared.fields import path_field


class SittingReport(models.Model):
    """A school has reported a sitting. Without this row nothing is known: not that nobody was absent."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="reports")
    site = models.ForeignKey(Site, models.PROTECT, related_name="reports")
    listed = models.PositiveIntegerField("trong danh sách")  # when it was reported
    absent = models.PositiveIntegerField("vắng")
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    unit_path = path_field()

    class Meta:
        constraints = (UniqueConstraint(fields=["sitting", "site"], name="sitting_reported_once"),)

    def __str__(self) -> str:
        return f"{self.site_id} · {self.sitting_id}"

    @property
    def present(self) -> int:
        return self.listed - self.absent


class Absence(models.Model):
    """A candidate who did not write a paper."""

    class Reason(models.TextChoices):
        ILLNESS = "illness", "Ốm, tai nạn"
        FAMILY = "family", "Việc gia đình"
        OTHER = "other", "Lí do khác"
        UNKNOWN = "unknown", "Không rõ lí do"

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="absences")
    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="absences")
    reason = models.CharField("lí do vắng", max_length=7, choices=Reason)
    unit_path = path_field()

    class Meta:
        constraints = (UniqueConstraint(fields=["sitting", "candidate"], name="absent_once"),)

    def __str__(self) -> str:
        return self.get_reason_display()


class Incident(models.Model):
    """Something that went wrong at a sitting, in one room, with one candidate, or in the whole school."""

    class Kind(models.TextChoices):
        PAPER = "paper", "Đề in lỗi, thiếu đề"
        SHEET = "sheet", "Phiếu, bài làm hỏng hoặc thiếu"
        CONDUCT = "conduct", "Vi phạm quy chế"
        HEALTH = "health", "Thí sinh ốm giữa giờ"
        OTHER = "other", "Việc khác"

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="incidents")
    site = models.ForeignKey(Site, models.PROTECT, related_name="incidents")
    room = models.PositiveSmallIntegerField("phòng", null=True)
    candidate = models.ForeignKey(Candidate, models.PROTECT, null=True, related_name="incidents")
    kind = models.CharField("loại sự cố", max_length=7, choices=Kind)
    text = models.CharField("diễn biến, cách xử lí", max_length=1000)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    unit_path = path_field()

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return self.get_kind_display()
