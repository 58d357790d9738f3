"""Answers as they were read: a file for one subject of an exam with its key, one compact row a candidate."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.urls import reverse

from thucchat.web.exams.models import Exam
from thucchat.web.people.models import Pupil
from thucchat.web.shared.fields import path_field
from thucchat.web.shared.states import Stateful

SEPARATOR = "|"  # between the answers of a row
NOT_PRESENTED, UNREADABLE = "-", "?"  # an answer that is neither is as written; an empty one was left blank


class ResponseFile(Stateful):
    """One file. What it says is never changed: a corrected file is another one, which takes its place."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Đang đọc"
        READ = "read", "Đã đọc"
        REFUSED = "refused", "Không dùng được"
        REPLACED = "replaced", "Đã có tệp khác thay"

    NEXT_STATES: ClassVar = {
        State.UPLOADED: frozenset({State.READ, State.REFUSED}),
        State.READ: frozenset({State.REPLACED}),
    }
    STATE_NAME: ClassVar = "responses"
    CALLED: ClassVar = "Tệp bài làm"

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="response_files")
    subject = models.CharField("môn", max_length=60)  # as in `Exam.subjects`
    file_name = models.CharField("tệp", max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField("trạng thái", max_length=8, choices=State, default=State.UPLOADED)
    items = models.JSONField(default=list)  # item, key, points (text or null), in canonical order
    persons = models.PositiveIntegerField("số bài", default=0)
    unknown = models.PositiveIntegerField("không rõ thí sinh", default=0)  # no such candidate in the exam
    problems = models.JSONField(default=list)  # the first of them: sheet, line, column, message
    refusal = models.CharField(max_length=500, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    unit_path = path_field()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            CheckConstraint(condition=Q(state="refused") ^ Q(refusal=""), name="response_file_why_not"),
            CheckConstraint(
                condition=~Q(state__in=("read", "replaced")) | Q(persons__gte=1),
                name="response_file_has_rows",
            ),
            UniqueConstraint(
                fields=["exam", "subject"], condition=Q(state="read"), name="response_file_one_counts"
            ),
        )

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("results:responses", args=[self.pk])


class ResponseContent(models.Model):
    """The file and its key until they are read, kept apart so that lists never load them."""

    file = models.OneToOneField(ResponseFile, models.CASCADE, primary_key=True, related_name="content")
    source = models.BinaryField(default=b"")
    key = models.BinaryField(default=b"")  # a file; empty where the key was typed
    typed_key = models.TextField(blank=True)
    unit_path = path_field()

    def __str__(self) -> str:
        return f"content of {self.file_id}"


class CandidateAnswers(models.Model):
    """One candidate. Missing is never zero: absent, blank, unreadable and cancelled stay apart."""

    class Status(models.IntegerChoices):
        """Codes of `engine.measurement.scoring.State`."""

        SAT = 0, "Có bài"
        CANCELLED = 3, "Bị hủy"
        ABSENT = 4, "Vắng"

    file = models.ForeignKey(ResponseFile, models.CASCADE, related_name="rows", db_index=False)
    sbd = models.CharField("số báo danh", max_length=20, db_collation="C")
    pupil = models.ForeignKey(Pupil, models.PROTECT, null=True, related_name="+")
    status = models.PositiveSmallIntegerField(choices=Status, default=Status.SAT)
    answers = models.TextField()  # in the order of the file's items, see the module's constants
    unit_path = path_field()  # of the class on the day of the exam; else of the school, of the province

    class Meta:
        constraints = (
            UniqueConstraint(fields=["file", "sbd"], name="answers_once"),
            CheckConstraint(condition=Q(status__in=(0, 3, 4)), name="answers_status"),
        )

    def __str__(self) -> str:
        return self.sbd
