"""Work under way: what a page shows while a background job runs."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.urls import reverse

from thucchat.web.shared.fields import path_field


class Work(models.Model):
    """One piece of background work, with its progress. Running it again changes nothing once it is done."""

    class State(models.TextChoices):
        WAITING = "waiting", "Đang chờ"
        RUNNING = "running", "Đang chạy"
        DONE = "done", "Xong"
        FAILED = "failed", "Không xong"

    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=500, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)
    result_url = models.CharField(max_length=200, blank=True)
    again_url = models.TextField(blank=True)  # asks for the same once more, where that changes nothing
    unit_path = path_field()

    class Meta:
        ordering = ("-pk",)
        constraints = (CheckConstraint(condition=Q(done__lte=F("total")), name="work_progress"),)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("org:work", args=[self.pk])

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0

    @property
    def is_over(self) -> bool:
        return self.state in {self.State.DONE, self.State.FAILED}
