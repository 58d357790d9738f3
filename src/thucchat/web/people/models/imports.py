"""Files brought in: one batch a file, what it holds until it is applied, and mappings people have made."""

import hashlib
from collections.abc import Sequence
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.urls import reverse

from thucchat.web.org.models import SchoolYear, Unit
from thucchat.web.shared.fields import path_field
from thucchat.web.shared.states import Stateful


class ImportBatch(Stateful):
    """One file on its way into the tables."""

    class Kind(models.TextChoices):
        STAFF = "staff", "Cán bộ, giáo viên"
        CLASSES = "classes", "Lớp"
        PUPILS = "pupils", "Học sinh"
        ASSIGNMENTS = "assignments", "Phân công giảng dạy"

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Đã tải lên"
        READ = "read", "Chờ ghép cột"
        PREVIEWED = "previewed", "Chờ duyệt"
        APPLIED = "applied", "Đã nhập"
        UNDONE = "undone", "Đã hoàn tác"
        REFUSED = "refused", "Không nhập"

    NEXT_STATES: ClassVar = {
        State.UPLOADED: {State.READ, State.REFUSED},
        State.READ: {State.READ, State.PREVIEWED, State.REFUSED},
        State.PREVIEWED: {State.READ, State.PREVIEWED, State.APPLIED, State.REFUSED},
        State.APPLIED: {State.UNDONE},
    }
    STATE_NAME: ClassVar = "import"
    CALLED: ClassVar = "Lần nhập"

    kind = models.CharField("loại danh sách", max_length=11, choices=Kind)
    file_name = models.CharField("tệp", max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField("trạng thái", max_length=9, choices=State, default=State.UPLOADED)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="imports")  # whose rows it may touch
    school = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="school_imports")
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="imports")
    effective_on = models.DateField("áp dụng từ ngày")
    mapping = models.JSONField(default=dict)  # heading to field, as a person chose
    counts = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64, blank=True)  # of the preview that was shown
    refusal = models.CharField(max_length=500, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="imports")
    created_at = models.DateTimeField(auto_now_add=True)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    unit_path = path_field()

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=["unit_path", "-id"], name="import_path"),)
        constraints = (
            CheckConstraint(
                condition=Q(state__in=("applied", "undone")) ^ Q(applied_at=None), name="import_applied_dated"
            ),
            CheckConstraint(condition=Q(state="undone") ^ Q(undone_at=None), name="import_undone_dated"),
            CheckConstraint(condition=Q(state="refused") ^ Q(refusal=""), name="import_refused_why"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.file_name}"

    def get_absolute_url(self) -> str:
        return reverse("people:import", args=[self.pk])


class ImportContent(models.Model):
    """The heavy parts of a batch, kept apart so that lists never load them. Each goes when done with."""

    batch = models.OneToOneField(ImportBatch, models.CASCADE, primary_key=True, related_name="content")
    columns = models.JSONField(default=list)  # headings seen, with guesses and samples
    source = models.BinaryField(default=b"")  # the file, until it is read
    sheets = models.BinaryField(default=b"")  # its cells, until it is applied
    problems = models.BinaryField(default=b"")  # as a frame
    lines = models.BinaryField(default=b"")  # what the file would change, line by line, as a frame
    missing = models.BinaryField(default=b"")  # who is not in the file, as a frame
    undo = models.BinaryField(default=b"")  # what it changed
    unit_path = path_field()

    def __str__(self) -> str:
        return f"content of {self.batch_id}"


class SavedMapping(models.Model):
    """How a person mapped the columns of one source; used again for files with the same headings."""

    kind = models.CharField(max_length=11, choices=ImportBatch.Kind)
    signature = models.CharField(max_length=64)  # of the headings
    mapping = models.JSONField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    unit_path = path_field()

    class Meta:
        constraints = (
            UniqueConstraint(fields=["unit_path", "kind", "signature"], name="mapping_once_a_source"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.signature[:8]}"

    @staticmethod
    def signature_of(headings: Sequence[str]) -> str:
        """The same for every file of one source, whatever the order of its columns."""
        return hashlib.sha256("\n".join(sorted(headings)).encode()).hexdigest()


class ExportedFile(models.Model):
    """A list written in the background, to be fetched by the person who asked for it."""

    name = models.CharField(max_length=120)
    content = models.BinaryField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports")
    created_at = models.DateTimeField(auto_now_add=True)
    unit_path = path_field()

    def __str__(self) -> str:
        return self.name
