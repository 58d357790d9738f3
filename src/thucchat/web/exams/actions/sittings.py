"""The office changes when a paper is written, or leaves it out, before the survey begins."""

from datetime import datetime

from django.db import transaction

from thucchat.engine.errors import InvalidInput
from thucchat.engine.planning.timetable import Slot, check
from thucchat.web.exams.models import Campaign, Sitting
from thucchat.web.ledger.actions.recording import record_event
from thucchat.web.org.models import User
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.scope import WHOLE_PROVINCE


@transaction.atomic
def move_sitting(sitting_id: int, slot: Slot, *, by: User | None, at: datetime) -> Sitting:
    """Hold the paper at another time.

    Raises RuleBroken: `sitting.running`, `timetable.window`, `timetable.overlap`.
    """
    found, campaign = _planned(sitting_id)
    others = Sitting.objects.filter(exam=found.exam_id).exclude(pk=found.pk)
    try:
        check([slot, *(one.slot for one in others)], (campaign.opens_on, campaign.closes_on))
    except InvalidInput as refusal:
        raise RuleBroken(refusal.code, str(refusal)) from refusal
    before = str(found)
    found.day, found.shift, found.starts, found.minutes = slot.day, slot.shift, slot.starts, slot.minutes
    found.save(update_fields=["day", "shift", "starts", "minutes"])
    record_event(
        "sitting.moved", found, by=by, at=at, unit_path=WHOLE_PROVINCE, before=before, after=str(found)
    )
    return found


@transaction.atomic
def leave_out(sitting_id: int, *, by: User | None, at: datetime) -> Campaign:
    """The paper is not written in this survey; nobody is asked for its score.

    Raises RuleBroken: `sitting.running`, `sitting.results`, `sitting.last` when nothing else is written.
    """
    found, campaign = _planned(sitting_id)
    if not Sitting.objects.filter(exam=found.exam_id).exclude(pk=found.pk).exists():
        raise RuleBroken("sitting.last", "Khối phải còn ít nhất một môn khảo sát.")
    exam = found.exam
    if exam.candidates:
        raise RuleBroken("sitting.results", f"{exam} đã có kết quả; hãy hoàn tác tệp kết quả trước.")
    exam.subjects = [subject for subject in exam.subjects if subject != found.subject]
    exam.save(update_fields=["subjects"])
    record_event("sitting.left_out", exam, by=by, at=at, unit_path=WHOLE_PROVINCE, paper=found.subject)
    found.delete()
    return campaign


def _planned(sitting_id: int) -> tuple[Sitting, Campaign]:
    """The sitting and its campaign, locked before it runs."""
    exam = Sitting.objects.select_related("exam").get(pk=sitting_id).exam
    campaign = Campaign.objects.select_for_update().get(exams=exam)
    found = Sitting.objects.select_related("exam").get(pk=sitting_id)
    if campaign.state != Campaign.State.PLANNED:
        raise RuleBroken("sitting.running", "Lịch chỉ đổi được trước khi bắt đầu khảo sát.")
    return found, campaign
