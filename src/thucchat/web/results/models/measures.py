"""What a run gave: a row an item, a row a candidate. Points are those of the key; abilities are in logits."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.urls import reverse

from thucchat.web.people.models import Pupil
from thucchat.web.results.models.runs import MeasureRun
from thucchat.web.shared.fields import path_field


class ItemMeasure(models.Model):
    """One item of a run: statistics of its answers, and its parameters on the run's scale."""

    run = models.ForeignKey(MeasureRun, models.CASCADE, related_name="items", db_index=False)
    place = models.PositiveSmallIntegerField()  # canonical, from 1
    name = models.CharField("câu", max_length=40)
    key = models.CharField("đáp án", max_length=100)
    highest = models.FloatField("điểm tối đa")
    statistics = models.JSONField()  # fields of `engine.measurement.classical.ItemStatistics`, null for NaN
    parameters = models.JSONField(null=True)  # as `engine.measurement.irt.stored` reads them; null: none

    class Meta:
        ordering = ("place",)
        constraints = (UniqueConstraint(fields=["run", "place"], name="item_measure_once"),)

    def __str__(self) -> str:
        return self.name


class PupilMeasure(models.Model):
    """One candidate in one run; null where the answers do not determine a number."""

    run = models.ForeignKey(MeasureRun, models.CASCADE, related_name="measures", db_index=False)
    sbd = models.CharField("số báo danh", max_length=20, db_collation="C")
    pupil = models.ForeignKey(Pupil, models.PROTECT, null=True, related_name="measures")
    points = models.FloatField("điểm", null=True)
    waiting = models.PositiveSmallIntegerField("ô chưa đọc được", default=0)
    ability = models.FloatField("năng lực (EAP)", null=True)
    ability_error = models.FloatField(null=True)
    likely = models.FloatField("năng lực (WLE)", null=True)
    likely_error = models.FloatField(null=True)
    unit_path = path_field()  # as of the answers

    class Meta:
        indexes = (models.Index(fields=["run", "unit_path"], name="measure_run_path"),)
        constraints = (
            UniqueConstraint(fields=["run", "sbd"], name="measure_once"),
            CheckConstraint(
                condition=Q(ability=None, ability_error=None)
                | Q(ability__isnull=False, ability_error__isnull=False, ability_error__gt=0),
                name="measure_with_error",
            ),
            CheckConstraint(
                condition=Q(likely=None, likely_error=None)
                | Q(likely__isnull=False, likely_error__isnull=False, likely_error__gt=0),
                name="measure_likely_error",
            ),
        )

    def __str__(self) -> str:
        return self.sbd

    def get_absolute_url(self) -> str:
        if self.pupil_id is None:
            return reverse("results:run", args=[self.run_id])
        return reverse("results:pupil", args=[self.pupil_id])
