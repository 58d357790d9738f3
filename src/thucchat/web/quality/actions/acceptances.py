"""Acceptance at the end of the year: drawn up from the last survey, concluded, signed or disputed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from thucchat.engine.custody.canonical import fingerprint
from thucchat.web.exams.models import Campaign
from thucchat.web.ledger.actions.recording import Entry, record_event, record_events
from thucchat.web.org.models import User
from thucchat.web.people.queries.holders import answers_for
from thucchat.web.quality.models import Acceptance, Commitment, Outcome
from thucchat.web.quality.queries.counting import count_outcomes
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.history import because

State = Acceptance.State
BATCH = 1_000


@transaction.atomic
def draw_up_acceptances(
    campaign: Campaign, codes: Mapping[str, str], *, answer_by: date, by: User | None, at: datetime
) -> int:
    """A minute for every commitment in force, from a closed survey; returns how many are new.

    `codes` name the result column of each field. What grade 12 is to reach in subjects of the graduation exam
    is counted from that exam; commitments that hold such targets wait for it, so this may be run again.
    Raises RuleBroken: `acceptance.campaign` when the survey is not closed or tells no error.
    """
    if campaign.state != Campaign.State.CLOSED or campaign.error is None:
        raise RuleBroken(
            "acceptance.campaign", "Khảo sát cuối năm chưa chốt, hoặc chưa biết sai số của điểm."
        )
    counted = count_outcomes(campaign, codes)
    ready = Commitment.objects.filter(
        school_year=campaign.school_year, state=Commitment.State.IN_FORCE, acceptance=None
    )
    rows = []
    for one in ready.iterator(chunk_size=BATCH):
        if counted.waiting.isdisjoint(row["target"] for row in one.content):
            results = [_result(row, counted.outcomes) for row in one.content]
            rows.append(
                Acceptance(
                    commitment=one, results=results, content_hash=fingerprint(results), answer_by=answer_by,
                    unit_path=one.unit_path,
                )
            )  # fmt: skip
    made = Acceptance.objects.bulk_create(rows, batch_size=BATCH)
    label = Acceptance._meta.label_lower  # noqa: SLF001  Django's documented door
    entries = [Entry("acceptance.drawn_up", label, row.pk, row.unit_path) for row in made]
    return record_events(entries, by=by, at=at)


def _result(row: Mapping[str, Any], outcomes: Mapping[int, Outcome]) -> dict[str, int | str | None]:
    """One line of the minute; numbers are whole, so that it has one fingerprint."""
    one = outcomes.get(row["target"], Outcome(0, 0, 0, 0, 0, 0.0))
    return {
        **{name: row[name] for name in ("target", "field", "threshold", "class")},
        "promised": row["amount"],
        "counted": one.counted,
        "excepted": one.excepted,
        "missing": one.missing,
        "amount": one.amount,
        "reached": one.reached,
        "error": round(one.error * 10),  # tenths of a pupil
        "evidence": one.evidence.value,
    }


@transaction.atomic
def conclude(acceptance_id: int, conclusion: str, *, by: User, at: datetime) -> Acceptance:
    """The level above concludes. Raises RuleBroken: `acceptance.state`, `acceptance.no_reason`."""
    found = _locked(acceptance_id)
    if not conclusion.strip():
        raise RuleBroken("acceptance.no_reason", "Hãy nêu kết luận.")
    found.move_to(State.PROPOSED)
    return _saved(found, "Kết luận nghiệm thu", by=by, at=at, conclusion=conclusion.strip(), proposed_by=by)


@transaction.atomic
def sign_acceptance(acceptance_id: int, *, by: User, at: datetime) -> Acceptance:
    """Who promised signs; the results are fixed.

    Raises RuleBroken: `acceptance.state`, `acceptance.not_holder`.
    """
    found = _locked(acceptance_id)
    _only_holder(found, by)
    found.move_to(State.CLOSED)
    return _saved(found, "Kí nghiệm thu", by=by, at=at, closed_by=by, closed_at=at)


@transaction.atomic
def dispute_acceptance(acceptance_id: int, objection: str, *, by: User, at: datetime) -> Acceptance:
    """Raises RuleBroken: `acceptance.state`, `acceptance.not_holder`, `acceptance.no_reason`."""
    found = _locked(acceptance_id)
    _only_holder(found, by)
    if not objection.strip():
        raise RuleBroken("acceptance.no_reason", "Hãy nêu chỗ chưa đồng ý và căn cứ.")
    found.move_to(State.DISPUTED)
    return _saved(found, "Chưa đồng ý nghiệm thu", by=by, at=at, objection=objection.strip())


def _locked(acceptance_id: int) -> Acceptance:
    rows = Acceptance.objects.select_for_update(of=("self",)).select_related(
        "commitment__unit", "commitment__staff"
    )
    return rows.get(pk=acceptance_id)


def _only_holder(found: Acceptance, by: User) -> None:
    if not answers_for(by, found.commitment.staff, found.commitment.unit_id):
        raise RuleBroken("acceptance.not_holder", "Chỉ người đã cam kết được kí biên bản nghiệm thu.")


def _saved(found: Acceptance, reason: str, *, by: User, at: datetime, **values: object) -> Acceptance:
    for name, value in values.items():
        setattr(found, name, value)
    with because(reason):
        found.save(update_fields=["state", *values])
    record_event(f"acceptance.{found.state}", found, by=by, at=at, unit_path=found.unit_path)
    return found
