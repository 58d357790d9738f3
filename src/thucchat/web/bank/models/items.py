"""Items of the bank, the Word files they came from, and what reviewers said."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.urls import reverse

from thucchat.web.org.models import Unit
from thucchat.web.people.models import Subject
from thucchat.web.shared.fields import path_field
from thucchat.web.shared.states import Stateful


class SourceFile(models.Model):
    """A Word file that items were taken from: their lossless form, from which papers are written."""

    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    unit_path = path_field()

    def __str__(self) -> str:
        return self.name


class Item(Stateful):
    """One version of one question. Text is as `engine.papers.model.Question` holds it."""

    class State(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        REVIEW = "review", "Chờ phản biện"
        READY = "ready", "Dùng được"
        RETIRED = "retired", "Thôi dùng"

    class Kind(models.TextChoices):
        CHOICE = "choice", "Nhiều lựa chọn"
        TRUE_FALSE = "true_false", "Đúng – Sai"
        SHORT_ANSWER = "short_answer", "Trả lời ngắn"
        ESSAY = "essay", "Tự luận"

    NEXT_STATES: ClassVar = {
        State.DRAFT: frozenset({State.REVIEW}),
        State.REVIEW: frozenset({State.READY, State.DRAFT}),
        State.READY: frozenset({State.RETIRED}),
    }
    STATE_NAME: ClassVar = "item"
    CALLED: ClassVar = "Câu hỏi"

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="items", verbose_name="môn")
    grade = models.PositiveSmallIntegerField("khối")
    kind = models.CharField("loại câu", max_length=12, choices=Kind)
    levels = ArrayField(models.CharField(max_length=10), default=list)  # of a statement each, else one
    topic = models.CharField("chủ đề", max_length=150, blank=True)
    content = models.CharField("nội dung", max_length=150, blank=True)
    outcome = models.CharField("yêu cầu cần đạt", max_length=300, blank=True)
    stem = models.TextField("câu dẫn")
    options = models.JSONField(default=list)  # pairs of letter and text, in printed order
    key = models.CharField("đáp án", max_length=100, blank=True)
    context = models.TextField("ngữ liệu chung", blank=True)
    solution = models.TextField("lời giải", blank=True)
    flags = models.JSONField(default=list)  # what was doubtful when it was read, as sentences
    source = models.ForeignKey(SourceFile, models.PROTECT, related_name="items")
    place = models.PositiveSmallIntegerField()  # of the question in its file, from 1
    state = models.CharField("trạng thái", max_length=7, choices=State, default=State.DRAFT)
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    exposure = models.PositiveSmallIntegerField("số lần đã dùng", default=0)
    difficulty = models.FloatField("độ khó", null=True)  # share of right answers, 0-1
    discrimination = models.FloatField("độ phân biệt", null=True)  # corrected item-total correlation
    measured_on = models.PositiveIntegerField("số bài làm", null=True)
    is_shared = models.BooleanField("dùng chung toàn tỉnh", default=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="items", verbose_name="đơn vị")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    unit_path = path_field()

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=["subject", "grade", "state"], name="item_search"),)
        constraints = (
            CheckConstraint(condition=Q(grade__range=(1, 12)), name="item_grade"),
            CheckConstraint(
                condition=Q(difficulty=None, discrimination=None) | Q(measured_on__gte=1),
                name="item_measured",
            ),
            CheckConstraint(
                condition=Q(difficulty=None) | Q(difficulty__range=(0, 1)), name="item_difficulty"
            ),
            UniqueConstraint(fields=["source", "place", "version"], name="item_once"),
        )

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("bank:item", args=[self.pk])

    @property
    def code(self) -> str:
        return f"CH{self.pk}" if self.pk else "Câu hỏi mới"

    @property
    def is_frozen(self) -> bool:
        """An item that pupils have seen is what it was; a change is a new version."""
        return self.exposure > 0

    @property
    def first_line(self) -> str:
        """Beginning of the stem, for lists."""
        line = self.stem.split("\n")[0]
        return line if len(line) <= 90 else f"{line[:89]}…"


class ItemReview(models.Model):
    """What one reviewer, who is not the author, said of an item."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="reviews")
    approves = models.BooleanField("đạt")
    remark = models.CharField("nhận xét", max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    unit_path = path_field()

    class Meta:
        ordering = ("pk",)
        constraints = (
            CheckConstraint(condition=Q(approves=True) | ~Q(remark=""), name="item_review_reasoned"),
            UniqueConstraint(fields=["item", "by"], name="item_review_once"),
        )

    def __str__(self) -> str:
        return f"{self.item_id}: {self.approves}"
