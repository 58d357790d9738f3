"""Rounds of a draw: what is asked of units, who keeps keys, what was pledged, each draw's minutes."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.urls import reverse

from thucchat.web.bank.models.blueprints import Blueprint
from thucchat.web.org.models import Unit
from thucchat.web.shared.fields import path_field
from thucchat.web.shared.states import Stateful

HASH = "^[0-9a-f]{64}$"


class Round(Stateful):
    """A paper to be found by lot. Everybody may read it: nothing here tells what a paper holds."""

    class State(models.TextChoices):
        PREPARING = "preparing", "Đang chuẩn bị"
        COLLECTING = "collecting", "Đang nhận đề"
        FROZEN = "frozen", "Đã chốt danh sách"

    class Scheme(models.TextChoices):
        PAPERS = "papers", "Bốc nguyên đề"
        ITEMS = "items", "Bốc từng câu theo ma trận"

    NEXT_STATES: ClassVar = {
        State.PREPARING: frozenset({State.COLLECTING}),
        State.COLLECTING: frozenset({State.FROZEN}),
    }
    STATE_NAME: ClassVar = "round"
    CALLED: ClassVar = "Kì đề xuất đề"

    code = models.SlugField("mã kì", max_length=40, unique=True)
    title = models.CharField("tên kì", max_length=150)
    blueprint = models.ForeignKey(Blueprint, models.PROTECT, related_name="rounds", verbose_name="ma trận")
    scheme = models.CharField("cách bốc", max_length=6, choices=Scheme, default=Scheme.PAPERS)
    minutes = models.PositiveSmallIntegerField("thời gian làm bài (phút)")
    propose_by = models.DateTimeField("hạn nộp đề")
    opens_at = models.DateTimeField("không mở niêm phong trước")  # time T
    forms = models.PositiveSmallIntegerField("số đề bốc (đề chính và dự phòng)", default=2)
    form_cap = models.PositiveSmallIntegerField("trần của một đơn vị trong một đề", null=True, blank=True)
    own_cap = models.PositiveSmallIntegerField("số câu của chính mình được gặp", null=True, blank=True)
    sources = models.JSONField(default=list)  # of public chance: pairs of kind and name
    needed = models.PositiveSmallIntegerField("số người giữ khoá cần có mặt", default=3)
    state = models.CharField("trạng thái", max_length=10, choices=State, default=State.PREPARING)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reading_key = models.CharField(max_length=100, blank=True)  # public; its secret half goes when frozen
    frozen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            CheckConstraint(condition=Q(opens_at__gt=F("propose_by")), name="round_in_order"),
            CheckConstraint(condition=Q(state="frozen") ^ Q(frozen_at=None), name="round_frozen"),
            CheckConstraint(condition=Q(forms__range=(1, 9), needed__range=(2, 6)), name="round_sizes"),
            CheckConstraint(condition=Q(state="collecting") ^ Q(reading_key=""), name="round_reading"),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("bank:round", args=[self.pk])


class Custodian(models.Model):
    """A person who keeps one key of a round; `recipient` is the public half."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="custodians")
    name = models.CharField("họ và tên", max_length=100)
    body = models.CharField("cơ quan", max_length=150)
    recipient = models.CharField("khoá công khai", max_length=100)

    class Meta:
        ordering = ("pk",)
        constraints = (
            UniqueConstraint(fields=["round", "recipient"], name="custodian_one_key"),
            UniqueConstraint(fields=["round", "name"], name="custodian_one_name"),
        )

    def __str__(self) -> str:
        return self.name


class Draw(Stateful):
    """One draw of a round; announcement and minutes are kept as the texts that people sign."""

    class State(models.TextChoices):
        ANNOUNCED = "announced", "Chờ mở cam kết"
        CLOSED = "closed", "Đã đóng mở cam kết, chờ kết quả công khai"
        DRAWN = "drawn", "Đã bốc thăm"

    NEXT_STATES: ClassVar = {
        State.ANNOUNCED: frozenset({State.CLOSED}),
        State.CLOSED: frozenset({State.DRAWN}),
    }
    STATE_NAME: ClassVar = "draw"
    CALLED: ClassVar = "Lần bốc thăm"

    round = models.ForeignKey(Round, models.PROTECT, related_name="draws")
    number = models.PositiveSmallIntegerField()
    announcement = models.TextField()
    announced = models.CharField(max_length=64)  # fingerprint
    minutes = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)  # of the minutes
    state = models.CharField("trạng thái", max_length=9, choices=State, default=State.ANNOUNCED)
    closed_at = models.DateTimeField(null=True)
    drawn_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("round", "number")
        constraints = (
            UniqueConstraint(fields=["round", "number"], name="draw_numbered"),
            UniqueConstraint(fields=["round"], condition=~Q(state="drawn"), name="draw_one_open"),
            CheckConstraint(condition=Q(announced__regex=HASH), name="draw_announced"),
            CheckConstraint(condition=Q(state="announced") ^ Q(closed_at__isnull=False), name="draw_closed"),
            CheckConstraint(
                condition=Q(state="drawn", drawn_at__isnull=False, fingerprint__regex=HASH)
                | (~Q(state="drawn") & Q(drawn_at=None, fingerprint="", minutes="")),
                name="draw_drawn",
            ),
        )

    def __str__(self) -> str:
        return f"{self.round.code}, lần {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("bank:draw", args=[self.pk])


class Pledge(models.Model):
    """What a unit commits to before a draw, and opens during it. The value is never stored before."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="pledges")
    number = models.PositiveSmallIntegerField()  # of the draw it is for
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="pledges")
    commitment = models.CharField(max_length=64)
    value = models.CharField("giá trị đã mở", max_length=100, blank=True)
    unit_path = path_field()

    class Meta:
        ordering = ("pk",)
        constraints = (
            UniqueConstraint(fields=["round", "number", "unit"], name="pledge_once"),
            CheckConstraint(condition=Q(commitment__regex=HASH), name="pledge_hash"),
        )

    def __str__(self) -> str:
        return f"{self.round_id}/{self.number}: {self.unit_id}"
