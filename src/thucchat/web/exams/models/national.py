"""Published means of every province: public figures, of no unit of ours."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint


class NationalMean(models.Model):
    """Mean of one subject of the graduation exam in one province and year."""

    year = models.PositiveSmallIntegerField("năm")
    province = models.CharField("tỉnh", max_length=60)
    subject = models.CharField("môn", max_length=60)
    count = models.PositiveIntegerField("số bài")
    mean = models.FloatField("điểm trung bình")

    class Meta:
        constraints = (
            UniqueConstraint(fields=["year", "province", "subject"], name="national_mean_once"),
            CheckConstraint(condition=Q(mean__range=(0, 10)), name="national_mean_scale"),
        )

    def __str__(self) -> str:
        return f"{self.province} {self.year} {self.subject}"
