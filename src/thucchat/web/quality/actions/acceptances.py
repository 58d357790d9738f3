"""Acceptance at the end of the year: drawn up from the last survey, concluded, signed or disputed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db import transaction

from thucchat.engine.custody.canonical import fingerprint
from thucchat.engine.planning.standing import error_of_count
from thucchat.web.exams.models import Campaign
from thucchat.web.ledger.actions.recording import Entry, record_event, record_events
from thucchat.web.org.models import User
from thucchat.web.people.models import Enrolment
from thucchat.web.people.queries.holders import answers_for
from thucchat.web.quality.models import Acceptance, Commitment, Exemption, Outcome, Target
from thucchat.web.quality.queries.pupils import results_of
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.history import because

State = Acceptance.State
BATCH = 1_000


def outcome_of(target: Target, scores: Mapping[int, int], excepted: frozenset[int], error: float) -> Outcome:
    """Count the pupils of a class's target; `scores` are hundredths by pupil, `error` in points."""
    threshold = target.threshold or 0
    asked = [
        (key, aim) for key, aim in zip(target.pupil_ids, target.aims, strict=True) if key not in excepted
    ]
    known = np.array([scores[key] for key, _ in asked if key in scores], dtype=float)
    return Outcome(
        counted=len(asked),
        excepted=len(target.pupil_ids) - len(asked),
        missing=len(asked) - len(known),
        amount=sum(aim for _, aim in asked),
        reached=int((known >= threshold).sum()),
        error=error_of_count(known / 100, error, threshold / 100) if len(known) else 0.0,
    )


@transaction.atomic
def draw_up_acceptances(
    campaign: Campaign, codes: Mapping[str, str], *, answer_by: date, by: User | None, at: datetime
) -> int:
    """A minute for every commitment in force, from a closed survey; returns how many are new.

    `codes` name the result column of each field. Pupils who have left the class since do not count.
    Raises RuleBroken: `acceptance.campaign` when the survey is not closed or tells no error.
    """
    if campaign.state != Campaign.State.CLOSED or campaign.error is None:
        raise RuleBroken(
            "acceptance.campaign", "Khảo sát cuối năm chưa chốt, hoặc chưa biết sai số của điểm."
        )
    outcomes = _outcomes(campaign, codes)
    waiting = Commitment.objects.filter(
        school_year=campaign.school_year, state=Commitment.State.IN_FORCE, acceptance=None
    )
    rows = []
    for one in waiting.iterator(chunk_size=BATCH):
        results = [_result(row, outcomes) for row in one.content]
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


def _outcomes(campaign: Campaign, codes: Mapping[str, str]) -> dict[int, Outcome]:
    """By target: of classes from their pupils, of units summed from the classes below them."""
    error = (campaign.error or 0) / 100
    gone = _gone(campaign)
    agreed = Exemption.objects.exclude(agreed_by=None).values_list("pupil_id", flat=True)
    excepted = gone | frozenset(agreed)
    found: dict[int, Outcome] = {}
    above: dict[int, int | None] = {}
    for field, code in codes.items():
        frame = results_of(campaign, code)
        scores = dict(zip(frame["pupil_id"].to_list(), frame["score"].to_list(), strict=True))
        rows = Target.objects.filter(school_year=campaign.school_year, field=field).order_by("-pk")
        for target in rows.iterator(chunk_size=BATCH):
            above[target.pk] = target.parent_id
            if target.school_class_id:
                found[target.pk] = outcome_of(target, scores, excepted, error)
    for key in [one for one in found if above[one]]:
        parent = above[key]
        while parent:
            found[parent] = _added(found.get(parent), found[key])
            parent = above.get(parent)
    return found


def _gone(campaign: Campaign) -> frozenset[int]:
    """Pupils who were enrolled when the year was handed over and are not on the day of the survey."""
    there = Enrolment.objects.filter(days__contains=campaign.opens_on).values_list("pupil_id", flat=True)
    asked = Target.objects.filter(school_year=campaign.school_year).exclude(school_class=None)
    everybody = {key for keys in asked.values_list("pupil_ids", flat=True) for key in keys}
    return frozenset(everybody - set(there))


def _added(one: Outcome | None, other: Outcome) -> Outcome:
    if one is None:
        return other
    return Outcome(
        one.counted + other.counted,
        one.excepted + other.excepted,
        one.missing + other.missing,
        one.amount + other.amount,
        one.reached + other.reached,
        float(np.hypot(one.error, other.error)),
    )


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


@transaction.atomic
def close_undisputed(*, path: str, conclusion: str, by: User | None, at: datetime) -> int:
    """Minutes signed on paper at and below `path` are closed; returns how many."""
    rows = list(
        Acceptance.objects.select_for_update().filter(state=State.PREPARED, unit_path__startswith=path)
    )
    for row in rows:
        row.move_to(State.PROPOSED)
        row.conclusion = conclusion
        row.move_to(State.CLOSED)
        row.closed_at = at
    with because("Kí trên giấy"):
        Acceptance.objects.bulk_update(rows, ["state", "conclusion", "closed_at"], batch_size=BATCH)
    label = Acceptance._meta.label_lower  # noqa: SLF001  Django's documented door
    entries = [Entry("acceptance.closed", label, row.pk, row.unit_path) for row in rows]
    return record_events(entries, by=by, at=at)


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
