"""Exams: a catalogue of the whole province, like school years."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.urls import reverse

from thucchat.web.exams.models.campaigns import Campaign


class Exam(models.Model):
    """One exam of one year. What stands in it is told by its applied imports."""

    class Kind(models.TextChoices):
        GRADUATION = "graduation", "Thi tốt nghiệp THPT"
        ENTRANCE = "entrance", "Tuyển sinh lớp 10"
        SURVEY = "survey", "Khảo sát chất lượng"
        OTHER = "other", "Kì thi, khảo sát khác"

    code = models.SlugField("mã kì thi", max_length=30, unique=True)
    name = models.CharField("tên kì thi", max_length=150)
    kind = models.CharField("loại kì thi", max_length=10, choices=Kind)
    year = models.PositiveSmallIntegerField("năm thi")
    held_on = models.DateField("ngày thi đầu tiên")  # units and enrolments are those of this day
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, editable=False, related_name="exams"
    )  # of a survey
    grade = models.PositiveSmallIntegerField("khối", null=True, editable=False)  # that a survey is of
    subjects = ArrayField(models.CharField(max_length=60), default=list, editable=False)  # order of scores
    candidates = models.PositiveIntegerField(default=0, editable=False)
    source = models.CharField(max_length=300, blank=True, editable=False)  # names of the applied files
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)  # SHA-256 of the applied files
    published_at = models.DateTimeField("công bố lúc", null=True, editable=False)  # see `web.results`

    class Meta:
        ordering = ("-held_on", "code")
        constraints = (
            CheckConstraint(condition=Q(year__range=(2000, 2100)), name="exam_year"),
            CheckConstraint(condition=Q(campaign=None) ^ Q(grade__range=(1, 12)), name="exam_of_a_grade"),
            CheckConstraint(condition=Q(candidates=0) ^ ~Q(fingerprint=""), name="exam_has_source"),
            UniqueConstraint(fields=["campaign", "grade"], name="exam_once_a_grade"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("exams:exam", args=[self.pk])
