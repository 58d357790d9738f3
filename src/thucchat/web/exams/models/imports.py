"""Files of results on their way into the tables: read, looked at, applied, perhaps taken back."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q
from django.urls import reverse

from thucchat.web.exams.models.exams import Exam
from thucchat.web.shared.fields import path_field
from thucchat.web.shared.states import Stateful


class ResultImport(Stateful):
    """One file: results of an exam, or the national table when there is no exam."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Đang đọc"
        PREVIEWED = "previewed", "Chờ duyệt"
        APPLIED = "applied", "Đã ghi"
        UNDONE = "undone", "Đã hoàn tác"
        REFUSED = "refused", "Không ghi"

    NEXT_STATES: ClassVar = {
        State.UPLOADED: {State.PREVIEWED, State.REFUSED},
        State.PREVIEWED: {State.APPLIED, State.REFUSED},
        State.APPLIED: {State.UNDONE},
    }
    STATE_NAME: ClassVar = "results"
    CALLED: ClassVar = "Tệp"

    exam = models.ForeignKey(Exam, models.PROTECT, null=True, related_name="imports")
    file_name = models.CharField("tệp", max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField("trạng thái", max_length=9, choices=State, default=State.UPLOADED)
    counts = models.JSONField(default=dict)  # lines by what they do: new, changed, same, missing
    columns = models.JSONField(default=list)  # heading and what it was taken for
    why = models.CharField("lí do đổi điểm", max_length=300, blank=True)
    refusal = models.CharField(max_length=500, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    unit_path = path_field()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            CheckConstraint(
                condition=Q(state__in=("applied", "undone")) ^ Q(applied_at=None), name="result_import_dated"
            ),
            CheckConstraint(condition=Q(state="undone") ^ Q(undone_at=None), name="result_import_undone"),
            CheckConstraint(condition=Q(state="refused") ^ Q(refusal=""), name="result_import_why_not"),
        )

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("exams:import", args=[self.pk])


class ResultContent(models.Model):
    """The heavy parts of an import, kept apart so that lists never load them. Frames are Arrow files."""

    batch = models.OneToOneField(ResultImport, models.CASCADE, primary_key=True, related_name="content")
    source = models.BinaryField(default=b"")  # the file, until it is read
    rows = models.BinaryField(default=b"")  # what it says, until it is applied
    problems = models.BinaryField(default=b"")
    changes = models.BinaryField(default=b"")  # differences to what stands, for people
    undo = models.BinaryField(default=b"")  # what stood before
    unit_path = path_field()

    def __str__(self) -> str:
        return f"content of {self.batch_id}"
