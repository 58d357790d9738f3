"""How the schools of the demonstration hold a survey: lists and their changes, absences, incidents.

Both functions act in the scope of the whole province that the caller has entered.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

import numpy as np
import polars as pl
from django.conf import settings
from django.db import connection
from django.utils import timezone

from thucchat.engine.vietnamese import vi_date
from thucchat.web.exams.actions.attendance import Happening, report_incident
from thucchat.web.exams.actions.candidates import Arrival, add_candidate, move_candidate, remove_candidate
from thucchat.web.exams.actions.listing import freeze_candidates
from thucchat.web.exams.models import Campaign, Candidate, Incident, Site, Sitting
from thucchat.web.exams.queries.sites import rooms_of
from thucchat.web.ledger.actions.recording import Entry, record_events
from thucchat.web.shared.frames import copy_in, copy_out, joined_by_hash
from thucchat.web.shared.history import because

LISTED_BEFORE = timedelta(days=3)  # of the first paper: the list is frozen, and a merger lies before
REPORTED_AFTER_MINUTES = 60  # a school reports a paper an hour after its end
A_MOVE, AN_INCIDENT = 3_000, 1_500  # candidates to one of them
REASONS = {"illness": 0.55, "family": 0.25, "other": 0.05, "unknown": 0.15}
Report = tuple[datetime, int, int, int, int, str]  # as REPORTS returns it
Kind = Incident.Kind
# What goes wrong: its kind, the words, and whether it is of one candidate.
INCIDENTS = (
    (Kind.HEALTH, "Em đau bụng giữa giờ, nhân viên y tế theo dõi; em làm tiếp tới hết giờ.", True),
    (Kind.SHEET, "Em ghi nhầm số báo danh; đổi phiếu khác, phiếu hỏng nộp kèm biên bản.", True),
    (Kind.CONDUCT, "Em trao đổi bài; giám thị nhắc nhở lần thứ nhất, lập biên bản.", True),
    (Kind.PAPER, "Một đề in mờ trang 2; đã thay bằng đề dự phòng.", False),
    (Kind.OTHER, "Mất điện 10 phút; phòng đủ sáng nên vẫn làm bài bình thường.", False),
)

ENROLLED = """
SELECT e.pupil_id, p.code, c.school_id, x.id, lower(e.days)::text
FROM people_enrolment e
JOIN people_schoolclass c ON c.id = e.school_class_id AND c.school_year_id = %s
JOIN people_pupil p ON p.id = e.pupil_id
JOIN exams_exam x ON x.campaign_id = %s AND x.grade = c.grade
WHERE e.days @> %s::date ORDER BY p.code
"""
ROLL = pl.Schema(
    {
        "pupil_id": pl.Int64(),
        "code": pl.String(),
        "school_id": pl.Int64(),
        "exam_id": pl.Int64(),
        "since": pl.String(),
    }
)
WRITTEN = """
SELECT c.id, c.site_id, c.exam_id, c.sbd, coalesce(0 <= ANY (r.scores), false)
FROM exams_candidate c
JOIN exams_exam x ON x.id = c.exam_id AND x.campaign_id = %s AND x.subjects <> '{}'
JOIN exams_examresult r ON r.exam_id = c.exam_id AND r.sbd = c.sbd
WHERE c.removed_for = '' ORDER BY c.exam_id, c.sbd
"""
SAT = pl.Schema(
    {
        "id": pl.Int64(),
        "site_id": pl.Int64(),
        "exam_id": pl.Int64(),
        "sbd": pl.String(),
        "is_present": pl.Boolean(),
    }
)
ABSENCES = """
INSERT INTO exams_absence (sitting_id, candidate_id, reason, unit_path)
SELECT t.id, c.id, a.reason, c.unit_path FROM absent a
JOIN exams_candidate c ON c.id = a.candidate
JOIN exams_sitting t ON t.exam_id = c.exam_id
"""
REPORTS = """
INSERT INTO exams_sittingreport (sitting_id, site_id, listed, absent, reported_at, unit_path)
SELECT t.id, n.site_id, n.listed, n.absent,
       (t.day + t.starts + make_interval(mins => t.minutes + %s)) AT TIME ZONE %s, n.unit_path
FROM (SELECT c.exam_id, c.site_id, c.unit_path, count(*) AS listed, count(a.candidate) AS absent
      FROM exams_candidate c LEFT JOIN absent a ON a.candidate = c.id
      JOIN exams_exam x ON x.id = c.exam_id AND x.campaign_id = %s
      WHERE c.removed_for = '' GROUP BY 1, 2, 3) n
