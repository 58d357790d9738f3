"""A school that the frozen list left out is added to it, and nothing that stands changes."""

from datetime import date, datetime

import polars as pl
from django.db import transaction

from thucchat.engine.errors import InvalidInput
from thucchat.engine.planning.rooms import ROLL, USED, place_more
from thucchat.engine.planning.surveys import annex_of
from thucchat.web.exams.actions.listing import CLASSED, ENROLLED, insert_candidates
from thucchat.web.exams.models import Campaign, Supplement
from thucchat.web.ledger.actions.recording import record_event
from thucchat.web.org.models import Unit, User
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.frames import copy_out, joined_by_hash

STANDING = """
SELECT x.grade, s.school_id, c.room, c.sbd, c.pupil_id FROM exams_candidate c
JOIN exams_exam x ON x.id = c.exam_id AND x.campaign_id = %s JOIN exams_site s ON s.id = c.site_id
"""
STOOD = pl.Schema({**USED, "pupil": pl.Int64()})


@transaction.atomic
def supplement_list(
    campaign_id: int, school_id: int, day: date, *, reason: str, by: User | None, at: datetime
) -> Supplement:
    """Pupils of the school enrolled on `day` who were never on the list become candidates.

    They take numbers after the last ones and rooms of their own.

    Raises RuleBroken: `campaign.closed`, `campaign.not_listed`, `supplement.reason`, `supplement.nobody`,
    `campaign.numbers`.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
    campaign.demand_listed()
    if len(reason.strip()) < 5:
        raise RuleBroken("supplement.reason", "Danh sách đã chốt; hãy nêu lí do bổ sung (ít nhất 5 kí tự).")
    school = Unit.objects.get(pk=school_id)
    listed = _placed(campaign, school, day)
    insert_candidates(listed, campaign, day, why=reason.strip())
    made = Supplement.objects.create(
        campaign=campaign, school=school, day=day, candidates=listed.height,
        reason=reason.strip()[:300], at=at, by=by, unit_path=school.unit_path,
    )  # fmt: skip
    record_event(
        "campaign.supplemented", made, by=by, at=at, unit_path=school.unit_path, campaign=campaign.pk,
        school=school.code, day=day.isoformat(), candidates=made.candidates,
    )  # fmt: skip
    return made


def _placed(campaign: Campaign, school: Unit, day: date) -> pl.DataFrame:
    """PLACED of the new candidates with `class_id`."""
    with joined_by_hash():
        enrolled = copy_out(ENROLLED, CLASSED, [campaign.school_year_id, day, campaign.pk])
        standing = copy_out(STANDING, STOOD, [campaign.pk])
    roll = enrolled.filter(pl.col("school") == school.pk).join(standing, on="pupil", how="anti")
    if roll.is_empty():
        message = (
            f"Ngày {day:%d/%m/%Y} mọi học sinh các khối khảo sát của {school} đã có tên trong danh sách; "
            "em đã bị đưa khỏi danh sách thì bổ sung lại từng em."
        )
        raise RuleBroken("supplement.nobody", message)
    number = annex_of(campaign.annex.split(" ")[0]).holding.number
    try:
        placed = place_more(
            roll.select(ROLL.names()), campaign.seats or 0, number, standing.select(USED.names())
        )
    except InvalidInput as refusal:
        raise RuleBroken("campaign.numbers", str(refusal)) from refusal
    return placed.join(roll.select("pupil", "class_id"), on="pupil", maintain_order="left")
