"""Pupils and staff, as they are today; where they were on another day is told by enrolments and postings."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q
from django.urls import reverse

from thucchat.engine.vietnamese import name_key, tidy, unaccented
from thucchat.web.org.models import Unit
from thucchat.web.people.ethnic_groups import ETHNIC_GROUPS
from thucchat.web.shared.fields import path_field


class Sex(models.TextChoices):
    """Codes of the ministry's database."""

    MALE = "01", "Nam"
    FEMALE = "02", "Nữ"


class Person(models.Model):
    """What pupils and staff have in common."""

    code = models.CharField("mã định danh", max_length=20, unique=True)
    personal_id = models.CharField("số định danh cá nhân", max_length=12, blank=True)
    full_name = models.CharField("họ và tên", max_length=100)
    sort_key = models.CharField(max_length=400, db_collation="C", editable=False)
    search = models.CharField(max_length=150, editable=False)
    born_on = models.DateField("ngày sinh")
    sex = models.CharField("giới tính", max_length=2, choices=Sex)
    ethnic = models.CharField("dân tộc", max_length=2, choices=ETHNIC_GROUPS, blank=True)
    unit_path = path_field()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **options: Any) -> None:
        """Keep the texts that follow from the name in step with it."""
        self.full_name = tidy(self.full_name)
        self.sort_key, self.search = name_key(self.full_name), unaccented(self.full_name)
        super().save(*args, **options)


class Pupil(Person):
    """A pupil. `unit_path` is the class's path while enrolled, else that of the last school."""

    class Status(models.TextChoices):
        STUDYING = "01", "Đang học"
        MOVED_AWAY = "04", "Chuyển đi"
        LEFT = "05", "Thôi học"
        FINISHED = "20", "Hoàn thành cấp học, ra trường"

    school = models.ForeignKey(Unit, models.PROTECT, related_name="pupils", verbose_name="trường")
    current_class = models.ForeignKey(
        "people.SchoolClass", models.PROTECT, null=True, blank=True, related_name="pupils", verbose_name="lớp"
    )
    grade = models.PositiveSmallIntegerField("khối", null=True, blank=True)
    status = models.CharField("trạng thái", max_length=2, choices=Status, default=Status.STUDYING)
    is_boarding = models.BooleanField("nội trú, bán trú", default=False)
    is_poor = models.BooleanField("hộ nghèo, cận nghèo", default=False)
    policies = ArrayField(
        models.CharField(max_length=40), verbose_name="đối tượng chính sách", default=list, blank=True
    )
    has_disability = models.BooleanField("học hòa nhập", default=False)
    birthplace = models.CharField("nơi sinh", max_length=200, blank=True)
    address = models.CharField("chỗ ở hiện nay", max_length=200, blank=True)

    class Meta:
        ordering = ("sort_key", "pk")
        indexes = (
            models.Index(fields=["unit_path", "sort_key"], name="pupil_path_sort"),
            models.Index(
                fields=["sort_key", "id"],
                include=["unit_path", "status", "grade", "search"],
                name="pupil_sort",
            ),
            models.Index(fields=["school", "sort_key"], name="pupil_school_sort"),
            models.Index(fields=["unit_path", "status", "grade"], name="pupil_count"),
        )
        constraints = (
            CheckConstraint(condition=Q(status="01") ^ Q(current_class=None), name="pupil_studies_in_class"),
            CheckConstraint(condition=Q(status="01") ^ Q(grade=None), name="pupil_grade_while_studying"),
            CheckConstraint(
                condition=Q(personal_id="") | Q(personal_id__regex=r"^\d{12}$"), name="pupil_personal_id"
            ),
        )

    def get_absolute_url(self) -> str:
        return reverse("people:pupil", args=[self.pk])


class Staff(Person):
    """A manager, a teacher or another employee. `unit_path` is that of the school today."""

    class Position(models.TextChoices):
        PRINCIPAL = "principal", "Hiệu trưởng"
        VICE = "vice", "Phó hiệu trưởng"
        TEACHER = "teacher", "Giáo viên"
        CLERK = "clerk", "Nhân viên"
        OFFICER = "officer", "Chuyên viên"

    class Qualification(models.TextChoices):
        """Codes of the ministry's database."""

        INTERMEDIATE = "05", "Trung cấp"
        COLLEGE = "06", "Cao đẳng"
        UNIVERSITY = "07", "Đại học"
        MASTER = "08", "Thạc sĩ"
        DOCTOR = "09", "Tiến sĩ"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="staff", verbose_name="đơn vị công tác")
    team = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="team_staff", verbose_name="tổ chuyên môn"
    )
    position = models.CharField("vị trí việc làm", max_length=10, choices=Position)
    is_team_head = models.BooleanField("tổ trưởng", default=False)
    is_core = models.BooleanField("giáo viên cốt cán", default=False)
    qualification = models.CharField("trình độ", max_length=2, choices=Qualification, blank=True)
    subjects = ArrayField(
        models.CharField(max_length=12), verbose_name="lĩnh vực dạy", default=list, blank=True
    )
    left_on = models.DateField("nghỉ việc từ ngày", null=True, blank=True)

    class Meta:
        ordering = ("sort_key", "pk")
        indexes = (models.Index(fields=["unit_path", "sort_key"], name="staff_path_sort"),)
        constraints = (
            CheckConstraint(
                condition=Q(personal_id="") | Q(personal_id__regex=r"^\d{12}$"), name="staff_personal_id"
            ),
        )

    def get_absolute_url(self) -> str:
        return reverse("people:staff", args=[self.pk])
