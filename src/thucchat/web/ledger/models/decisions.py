"""An act that needs two persons: one proposes with a reason, another of a different duty approves."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.urls import reverse

from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.fields import path_field
from thucchat.web.shared.states import Stateful


class Decision(Stateful):
    """Leave to do one thing once: `content` is the fingerprint of exactly what will be done."""

    class Kind(models.TextChoices):
        KEY = "key", "Đổi đáp án"
        RULE = "rule", "Đổi quy tắc xếp loại"
        ROSTER = "roster", "Sửa danh sách đã chốt"
        SCORE = "score", "Sửa điểm"
        UNSEAL = "unseal", "Mở niêm phong"
        PUBLISH = "publish", "Công bố"
        EXPORT = "export", "Xuất dữ liệu hàng loạt"
        ROLE = "role", "Giao vai trò"

    class State(models.TextChoices):
        PROPOSED = "proposed", "Chờ duyệt"
        APPROVED = "approved", "Đã duyệt"
        REFUSED = "refused", "Không duyệt"
        USED = "used", "Đã thực hiện"

    NEXT_STATES: ClassVar = {
        State.PROPOSED: {State.APPROVED, State.REFUSED},
        State.APPROVED: {State.USED},
    }
    STATE_NAME: ClassVar = "decision"
    CALLED: ClassVar = "Đề nghị"

    kind = models.CharField(max_length=8, choices=Kind)
    content = models.CharField(max_length=64)
    summary = models.CharField(max_length=300)
    reason = models.CharField(max_length=500)
    proposer_id = models.BigIntegerField()
    proposer_role = models.CharField(max_length=20)
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.PROPOSED)
    approver_id = models.BigIntegerField(null=True)
    approver_role = models.CharField(max_length=20, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    unit_path = path_field()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            CheckConstraint(condition=~Q(reason=""), name="decision_reasoned"),
            CheckConstraint(condition=Q(content__regex="^[0-9a-f]{64}$"), name="decision_content"),
            CheckConstraint(
                condition=Q(approver_id=None) | ~Q(approver_id=F("proposer_id")), name="decision_two"
            ),
            CheckConstraint(condition=~Q(approver_role=F("proposer_role")), name="decision_duties"),
            CheckConstraint(
                condition=Q(state="proposed", approver_id=None, approver_role="", decided_at=None)
                | (~Q(state="proposed") & Q(approver_id__isnull=False, decided_at__isnull=False)),
                name="decision_decided",
            ),
            CheckConstraint(condition=Q(state="used") ^ Q(used_at=None), name="decision_used"),
            CheckConstraint(condition=Q(expires_at__gt=F("proposed_at")), name="decision_expires"),
        )

    def __str__(self) -> str:
        return self.summary

    def get_absolute_url(self) -> str:
        return reverse("org:decision", args=[self.pk])

    def must_be_fresh(self, at: datetime) -> None:
        """Raises RuleBroken `decision.expired`."""
        if at >= self.expires_at:
            raise RuleBroken("decision.expired", "Đề nghị đã quá 24 giờ; hãy đề nghị lại.")
