"""Blueprints (ma trận, đặc tả) as the whole province uses them: known to everybody, like exams."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q
from django.urls import reverse

from thucchat.web.people.models import Subject


class Blueprint(models.Model):
    """A matrix with its specification. Once a round uses it, it is kept as it is."""

    title = models.CharField("tên ma trận", max_length=150)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="blueprints", verbose_name="môn")
    grade = models.PositiveSmallIntegerField("khối")
    content = models.JSONField()  # see `engine.papers.blueprint_plain`
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (CheckConstraint(condition=Q(grade__range=(1, 12)), name="blueprint_grade"),)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("bank:blueprint", args=[self.pk])
