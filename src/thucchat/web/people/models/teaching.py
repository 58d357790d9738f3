"""Subjects, who teaches what to whom, and where staff were posted; all by days."""

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import CheckConstraint, Q

from thucchat.web.org.models import Unit
from thucchat.web.people.models.classes import SchoolClass
from thucchat.web.people.models.people import Staff
from thucchat.web.shared.constraints import one_a_day
from thucchat.web.shared.fields import path_field


class Subject(models.Model):
    """A subject of one level in one curriculum."""

    class Kind(models.TextChoices):
        SCORED = "scored", "Nhận xét và điểm số"
        COMMENT = "comment", "Nhận xét"

    code = models.CharField("mã môn", max_length=20, unique=True)
    name = models.CharField("tên môn", max_length=80)
    level = models.CharField("cấp học", max_length=4)
    grades = ArrayField(models.PositiveSmallIntegerField(), verbose_name="khối")
    curriculum = models.CharField("chương trình", max_length=4)  # 2006, 2018
    kind = models.CharField("cách đánh giá", max_length=7, choices=Kind)
    field = models.CharField("lĩnh vực", max_length=12)  # the same from level to level: TOAN, VAN, …
    is_elective = models.BooleanField("môn lựa chọn", default=False)
    periods = ArrayField(models.PositiveSmallIntegerField(), verbose_name="số tiết một năm")  # one a grade

    class Meta:
        ordering = ("level", "code")

    def __str__(self) -> str:
        return self.name


class Assignment(models.Model):
    """A teacher teaches a subject to a class; two who take turns share it."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="assignments", verbose_name="giáo viên")
    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, related_name="assignments", verbose_name="lớp"
    )
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="assignments", verbose_name="môn")
    share = models.DecimalField("phần phụ trách", max_digits=4, decimal_places=3, default=1)
    days = DateRangeField()
    unit_path = path_field()

    class Meta:
        ordering = ("school_class", "subject")
        indexes = (models.Index(fields=["unit_path"], name="assignment_path"),)
        constraints = (
            CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="assignment_share"),
            one_a_day("assignment_once", "staff_id", "school_class_id", "subject_id"),
        )

    def __str__(self) -> str:
        return f"{self.staff_id} · {self.school_class_id} · {self.subject_id}"


class Posting(models.Model):
    """Where a member of staff worked, by days, and as what."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="postings")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="postings")
    team = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="team_postings")
    position = models.CharField(max_length=10, choices=Staff.Position)
    days = DateRangeField()
    unit_path = path_field()

    class Meta:
        ordering = ("days",)
        constraints = (one_a_day("posting_once", "staff_id", "unit_id"),)

    def __str__(self) -> str:
        return f"{self.staff_id} · {self.unit_id}"
