"""Ratings are published with the leave of a second office, objected to, and answered by somebody else."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from thucchat.web.ledger.actions.decisions import consume, propose
from thucchat.web.ledger.actions.recording import record_event
from thucchat.web.ledger.models import Decision
from thucchat.web.org.models import User
from thucchat.web.people.queries.holders import answers_for
from thucchat.web.ratings.models import Objection, Rating, Run
from thucchat.web.ratings.models.ratings import DAYS_TO_OBJECT
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.scope import WHOLE_PROVINCE


def publishing_content(run: Run) -> dict[str, object]:
    """What leave to publish is given for."""
    return {"run": run.pk, "inputs": run.inputs, "rules": run.rules.fingerprint}


@transaction.atomic
def ask_to_publish(run: Run, reason: str, *, by: User, role: str, at: datetime) -> Decision:
    """Raises RuleBroken: `run.state`, `decision.reason`."""
    if run.state != Run.State.COMPUTED:
        raise RuleBroken("run.state", "Lần xếp loại này không còn chờ công bố.")
    return propose(
        Decision.Kind.PUBLISH, publishing_content(run), summary=f"Công bố {run}", reason=reason,
        by=by, role=role, at=at, unit_path=WHOLE_PROVINCE,
    )  # fmt: skip


@transaction.atomic
def publish(run_id: int, decision_id: int, *, by: User, at: datetime) -> Run:
    """Raises RuleBroken: `run.state`, and what `consume` refuses."""
    run = Run.objects.select_for_update(of=("self",)).select_related("rules").get(pk=run_id)
    consume(Decision.Kind.PUBLISH, publishing_content(run), decision_id=decision_id, by=by, at=at)
    return _published(run, by=by, at=at)


@transaction.atomic
def publish_on_paper(run_id: int, *, at: datetime) -> Run:
    """A decision signed on paper, entered by the system itself. Raises RuleBroken: `run.state`."""
    run = Run.objects.select_for_update(of=("self",)).select_related("rules").get(pk=run_id)
    return _published(run, by=None, at=at)


def _published(run: Run, *, by: User | None, at: datetime) -> Run:
    run.move_to(Run.State.PUBLISHED)
    run.published_at = at
    run.object_by = timezone.localdate(at) + timedelta(days=DAYS_TO_OBJECT)
    run.save(update_fields=["state", "published_at", "object_by"])
    record_event("rating.published", run, by=by, at=at, unit_path=WHOLE_PROVINCE, inputs=run.inputs)
    return run


@transaction.atomic
def object_to(rating: Rating, text: str, *, by: User, at: datetime) -> Objection:
    """Raises RuleBroken: `objection.none`, `objection.late`, `objection.not_yours`."""
    if not text.strip():
        raise RuleBroken("objection.none", "Hãy nêu số liệu nào chưa đúng và căn cứ.")
    limit = Run.objects.get(pk=rating.run_id).object_by
    if limit is None or timezone.localdate(at) > limit:
        raise RuleBroken("objection.late", "Chưa công bố hoặc đã hết hạn khiếu nại.")
    if not answers_for(by, rating.staff, rating.unit_id):
        raise RuleBroken("objection.not_yours", "Chỉ người, đơn vị được xếp loại được khiếu nại.")
    made = Objection.objects.create(
        rating=rating, text=text.strip(), by=by, at=at, unit_path=rating.unit_path
    )
    record_event("objection.made", made, by=by, at=at, unit_path=rating.unit_path)
    return made


@transaction.atomic
def answer_objection(objection_id: int, answer: str, *, upheld: bool, by: User, at: datetime) -> Objection:
    """Raises RuleBroken: `objection.state`, `objection.same_person`, `objection.no_answer`."""
    found = Objection.objects.select_for_update().get(pk=objection_id)
    if found.by_id == by.pk:
        raise RuleBroken("objection.same_person", "Người khiếu nại không tự trả lời.")
    if not answer.strip():
        raise RuleBroken("objection.no_answer", "Hãy nêu căn cứ của câu trả lời.")
    found.move_to(Objection.State.UPHELD if upheld else Objection.State.REFUSED)
    found.answer, found.answered_by, found.answered_at = answer.strip(), by, at
    found.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    record_event(f"objection.{found.state}", found, by=by, at=at, unit_path=found.unit_path)
    return found
