"""School years."""

from datetime import date

from django.db import models
from django.db.models import CheckConstraint, F, Q


class SchoolYear(models.Model):
    """One school year, such as 2024-2025; a day of July and August belongs to the year that ended."""

    code = models.CharField("năm học", max_length=9, primary_key=True)
    starts = models.DateField("bắt đầu")
    ends = models.DateField("kết thúc")

    class Meta:
        ordering = ("code",)
        constraints = (
            CheckConstraint(condition=Q(starts__lt=F("ends")), name="year_in_order"),
            CheckConstraint(condition=Q(code__regex=r"^\d{4}-\d{4}$"), name="year_code"),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def first_of_september(self) -> date:
        return date(int(self.code[:4]), 9, 1)

    @property
    def next_code(self) -> str:
        first = int(self.code[:4]) + 1
        return f"{first}-{first + 1}"
