"""What the system does not hold itself: reported by one person, confirmed by another, never changed."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.urls import reverse

from thucchat.web.org.models import SchoolYear, Unit
from thucchat.web.shared.fields import path_field
from thucchat.web.shared.states import Stateful


class ReportedFigure(Stateful):
    """One unit's figure for one indicator and school year; a corrected one is a new row in its place."""

    class State(models.TextChoices):
        ENTERED = "entered", "Chờ xác nhận"
        CONFIRMED = "confirmed", "Đã xác nhận"
        REFUSED = "refused", "Không xác nhận"
        SUPERSEDED = "superseded", "Đã có số liệu khác thay"

    NEXT_STATES: ClassVar = {
        State.ENTERED: frozenset({State.CONFIRMED, State.REFUSED, State.SUPERSEDED}),
        State.CONFIRMED: frozenset({State.SUPERSEDED}),
    }
    STATE_NAME: ClassVar = "figure"
    CALLED: ClassVar = "Số liệu"

    school_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="figures")
    indicator = models.CharField("chỉ tiêu", max_length=40)  # a code of the catalogue
    version = models.CharField("phiên bản", max_length=20)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="figures", verbose_name="đơn vị")
    counts = models.JSONField("số liệu")  # see `engine.planning.reported`
    evidence = models.CharField("căn cứ", max_length=300)  # number and date of the document
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)  # confirmed or refused
    refusal = models.CharField("lí do không xác nhận", max_length=300, blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=State, default=State.ENTERED)
    unit_path = path_field()

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=["indicator", "school_year", "unit_path"], name="figure_of_year"),
            models.Index(fields=["state", "unit_path"], name="figure_state_path"),
        )
        constraints = (
            CheckConstraint(condition=~Q(evidence=""), name="figure_has_evidence"),
            CheckConstraint(condition=Q(state="refused") ^ Q(refusal=""), name="figure_why_not"),
            CheckConstraint(
                condition=Q(state="superseded") | (Q(state="entered") ^ Q(answered_at__isnull=False)),
                name="figure_answered",
            ),
            CheckConstraint(
                condition=Q(answered_by=None) | Q(entered_by=None) | ~Q(answered_by=F("entered_by")),
                name="figure_two_people",
            ),
            UniqueConstraint(
                fields=["indicator", "school_year", "unit"],
                condition=Q(state="confirmed"),
                name="figure_one_confirmed",
            ),
            UniqueConstraint(
                fields=["indicator", "school_year", "unit"],
                condition=Q(state="entered"),
                name="figure_one_waiting",
            ),
        )

    def __str__(self) -> str:
        return f"{self.indicator} {self.school_year_id}"

    def get_absolute_url(self) -> str:
        address = reverse("plans:unit-indicator", args=[self.indicator, self.unit_id])
        return f"{address}?nam={self.school_year_id}"
