"""Classes of a school year, and who sat in them from one day to another."""

from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.urls import reverse

from thucchat.engine.vietnamese import text_key
from thucchat.web.org.models import SchoolYear, Unit
from thucchat.web.people.models.people import Pupil, Staff
from thucchat.web.shared.constraints import one_a_day
from thucchat.web.shared.fields import path_field


class SchoolClass(models.Model):
    """A class of one school in one school year."""

    code = models.CharField("mã lớp", max_length=40, unique=True)
    school = models.ForeignKey(Unit, models.PROTECT, related_name="classes", verbose_name="trường")
    school_year = models.ForeignKey(
        SchoolYear, models.PROTECT, related_name="classes", verbose_name="năm học"
    )
    grade = models.PositiveSmallIntegerField("khối")
    name = models.CharField("tên lớp", max_length=20)
    sort_key = models.CharField(max_length=100, db_collation="C", editable=False)
    homeroom = models.ForeignKey(
        Staff,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="homerooms",
        verbose_name="giáo viên chủ nhiệm",
    )
    unit_path = path_field()

    class Meta:
        ordering = ("grade", "sort_key")
        indexes = (models.Index(fields=["unit_path"], name="class_path"),)
        constraints = (
            UniqueConstraint(fields=["school", "school_year", "name"], name="class_name_once"),
            CheckConstraint(condition=Q(grade__range=(1, 12)), name="class_grade"),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        """Keep the sort key in step with the name."""
        self.sort_key = text_key(self.name)
        super().save(*args, **options)

    def get_absolute_url(self) -> str:
        return reverse("people:class", args=[self.pk])


class Enrolment(models.Model):
    """A pupil in a class, by days; how the stay began and ended."""

    class Start(models.TextChoices):
        NEW = "new", "Tuyển mới"
        PROMOTED = "promoted", "Lên lớp"
        REPEATING = "repeat", "Lưu ban"
        MOVED_IN = "moved_in", "Chuyển đến"
        REGROUPED = "regroup", "Chuyển lớp trong trường"
        RETURNED = "returned", "Học lại"

    class End(models.TextChoices):
        PROMOTED = "promoted", "Lên lớp"
        REPEATING = "repeat", "Lưu ban"
        FINISHED = "finished", "Hoàn thành cấp học"
        MOVED_AWAY = "moved_away", "Chuyển đi"
        REGROUPED = "regroup", "Chuyển lớp trong trường"
        DROPPED_OUT = "dropout", "Thôi học"

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="enrolments")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="enrolments")
    days = DateRangeField()  # [from, to)
    start = models.CharField(max_length=10, choices=Start)
    end = models.CharField(max_length=10, choices=End, blank=True)
    unit_path = path_field()

    class Meta:
        ordering = ("days",)
        indexes = (models.Index(fields=["school_class"], name="enrolment_class"),)
        constraints = (
            one_a_day("enrolment_one_a_day", "pupil_id"),
            CheckConstraint(condition=Q(days__isempty=False), name="enrolment_some_day"),
            CheckConstraint(condition=Q(end="") ^ Q(days__upper_inf=False), name="enrolment_end_has_reason"),
        )

    def __str__(self) -> str:
        return f"{self.pupil_id} · {self.school_class_id}"
