"""Sittings: when a grade writes each paper of a survey."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from thucchat.engine.measurement.results.subjects import subject_label
from thucchat.engine.planning.timetable import Slot
from thucchat.web.exams.models.exams import Exam


class Sitting(models.Model):
    """One paper of one grade, at the same time in every school; known to everybody, like exams.

    That a grade never has two papers at once is also a constraint of the table (migration 0006).
    """

    class Shift(models.IntegerChoices):
        MORNING = 1, "Sáng"
        AFTERNOON = 2, "Chiều"

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="sittings")
    subject = models.CharField("môn", max_length=60)  # as in `Exam.subjects`
    day = models.DateField("ngày")
    shift = models.PositiveSmallIntegerField("ca", choices=Shift)
    starts = models.TimeField("giờ bắt đầu")
    minutes = models.PositiveSmallIntegerField("số phút")

    class Meta:
        ordering = ("exam__grade", "day", "starts")
        constraints = (
            UniqueConstraint(fields=["exam", "subject"], name="sitting_once"),
            CheckConstraint(condition=Q(minutes__range=(5, 300)), name="sitting_minutes"),
        )

    def __str__(self) -> str:
        return f"{self.label}, {self.starts:%H:%M} {self.day:%d/%m/%Y}"

    @property
    def label(self) -> str:
        return subject_label(self.subject)

    @property
    def slot(self) -> Slot:
        """The paper as the engine checks it."""
        return Slot(self.subject, self.day, self.shift, self.starts, self.minutes)
