"""Background work of the contract of quality: thin callers of actions.

The models behind targets bring libraries that the web process, which loads this file too, never needs.
"""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from thucchat.web.exams.models import Campaign
from thucchat.web.org.models import SchoolYear, User
from thucchat.web.quality.queries.steps import Moment, closed_campaign
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.jobs import Progress, job
from thucchat.web.shared.scope import WHOLE_PROVINCE


@job("quality.hand_over")
def hand_over(progress: Progress, **arguments: Any) -> str:
    from thucchat.web.quality.actions.preparing import issue_all, prepare_handovers
    from thucchat.web.quality.models import Handover

    progress(0, 2, "Đang lập biên bản bàn giao")
    by, at = _by(arguments), timezone.now()
    day = date.fromisoformat(arguments["last_taught"])
    prepare_handovers(_campaign(arguments, Moment.START), last_taught=day, by=by, at=at)
    progress(1, 2, "Đang phát hành")
    for kind in Handover.Kind:
        issue_all(kind, WHOLE_PROVINCE, days=arguments["days"], by=by, at=at)
    return reverse("quality:handovers")


@job("quality.share_out")
def share_out(progress: Progress, **arguments: Any) -> str:
    from thucchat.web.quality.actions.targets import Goal, share_out_goals

    progress(0, 1, "Đang chia chỉ tiêu tới từng lớp, từng học sinh")
    goals = [
        Goal(field, arguments["threshold"], arguments["gain"], arguments["rise"] / 100)
        for field in arguments["subjects"]
    ]
    answer_by = date.fromisoformat(arguments["answer_by"])
    share_out_goals(_year(arguments), goals, answer_by=answer_by, by=_by(arguments), at=timezone.now())
    return reverse("quality:board")


@job("quality.draw_up")
def draw_up_commitments(progress: Progress, **arguments: Any) -> str:
    from thucchat.web.quality.actions.commitments import draw_up

    progress(0, 1, "Đang lập bản cam kết")
    sign_by = date.fromisoformat(arguments["sign_by"])
    draw_up(_year(arguments), sign_by=sign_by, by=_by(arguments), at=timezone.now())
    return reverse("quality:commitments")


@job("quality.accept")
def accept(progress: Progress, **arguments: Any) -> str:
    from thucchat.web.quality.actions.acceptances import draw_up_acceptances
    from thucchat.web.quality.queries.fields import fields_of

    progress(0, 1, "Đang đếm kết quả và lập biên bản nghiệm thu")
    campaign = _campaign(arguments, Moment.END)
    answer_by = date.fromisoformat(arguments["answer_by"])
    draw_up_acceptances(
        campaign, fields_of(campaign), answer_by=answer_by, by=_by(arguments), at=timezone.now()
    )
    return reverse("quality:acceptances")


def _by(arguments: dict[str, Any]) -> User:
    return User.objects.get(pk=arguments["user_id"])


def _year(arguments: dict[str, Any]) -> SchoolYear:
    return SchoolYear.objects.get(pk=arguments["year"])


def _campaign(arguments: dict[str, Any], moment: Moment) -> Campaign:
    found = closed_campaign(_year(arguments), moment)
    if found is None:
        raise RuleBroken("step.campaign", "Khảo sát chưa chốt, hoặc chưa biết sai số của điểm.")
    return found
