"""Accounts, and the roles they hold in a unit from one day to another."""

from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.urls import reverse

from thucchat.web.org.models.units import Unit
from thucchat.web.shared.fields import path_field


class Role(models.TextChoices):
    """What a person is in a unit; what each may do is said in each app's permissions."""

    LEADER = "leader", "Lãnh đạo Sở"
    TESTING = "testing", "Phòng Quản lý chất lượng (khảo thí)"
    OFFICE = "office", "Phòng chuyên môn của Sở"
    DISTRICT = "district", "Cán bộ phòng giáo dục, xã"
    PRINCIPAL = "principal", "Hiệu trưởng"
    TEAM_HEAD = "team_head", "Tổ trưởng chuyên môn"
    TEACHER = "teacher", "Giáo viên"
    CLERK = "clerk", "Văn thư, nhân viên dữ liệu"
    INSPECTOR = "inspector", "Thanh tra"
    AUDITOR = "auditor", "Kiểm toán (chỉ xem)"


OFFICERS = frozenset({Role.LEADER, Role.TESTING, Role.OFFICE, Role.DISTRICT, Role.PRINCIPAL, Role.INSPECTOR})


class User(AbstractUser):
    """A person who signs in."""

    first_name = None  # type: ignore[assignment]  # Vietnamese names are one text
    last_name = None  # type: ignore[assignment]  # as above
    full_name = models.CharField("họ và tên", max_length=100)
    staff_code = models.CharField("mã cán bộ", max_length=20, blank=True)  # ties a teacher to the staff list

    REQUIRED_FIELDS = ["email", "full_name"]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name


class Grant(models.Model):
    """A role in a unit; it counts from `valid_from` until the day before `valid_to`."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.CharField("vai trò", max_length=10, choices=Role)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="grants", verbose_name="đơn vị")
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến trước ngày", null=True, blank=True)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="given_grants")
    unit_path = path_field()

    class Meta:
        ordering = ("pk",)
        constraints = (
            CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="grant_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.unit.name}"

    def get_absolute_url(self) -> str:
        return reverse("org:user", args=[self.user_id])

    def counts_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)
