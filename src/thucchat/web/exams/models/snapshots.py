"""Finished reports: computed once, then read by page, PDF, Word and Excel alike."""

from django.db import models
from django.db.models import UniqueConstraint

from thucchat.web.shared.fields import path_field


class Snapshot(models.Model):
    """One report as a document tree, valid while the data has the same fingerprint."""

    key = models.CharField(max_length=150)  # what it is about: see `queries.cuts`
    fingerprint = models.CharField(max_length=64)  # of the data and of the program
    report = models.JSONField()  # every number, as `thucchat analyse … --json` prints it
    document = models.JSONField()  # the tree, see `queries.trees`
    made_at = models.DateTimeField(auto_now=True)
    unit_path = path_field()

    class Meta:
        constraints = (UniqueConstraint(fields=["key", "unit_path"], name="snapshot_once"),)

    def __str__(self) -> str:
        return self.key


class SnapshotFile(models.Model):
    """A document that takes longer than a page may: made in the background, kept with its snapshot."""

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="files")
    kind = models.CharField(max_length=4)
    content = models.BinaryField()
    unit_path = path_field()

    class Meta:
        constraints = (UniqueConstraint(fields=["snapshot", "kind"], name="snapshot_file_once"),)

    def __str__(self) -> str:
        return f"{self.snapshot_id}.{self.kind}"
