"""Events, chained when they are sealed, and the roots that leave the building."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from thucchat.web.shared.fields import path_field

KIND = r"^[a-z0-9_]+(\.[a-z0-9_]+)*$"


class Event(models.Model):
    """What was done, to what, by whom. The database refuses every change but the sealing.

    It is written in the transaction of the act, without waiting for other writers. The sealer later gives
    it its place in the chain; what is hashed is every column but `actor_name`, a courtesy to the reader.
    """

    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)  # null: the system itself
    actor_name = models.CharField(max_length=150, blank=True)
    facts = models.TextField()  # canonical JSON object; ids and commitments, no names, no scores
    unit_path = path_field()
    sequence = models.BigIntegerField(null=True)  # from 1 without gaps; null until sealed
    previous = models.CharField(max_length=64, null=True)  # noqa: DJ001  null until sealed
    hash = models.CharField(max_length=64, null=True)  # noqa: DJ001  null until sealed

    class Meta:
        constraints = (
            CheckConstraint(condition=Q(kind__regex=KIND, subject_kind__regex=KIND), name="event_kind"),
            CheckConstraint(condition=Q(unit_path__regex=r"^([a-z0-9]+/)+$"), name="event_unit"),
            CheckConstraint(
                condition=Q(sequence=None, previous=None, hash=None)
                | Q(sequence__gte=1, previous__regex="^[0-9a-f]{64}$", hash__regex="^[0-9a-f]{64}$"),
                name="event_sealed_whole",
            ),
            UniqueConstraint(fields=["sequence"], name="event_one_place"),
        )
        indexes = (
            models.Index(fields=["id"], condition=Q(sequence=None), name="event_unsealed"),
            models.Index(fields=["subject_kind", "subject_id"], name="event_of_subject"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_kind} {self.subject_id}"


class Root(models.Model):
    """One hash over the first `size` events; printed in minutes, it fixes them all."""

    size = models.BigIntegerField(unique=True)
    root = models.CharField(max_length=64)
    head = models.CharField(max_length=64)  # hash of event `size`
    peaks = ArrayField(
        models.CharField(max_length=64)
    )  # of the tree, left to right: the next root needs only these
    at = models.DateTimeField()

    class Meta:
        ordering = ("size",)
        constraints = (CheckConstraint(condition=Q(size__gte=1), name="root_not_empty"),)

    def __str__(self) -> str:
        return self.printed

    @property
    def printed(self) -> str:
        """What a minute prints, as text and as QR."""
        return f"THUCCHAT-SO {self.size} {self.root}"
