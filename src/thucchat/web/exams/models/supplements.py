"""Additions to a frozen list: a school, or pupils of a school, that the freezing left out."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q

from thucchat.web.exams.models.campaigns import Campaign
from thucchat.web.org.models import Unit
from thucchat.web.shared.fields import path_field


class Supplement(models.Model):
    """One addition, kept for good: it is told wherever the list is, and never changed."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="supplements")
    school = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    day = models.DateField("ngày")  # whose pupils became candidates
    candidates = models.PositiveIntegerField("thí sinh")
    reason = models.CharField("lí do", max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    unit_path = path_field()  # of the school

    class Meta:
        ordering = ("pk",)
        constraints = (
            CheckConstraint(condition=Q(candidates__gte=1), name="supplement_of_somebody"),
            CheckConstraint(condition=~Q(reason=""), name="supplement_reasoned"),
        )

    def __str__(self) -> str:
        return f"{self.school_id} · {self.day}"
