"""A run is asked for, and perhaps withdrawn; the numbers come from `measuring`."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from thucchat.engine.custody.canonical import fingerprint
from thucchat.web.exams.models import Campaign
from thucchat.web.ledger.actions.recording import record_event
from thucchat.web.org.models import User
from thucchat.web.results.models import MeasureRun, ResponseFile
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.scope import WHOLE_PROVINCE

State = MeasureRun.State


@dataclass(frozen=True, slots=True)
class Settings:
    """How to measure."""

    model: MeasureRun.Model
    linking: MeasureRun.Linking = MeasureRun.Linking.NONE
    target: MeasureRun | None = None
    anchors: tuple[str, ...] = ()


@transaction.atomic
def ask_for_run(file: ResponseFile, settings: Settings, *, by: User | None, at: datetime) -> MeasureRun:
    """Raises RuleBroken: `measuring.file` unless the file was read, `measuring.target`."""
    if file.state != ResponseFile.State.READ:
        raise RuleBroken(
            "measuring.file", "Tệp bài làm này chưa đọc xong, không dùng được, hoặc đã có tệp khác thay."
        )
    is_linked = settings.linking != MeasureRun.Linking.NONE
    if is_linked != (settings.target is not None):
        raise RuleBroken("measuring.target", "Nối thang cần cả cách nối và lần phân tích để nối vào.")
    made = MeasureRun.objects.create(
        exam_id=file.exam_id,
        subject=file.subject,
        file=file,
        model=settings.model,
        linking=settings.linking,
        target=settings.target,
        anchors=list(settings.anchors),
        inputs=fingerprint(_inputs(file, settings)),
        made_at=at,
        made_by=by,
    )
    record_event("measuring.asked", made, by=by, at=at, unit_path=WHOLE_PROVINCE, inputs=made.inputs)
    return made


def _inputs(file: ResponseFile, settings: Settings) -> dict[str, object]:
    return {
        "file": file.sha256,
        "items": file.items,
        "model": str(settings.model),
        "linking": str(settings.linking),
        "target": settings.target.inputs if settings.target else "",
        "anchors": list(settings.anchors),
    }


@transaction.atomic
def withdraw_run(run_id: int, *, by: User, at: datetime) -> MeasureRun:
    """Its numbers count no longer, and a survey that is open loses its error: it may have come from here.

    Raises RuleBroken: `measuring.state`.
    """
    run = MeasureRun.objects.select_for_update(of=("self",)).select_related("exam").get(pk=run_id)
    run.move_to(State.WITHDRAWN)
    run.save(update_fields=["state"])
    still_open = Campaign.objects.filter(exams=run.exam).exclude(state=Campaign.State.CLOSED)
    still_open.update(error=None)
    record_event("measuring.withdrawn", run, by=by, at=at, unit_path=WHOLE_PROVINCE, inputs=run.inputs)
    return run


def may_give_error(run: MeasureRun) -> bool:
    """Whether the run tells an error that its survey still takes."""
    campaign = run.exam.campaign
    tells = run.state == State.COMPUTED and run.summary.get("error_of_ten") is not None
    return tells and campaign is not None and not _is_settled(campaign)


def _is_settled(campaign: Campaign) -> bool:
    return campaign.state == Campaign.State.CLOSED and campaign.error is not None


@transaction.atomic
def adopt_error(run_id: int, *, by: User, at: datetime) -> int:
    """Give the survey the standard error that the run found; returns it in hundredths of a point of ten.

    A survey has one error for all its subjects: the largest found counts.
    Raises RuleBroken: `measuring.no_survey`, `measuring.no_error`, `measuring.closed`.
    """
    rows = MeasureRun.objects.select_for_update(of=("self",)).select_related("exam__campaign")
    run = rows.get(pk=run_id)
    campaign = run.exam.campaign
    if campaign is None:
        raise RuleBroken("measuring.no_survey", "Kì thi này không thuộc đợt khảo sát nào.")
    error = run.summary.get("error_of_ten")
    if run.state != State.COMPUTED or error is None:
        raise RuleBroken("measuring.no_error", "Lần phân tích này không cho biết sai số của điểm.")
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if _is_settled(campaign):
        raise RuleBroken("measuring.closed", "Đợt khảo sát đã chốt cùng sai số của nó.")
    campaign.error = max(campaign.error or 0, round(100 * error))
    campaign.save(update_fields=["error"])
    record_event(
        "campaign.error", campaign, by=by, at=at, unit_path=WHOLE_PROVINCE, run=run.pk, error=campaign.error
    )
    return campaign.error