JOIN exams_sitting t ON t.exam_id = n.exam_id
RETURNING reported_at, id, sitting_id, listed, absent, unit_path
"""


def list_candidates(campaign: Campaign, rng: np.random.Generator) -> None:
    """Freeze the list some days ahead; then, with reasons: who left, who came, who needs an own room."""
    day = campaign.opens_on - LISTED_BEFORE
    listed = freeze_candidates(campaign.pk, day, by=None, at=_at(day))
    eve = campaign.opens_on - timedelta(days=1)
    with joined_by_hash():
        roll = copy_out(ENROLLED, ROLL, [campaign.school_year_id, campaign.pk, campaign.opens_on])
    rows = Candidate.objects.filter(exam__campaign=campaign).order_by("exam", "sbd")
    keys = rows.values_list("pk", "pupil", "site__school")
    known = pl.DataFrame(list(keys), schema=["pk", "pupil_id", "school_id"], orient="row")
    places = ["pupil_id", "school_id"]
    for key in known.join(roll, on=places, how="anti")["pk"]:
        remove_candidate(key, reason="Đã rời trường sau ngày chốt danh sách", by=None, at=_at(eve))
    for arrival in roll.join(known, on=places, how="anti").iter_rows(named=True):
        _add(listed, arrival, _at(eve))
    staying = known.join(roll, on=places, how="semi")["pk"].to_list()
    for key in _some(staying, A_MOVE, rng):
        _give_own_room(key, _at(eve))


def hold_sittings(campaign: Campaign, rng: np.random.Generator) -> None:
    """Reports of every school for a running survey whose results are loaded: absent is who has no score."""
    with joined_by_hash():
        rows = copy_out(WRITTEN, SAT, [campaign.pk])
    absent = rows.filter(~pl.col("is_present")).select(candidate="id")
    reasons = rng.choice(list(REASONS), absent.height, p=list(REASONS.values()))
    copy_in(
        absent.with_columns(reason=pl.Series(reasons, dtype=pl.String)),
        "absent",
        "candidate bigint, reason text",
    )
    with because("Báo cáo buổi khảo sát"), joined_by_hash(), connection.cursor() as cursor:
        cursor.execute(ABSENCES)
        cursor.execute(REPORTS, [REPORTED_AFTER_MINUTES, settings.TIME_ZONE, campaign.pk])
        reports = sorted(cursor.fetchall())
    papers = dict(Sitting.objects.filter(exam__campaign=campaign).values_list("pk", "subject"))
    for at, group in groupby(reports, key=lambda row: row[0]):
        record_events(_entries(group, papers), by=None, at=at)
    _report_incidents(campaign, rows.filter("is_present"), rng)


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(15)))


def _some(keys: Sequence[int], one_of: int, rng: np.random.Generator) -> list[int]:
    """One key of `one_of`, at least one where there are any."""
    count = min(len(keys), 1 + len(keys) // one_of)
    return [keys[place] for place in sorted(rng.choice(len(keys), count, replace=False))]


def _add(campaign: Campaign, arrival: Mapping[str, Any], at: datetime) -> None:
    """Seat a pupil who came late; a grade that had nobody when the list was frozen stays without."""
    site = Site.objects.filter(exam=arrival["exam_id"], school=arrival["school_id"]).first()
    if site is None or not (taken := rooms_of(site)):
        return
    room, count = min(taken.items(), key=lambda one: one[::-1])
    free = room if count < (campaign.seats or 0) else max(taken) + 1
    reason = f"Chuyển đến ngày {vi_date(date.fromisoformat(arrival['since']))}, sau khi chốt danh sách"
    add_candidate(site.pk, Arrival(arrival["code"], campaign.opens_on, free), reason=reason, by=None, at=at)


def _give_own_room(key: int, at: datetime) -> None:
    last = max(rooms_of(Candidate.objects.get(pk=key).site))
    move_candidate(
        key, last + 1, reason="Em bó bột tay phải, cần phòng riêng và người ghi hộ", by=None, at=at
    )


def _entries(reports: Iterable[Report], papers: Mapping[int, str]) -> Iterator[Entry]:
    for _, key, sitting, listed, absent, path in reports:
        facts = {"paper": papers[sitting], "listed": listed, "absent": absent}
        yield Entry("sitting.reported", "exams.sittingreport", key, path, facts)


def _report_incidents(campaign: Campaign, present: pl.DataFrame, rng: np.random.Generator) -> None:
    """Each with somebody who was there, at a paper of his grade, an hour after its end."""
    sittings: dict[int, list[Sitting]] = {}
    for one in Sitting.objects.filter(exam__campaign=campaign).order_by("day", "starts"):
        sittings.setdefault(one.exam_id, []).append(one)
    for place in _some(range(present.height), AN_INCIDENT, rng):
        row, (kind, text, is_of_one) = present.row(place, named=True), INCIDENTS[rng.integers(len(INCIDENTS))]
        sitting = sittings[row["exam_id"]][rng.integers(len(sittings[row["exam_id"]]))]
        candidate = Candidate.objects.get(pk=row["id"])
        happening = Happening(kind, text, candidate.room, candidate.sbd if is_of_one else "")
        ended = sitting.slot.end + timedelta(minutes=REPORTED_AFTER_MINUTES)
        report_incident(row["site_id"], sitting.pk, happening, by=None, at=timezone.make_aware(ended))
