"""Runs of measurement: what answers to one subject's questions say of questions and of pupils."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.urls import reverse

from thucchat.web.exams.models import Exam
from thucchat.web.results.models.responses import ResponseFile
from thucchat.web.shared.states import Stateful


class MeasureRun(Stateful):
    """One computation. The same inputs and program give the same numbers; a correction is a new run.

    What it tells of the whole province is shown by `queries.visible.runs_visible_to` only.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Đang tính"
        COMPUTED = "computed", "Đã tính"
        WITHDRAWN = "withdrawn", "Đã rút"

    class Model(models.TextChoices):
        TWO_PL = "2pl", "Hai tham số (2PL; GPCM cho câu nhiều mức điểm)"
        PCM = "pcm", "Một tham số (Rasch; PCM cho câu nhiều mức điểm)"

    class Linking(models.TextChoices):
        NONE = "none", "Không nối"
        STOCKING_LORD = "stocking-lord", "Stocking–Lord qua câu chung"
        FIXED = "fixed", "Giữ nguyên tham số câu chung"

    NEXT_STATES: ClassVar = {
        State.WAITING: frozenset({State.COMPUTED, State.WITHDRAWN}),
        State.COMPUTED: frozenset({State.WITHDRAWN}),
    }
    STATE_NAME: ClassVar = "measuring"
    CALLED: ClassVar = "Lần phân tích"

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="measure_runs")
    subject = models.CharField("môn", max_length=60)
    file = models.ForeignKey(ResponseFile, models.PROTECT, related_name="measure_runs")
    model = models.CharField("mô hình", max_length=3, choices=Model, default=Model.TWO_PL)
    linking = models.CharField("nối thang", max_length=13, choices=Linking, default=Linking.NONE)
    target = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="linked", verbose_name="nối với"
    )  # an earlier run of the subject, on whose scale the abilities are put
    anchors = models.JSONField(default=list)  # names of the common items; empty: all of the same name and key
    state = models.CharField("trạng thái", max_length=9, choices=State, default=State.WAITING)
    inputs = models.CharField(max_length=64)  # fingerprint of file, key, settings and target
    version = models.CharField(max_length=30, blank=True)  # of the program that computed it
    summary = models.JSONField(default=dict)  # as `actions.measuring` writes it
    link = models.JSONField(default=dict)  # constants with errors, common items, cautions; or `refusal`
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-pk",)
        constraints = (
            CheckConstraint(condition=Q(linking="none") ^ Q(target__isnull=False), name="measuring_linked"),
            CheckConstraint(condition=Q(target=None) | ~Q(target=F("id")), name="measuring_not_itself"),
            CheckConstraint(condition=~Q(state="computed") | ~Q(version=""), name="measuring_versioned"),
        )

    def __str__(self) -> str:
        return f"Phân tích {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("results:run", args=[self.pk])


class RunReport(models.Model):
    """The report on the items of a run, drawn in the background, then kept."""

    run = models.OneToOneField(MeasureRun, models.CASCADE, primary_key=True, related_name="report")
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"report of {self.run_id}"
