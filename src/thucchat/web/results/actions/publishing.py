"""Results of an exam are published with the leave of a second office; from then on they can be looked up."""

from datetime import datetime

from django.db import transaction

from thucchat.web.exams.models import Campaign, Exam
from thucchat.web.ledger.actions.decisions import consume, propose
from thucchat.web.ledger.actions.recording import record_event
from thucchat.web.ledger.models import Decision
from thucchat.web.org.models import User
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.scope import WHOLE_PROVINCE


def publishing_content(exam: Exam) -> dict[str, object]:
    """What leave to publish is given for: these results, not those of a file that comes later."""
    return {"exam": exam.pk, "results": exam.fingerprint}


@transaction.atomic
def ask_to_publish(exam: Exam, reason: str, *, by: User, role: str, at: datetime) -> Decision:
    """Raises RuleBroken: `publication.twice`, `publication.empty`, `publication.open`, `decision.reason`."""
    _may_be_published(exam)
    return propose(
        Decision.Kind.PUBLISH,
        publishing_content(exam),
        summary=f"Công bố kết quả {exam.name}",
        reason=reason,
        by=by,
        role=role,
        at=at,
        unit_path=WHOLE_PROVINCE,
    )


@transaction.atomic
def publish(exam_id: int, decision_id: int, *, by: User, at: datetime) -> Exam:
    """Raises RuleBroken: as `ask_to_publish`, and what `consume` refuses."""
    exam = Exam.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=exam_id)
    _may_be_published(exam)
    consume(Decision.Kind.PUBLISH, publishing_content(exam), decision_id=decision_id, by=by, at=at)
    return _published(exam, by=by, at=at)


@transaction.atomic
def publish_on_paper(exam_id: int, *, at: datetime) -> Exam:
    """A decision signed on paper, entered by the system itself. Raises RuleBroken: as `ask_to_publish`."""
    exam = Exam.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=exam_id)
    _may_be_published(exam)
    return _published(exam, by=None, at=at)


def _may_be_published(exam: Exam) -> None:
    if exam.published_at is not None:
        raise RuleBroken("publication.twice", "Kết quả kì thi này đã công bố.")
    if not exam.candidates:
        raise RuleBroken("publication.empty", "Kì thi chưa có kết quả nào để công bố.")
    if exam.campaign is not None and exam.campaign.state != Campaign.State.CLOSED:
        raise RuleBroken("publication.open", "Đợt khảo sát chưa chốt kết quả; hãy chốt rồi mới công bố.")


def _published(exam: Exam, *, by: User | None, at: datetime) -> Exam:
    exam.published_at = at
    exam.save(update_fields=["published_at"])
    record_event("exam.published", exam, by=by, at=at, unit_path=WHOLE_PROVINCE, results=exam.fingerprint)
    return exam
