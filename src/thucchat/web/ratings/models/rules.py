"""Rule sets of a school year: frozen before the results that they judge."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.urls import reverse

from thucchat.web.org.models import SchoolYear
from thucchat.web.shared.states import Stateful


class RuleBook(Stateful):
    """One version of the rules, known to everybody."""

    class State(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        FROZEN = "frozen", "Đã chốt"

    NEXT_STATES: ClassVar = {State.DRAFT: frozenset({State.FROZEN})}
    STATE_NAME: ClassVar = "rules"
    CALLED: ClassVar = "Bộ quy tắc"

    school_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="rulebooks")
    version = models.CharField("phiên bản", max_length=20)
    content = models.JSONField()  # see `engine.growth.rating`
    fingerprint = models.CharField(max_length=64, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    state = models.CharField("trạng thái", max_length=6, choices=State, default=State.DRAFT)
    frozen_at = models.DateTimeField(null=True)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-pk",)
        constraints = (
            CheckConstraint(
                condition=Q(state="frozen", frozen_at__isnull=False, fingerprint__regex="^[0-9a-f]{64}$")
                | Q(state="draft", frozen_at=None, fingerprint=""),
                name="rulebook_frozen",
            ),
            CheckConstraint(
                condition=Q(frozen_by=None) | ~Q(frozen_by=F("written_by")), name="rulebook_two_people"
            ),
            UniqueConstraint(fields=["school_year", "version"], name="rulebook_once"),
        )

    def __str__(self) -> str:
        return f"Quy tắc xếp loại {self.school_year_id}, bản {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("ratings:rules", args=[self.pk])
