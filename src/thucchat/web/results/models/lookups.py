"""Tries of the public look-up, counted against guessing. Neither number nor address is kept, only digests."""

from django.db import models


class LookupTry(models.Model):
    """Somebody asked for a candidate's result."""

    at = models.DateTimeField()
    address = models.CharField(max_length=64)  # digest
    candidate = models.CharField(
        max_length=64
    )  # digest of exam and number, whether there is such a one or not
    found = models.BooleanField()

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=["address", "at"], name="lookup_address"),
            models.Index(fields=["candidate", "at"], name="lookup_candidate"),
            models.Index(fields=["at"], name="lookup_at"),
        )

    def __str__(self) -> str:
        return f"{self.at}: {self.found}"
