"""Who changed which row, when and why; written by the database itself, so bulk changes are kept too."""

from django.conf import settings
from django.db import models

from thucchat.web.shared.fields import path_field


class Change(models.Model):
    """One row inserted, updated or deleted. `before` and `after` hold the columns that differ."""

    class Operation(models.TextChoices):
        INSERT = "I", "Thêm"
        UPDATE = "U", "Sửa"
        DELETE = "D", "Xóa"

    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_constraint=False)
    reason = models.CharField(max_length=300)
    table = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    operation = models.CharField(max_length=1, choices=Operation)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    unit_path = path_field()

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=["table", "row_id"], name="change_of_row"),)

    def __str__(self) -> str:
        return f"{self.get_operation_display()} {self.table} {self.row_id}"
