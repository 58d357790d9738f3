"""Freezing the list: everybody enrolled on a day becomes a candidate with a number, a room and a seat."""

from datetime import date, datetime

import polars as pl
from django.db import connection, transaction

from thucchat.engine.errors import InvalidInput
from thucchat.engine.planning.rooms import PLACED, ROLL, place_candidates
from thucchat.engine.planning.surveys import annex_of
from thucchat.web.exams.models import Campaign
from thucchat.web.ledger.actions.recording import record_event
from thucchat.web.org.models import User
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.frames import copy_in, copy_out, joined_by_hash
from thucchat.web.shared.history import because
from thucchat.web.shared.scope import WHOLE_PROVINCE

ENROLLED = """
SELECT e.pupil_id, c.grade, c.school_id, s.sort_key, p.sort_key, c.id
FROM people_enrolment e
JOIN people_schoolclass c ON c.id = e.school_class_id AND c.school_year_id = %s
JOIN people_pupil p ON p.id = e.pupil_id
JOIN org_unit s ON s.id = c.school_id
WHERE e.days @> %s::date AND c.grade IN (SELECT grade FROM exams_exam WHERE campaign_id = %s)
"""
CLASSED = pl.Schema({**ROLL, "class_id": pl.Int64()})
COLUMNS = "pupil bigint, grade int, school bigint, room int, seat int, number text, class_id bigint"
INSERT = (
    """
    INSERT INTO exams_site (exam_id, school_id, area_id, unit_path)
    SELECT DISTINCT x.id, s.id, a.id, s.unit_path FROM listed r
    JOIN exams_exam x ON x.campaign_id = %(campaign)s AND x.grade = r.grade
    JOIN org_unit s ON s.id = r.school
    LEFT JOIN org_unitspell h ON h.unit_id = s.id AND h.days @> %(day)s::date
    LEFT JOIN org_unit a ON a.id = h.parent_id AND a.kind IN ('district', 'commune')
    ON CONFLICT (exam_id, school_id) DO NOTHING
    """,
    """
    INSERT INTO exams_candidate (exam_id, site_id, pupil_id, school_class_id, full_name, born_on, class_name,
                                 sbd, room, seat, removed_for, unit_path)
    SELECT x.id, t.id, r.pupil, c.id, p.full_name, p.born_on, c.name,
           r.number, r.room, r.seat, '', t.unit_path
    FROM listed r JOIN exams_exam x ON x.campaign_id = %(campaign)s AND x.grade = r.grade
    JOIN exams_site t ON t.exam_id = x.id AND t.school_id = r.school
    JOIN people_pupil p ON p.id = r.pupil
    JOIN people_schoolclass c ON c.id = r.class_id
    """,
)


@transaction.atomic
def freeze_candidates(
    campaign_id: int, day: date, *, by: User | None, at: datetime, seats: int | None = None
) -> Campaign:
    """The pupils enrolled on `day` are the candidates; rooms hold `seats` at most, by default the plan's.

    Raises RuleBroken: `campaign.closed`, `campaign.listed`, `campaign.nobody`, `campaign.numbers`.
    """
    found = Campaign.objects.select_for_update().get(pk=campaign_id)
    found.demand_open()
    return freeze(found, day, by=by, at=at, seats=seats)


def freeze(
    campaign: Campaign, day: date, *, by: User | None, at: datetime, seats: int | None = None
) -> Campaign:
    """As `freeze_candidates`, for a campaign that the caller has locked."""
    if campaign.listed_on is not None:
        frozen = f"{campaign} đã chốt danh sách ngày {campaign.listed_on:%d/%m/%Y}"
        message = f"{frozen}; hãy bổ sung trường hoặc từng em."
        raise RuleBroken("campaign.listed", message)
    holding = annex_of(campaign.annex.split(" ")[0]).holding
    campaign.listed_on, campaign.seats = day, holding.seats if seats is None else seats
    values = [campaign.school_year_id, day, campaign.pk]
    with joined_by_hash():
        roll = copy_out(ENROLLED, CLASSED, values)
        _demand_somebody(roll, campaign, day)
        try:
            placed = place_candidates(roll.select(ROLL.names()), campaign.seats, holding.number)
        except InvalidInput as refusal:
            raise RuleBroken("campaign.numbers", str(refusal)) from refusal
        classes = roll.select("pupil", "class_id")
        listed = placed.join(classes, on="pupil", maintain_order="left")
        insert_candidates(listed, campaign, day, why=f"Chốt danh sách {campaign}")
    campaign.save(update_fields=["listed_on", "seats"])
    record_event(
        "campaign.listed", campaign, by=by, at=at, unit_path=WHOLE_PROVINCE, candidates=placed.height,
        day=day.isoformat(), seats=campaign.seats,
    )  # fmt: skip
    return campaign


def _demand_somebody(roll: pl.DataFrame, campaign: Campaign, day: date) -> None:
    """A list is frozen once: an empty one would leave the survey without candidates for good."""
    if roll.is_empty():
        message = (
            f"Ngày {day:%d/%m/%Y} không có học sinh nào của các khối khảo sát đang học trong năm học "
            f"{campaign.school_year_id}; hãy nhập lớp, học sinh hoặc chọn ngày khác rồi chốt danh sách."
        )
        raise RuleBroken("campaign.nobody", message)


def insert_candidates(listed: pl.DataFrame, campaign: Campaign, day: date, *, why: str) -> None:
    """Write candidates (PLACED, `class_id`), and the sites that are not there yet."""
    copy_in(listed.select(*PLACED.names(), "class_id"), "listed", COLUMNS)
    with because(why), connection.cursor() as cursor:
        for statement in INSERT:
            cursor.execute(statement, {"campaign": campaign.pk, "day": day})
