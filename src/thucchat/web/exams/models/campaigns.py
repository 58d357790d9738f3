"""Survey campaigns: one moment of a school year, with an exam for every grade that is surveyed."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.urls import reverse

from thucchat.web.org.models import SchoolYear
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.states import Stateful


class Campaign(Stateful):
    """A survey of the whole province; known to everybody, like exams."""

    class Moment(models.TextChoices):
        START = "start", "Đầu năm học"
        MID = "mid", "Giữa năm học"
        END = "end", "Cuối năm học"

    class State(models.TextChoices):
        PLANNED = "planned", "Đã có kế hoạch"
        RUNNING = "running", "Đang khảo sát và nhập kết quả"
        CLOSED = "closed", "Đã chốt kết quả"

    NEXT_STATES: ClassVar = {
        State.PLANNED: frozenset({State.RUNNING}),
        State.RUNNING: frozenset({State.CLOSED}),
    }
    STATE_NAME: ClassVar = "campaign"
    CALLED: ClassVar = "Đợt khảo sát"

    school_year = models.ForeignKey(
        SchoolYear, models.PROTECT, related_name="campaigns", verbose_name="năm học"
    )
    moment = models.CharField("thời điểm", max_length=5, choices=Moment)
    annex = models.CharField("phụ lục", max_length=40)  # code and version: see `engine.planning.surveys`
    opens_on = models.DateField("từ ngày")
    closes_on = models.DateField("đến hết ngày")
    error = models.PositiveSmallIntegerField(
        "sai số chuẩn của điểm (phần trăm điểm)", null=True
    )  # of a pupil's score, as the analysis of the responses found it
    listed_on = models.DateField("chốt danh sách ngày", null=True)  # the day whose pupils are the candidates
    seats = models.PositiveSmallIntegerField("số chỗ mỗi phòng", null=True)  # at most, when it was listed
    state = models.CharField("trạng thái", max_length=7, choices=State, default=State.PLANNED)
    closed_at = models.DateTimeField(null=True)
    closed_for = models.CharField(
        "lí do chốt khi còn bài chưa rõ", max_length=300, blank=True
    )  # why it was closed although papers were unexplained
    reminded_on = models.DateField(null=True)  # when schools without results were last reminded

    class Meta:
        ordering = ("-opens_on",)
        constraints = (
            CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="campaign_in_order"),
            CheckConstraint(condition=Q(state="closed") ^ Q(closed_at=None), name="campaign_closed"),
            CheckConstraint(
                condition=Q(listed_on=None, seats=None) | Q(listed_on__isnull=False, seats__gte=1),
                name="campaign_listed",
            ),
            UniqueConstraint(fields=["school_year", "moment"], name="campaign_once"),
        )

    def __str__(self) -> str:
        return f"Khảo sát {self.get_moment_display().lower()} {self.school_year_id}"

    def get_absolute_url(self) -> str:
        return reverse("exams:campaign", args=[self.pk])

    def demand_open(self) -> None:
        """Raise RuleBroken `campaign.closed` once results are final."""
        if self.state == self.State.CLOSED:
            message = f"{self} đã chốt kết quả; danh sách và điểm không đổi được nữa."
            raise RuleBroken("campaign.closed", message)

    def demand_running(self) -> None:
        """Raise RuleBroken `campaign.closed` or `campaign.not_running` unless the survey is being held."""
        self.demand_open()
        if self.state != self.State.RUNNING:
            message = f"{self} chưa bắt đầu; phòng khảo thí bấm “Bắt đầu khảo sát” rồi trường mới báo cáo."
            raise RuleBroken("campaign.not_running", message)

    def demand_listed(self) -> None:
        """Raise RuleBroken `campaign.closed` or `campaign.not_listed` unless the list can be changed."""
        self.demand_open()
        if self.listed_on is None:
            message = f"{self} chưa chốt danh sách; học sinh mới vào lớp sẽ có tên khi chốt."
            raise RuleBroken("campaign.not_listed", message)
