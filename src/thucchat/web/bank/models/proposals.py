"""Papers that units propose. Their content is kept sealed only: see `actions.custody`."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.urls import reverse

from thucchat.web.bank.models.rounds import HASH, Round
from thucchat.web.org.models import Unit
from thucchat.web.shared.fields import path_field
from thucchat.web.shared.states import Stateful


class Proposal(Stateful):
    """One paper handed in, with its receipt and what was found out about it, but no word of its text."""

    class State(models.TextChoices):
        HANDED_IN = "handed_in", "Đã nộp"
        WITHDRAWN = "withdrawn", "Đã rút"
        ELIGIBLE = "eligible", "Vào danh sách bốc thăm"
        REFUSED = "refused", "Không vào danh sách"

    NEXT_STATES: ClassVar = {
        State.HANDED_IN: frozenset({State.WITHDRAWN, State.ELIGIBLE, State.REFUSED}),
    }
    STATE_NAME: ClassVar = "proposal"
    CALLED: ClassVar = "Đề đề xuất"

    round = models.ForeignKey(Round, models.PROTECT, related_name="proposals")
    code = models.CharField("mã đề", max_length=12)  # says nothing of the unit
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="proposals", verbose_name="đơn vị")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sha256 = models.CharField("mã băm của tệp", max_length=64)
    sealed = models.BinaryField()  # for k of the n custodians
    readable = models.BinaryField(default=b"")  # for the round's reading key, until the list is frozen
    questions = models.PositiveSmallIntegerField("số câu")
    keyed = models.PositiveSmallIntegerField("số câu có đáp án")
    doubtful = models.PositiveSmallIntegerField("số câu còn nghi vấn")
    faults = ArrayField(models.CharField(max_length=300), default=list)  # where it leaves the matrix
    copies = ArrayField(models.CharField(max_length=40), default=list)  # codes of what it repeats
    refusals = ArrayField(models.CharField(max_length=400), default=list)
    state = models.CharField("trạng thái", max_length=9, choices=State, default=State.HANDED_IN)
    handed_in_at = models.DateTimeField()
    unit_path = path_field()

    class Meta:
        ordering = ("code",)
        constraints = (
            UniqueConstraint(fields=["round", "code"], name="proposal_code"),
            CheckConstraint(condition=Q(sha256__regex=HASH), name="proposal_hash"),
            CheckConstraint(condition=Q(state="refused") ^ Q(refusals=[]), name="proposal_refused_why"),
            CheckConstraint(
                condition=Q(state__in=("handed_in", "withdrawn")) | Q(readable=b""), name="proposal_sealed"
            ),
        )

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("bank:proposal", args=[self.pk])

    @property
    def is_readable(self) -> bool:
        return self.state == self.State.HANDED_IN and bool(self.readable)


class ProposalReview(models.Model):
    """What one reviewer said of a proposed paper."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="reviews")
    approves = models.BooleanField("đạt")
    remark = models.CharField("nhận xét", max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    unit_path = path_field()

    class Meta:
        ordering = ("pk",)
        constraints = (
            CheckConstraint(condition=Q(approves=True) | ~Q(remark=""), name="proposal_review_reasoned"),
            UniqueConstraint(fields=["proposal", "by"], name="proposal_review_once"),
        )

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.approves}"
