"""A published run held against the truth: only where the province is simulated is there any."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from thucchat.engine.simulation.recovery import LEVEL, NORMAL
from thucchat.web.ratings.models.ratings import Rating, Run

TOLERATED = 3.0  # percent points beyond chance that still count as nearly right


class Recovered(models.Model):
    """How well the progress that a run states for one kind agrees with the truth. Points, 0-10."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="recovered")
    kind = models.CharField(max_length=8, choices=Rating.Kind)
    count = models.PositiveIntegerField()  # at least 2
    true_spread = models.FloatField()  # standard deviation of the true effects
    ratio = models.FloatField()  # error stated over error made
    correlation = models.FloatField(null=True)  # none where all estimates are equal
    within = models.FloatField()  # share within the stated 90 % intervals, 0-1

    class Meta:
        ordering = ("pk",)
        constraints = (
            CheckConstraint(condition=Q(within__range=(0, 1), count__gte=2), name="recovered_share"),
            UniqueConstraint(fields=["run", "kind"], name="recovered_once"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.percent:.0f} %"

    @property
    def percent(self) -> float:
        """Share within the stated intervals, in percent."""
        return 100 * self.within

    @property
    def swing(self) -> float:
        """How far from 90 % chance alone may move `percent`, nine times in ten."""
        return float(100 * NORMAL * (LEVEL * (1 - LEVEL) / self.count) ** 0.5)

    @property
    def verdict(self) -> str:
        """What the share says of the stated errors, chance allowed for."""
        if self.swing > 100 * (1 - LEVEL):
            return "Quá ít để kết luận"  # not even all of them would be too many
        off = self.percent - 100 * LEVEL
        if abs(off) <= self.swing:
            return "Không trái với sai số đã nêu"
        called = "nhỏ" if off < 0 else "rộng"
        slight = abs(off) <= self.swing + TOLERATED
        return f"Gần đúng, sai số đã nêu hơi {called}" if slight else f"Sai số đã nêu {called} quá"
