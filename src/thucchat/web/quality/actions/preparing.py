"""Handovers out of a survey: every class and subject with the measured state of every pupil."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from thucchat.engine.planning.surveys import annex_of
from thucchat.web.exams.actions.campaigns import GRADES, result_code
from thucchat.web.exams.models import Campaign
from thucchat.web.ledger.actions.recording import Entry, record_event, record_events
from thucchat.web.org.models import User
from thucchat.web.quality.models import Handover
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.frames import joined_by_hash
from thucchat.web.shared.scope import END, WHOLE_PROVINCE

# Step by step through tables of this transaction: over rows behind the lock the planner guesses too badly to
# find its way through one statement.
STEPS = {
    "handover_roll": """
        SELECT e.pupil_id, c.id AS class_id, c.grade, c.school_id, c.unit_path, p.sort_key
        FROM people_enrolment e JOIN people_schoolclass c ON c.id = e.school_class_id
        JOIN people_pupil p ON p.id = e.pupil_id
        WHERE e.days @> %(day)s::date AND c.school_year_id = %(year)s AND c.grade = ANY (%(grades)s)
    """,
    "handover_before": """
        SELECT pe.pupil_id, pe.school_class_id AS class_id, pc.school_id
        FROM people_enrolment pe JOIN people_schoolclass pc ON pc.id = pe.school_class_id
        WHERE pe.days @> %(before)s::date
    """,
    "handover_teaching": """
        SELECT a.school_class_id AS class_id, a.staff_id, a.share, a.subject_id, s.field,
               a.days @> %(day)s::date AS is_now
        FROM people_assignment a JOIN people_subject s ON s.id = a.subject_id
        WHERE (a.days @> %(day)s::date OR a.days @> %(before)s::date) AND s.field = ANY (%(fields)s)
    """,
    # Who taught most of a class's pupils the field last year.
    "handover_givers": """
        SELECT DISTINCT ON (1, 2) r.class_id, t.field, t.staff_id, b.school_id, count(*) AS pupils
        FROM handover_roll r JOIN handover_before b ON b.pupil_id = r.pupil_id
        JOIN handover_teaching t ON t.class_id = b.class_id AND NOT t.is_now
        GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 5 DESC, 3
    """,
    # GREATEST passes over null, and a negative code is no score: both end as null.
    "handover_scores": """
        SELECT r.class_id, f.field, array_agg(r.pupil_id ORDER BY r.sort_key, r.pupil_id) AS pupils,
               array_agg(NULLIF(GREATEST(er.scores[array_position(x.subjects::text[], f.code)], -1), -1)
                         ORDER BY r.sort_key, r.pupil_id) AS scores,
               min(r.unit_path) AS unit_path, min(r.grade) AS grade, min(r.school_id) AS school_id
        FROM handover_roll r JOIN exams_exam x ON x.campaign_id = %(campaign)s AND x.grade = r.grade
        CROSS JOIN unnest(%(fields)s::text[], %(codes)s::text[]) AS f (field, code)
        LEFT JOIN exams_examresult er ON er.exam_id = x.id AND er.pupil_id = r.pupil_id
        WHERE f.code = ANY (x.subjects::text[])
        GROUP BY 1, 2
    """,
}
# Who goes on with his pupils has nobody to take them from.
INSERT = """
INSERT INTO quality_handover (
    school_year_id, kind, school_class_id, subject_id, giver_id, giver_unit_id, giver_called, receiver_id,
    share, source, pupils, scores, errors, bands, weak, state, objection, ruling, unit_path
)
SELECT %(year)s, %(kind)s, m.class_id, rec.subject_id, NULLIF(g.staff_id, rec.staff_id),
       coalesce(g.school_id, m.school_id),
       concat_ws(', ', CASE WHEN g.staff_id <> rec.staff_id THEN gs.full_name END, gu.name),
       rec.staff_id, rec.share, %(source)s, m.pupils, m.scores,
       ARRAY(SELECT CASE WHEN s IS NOT NULL THEN %(error)s::smallint END
             FROM unnest(m.scores) WITH ORDINALITY u (s, n) ORDER BY n),
       ARRAY(SELECT (width_bucket(s, %(cuts)s::int[]) + 1)::smallint
             FROM unnest(m.scores) WITH ORDINALITY u (s, n) ORDER BY n),
       array_fill(''::varchar, ARRAY[cardinality(m.pupils)]), 'draft', '', '', m.unit_path
FROM handover_scores m JOIN ({receivers}) rec ON rec.class_id = m.class_id AND rec.field = m.field
LEFT JOIN handover_givers g ON g.class_id = m.class_id AND g.field = m.field
LEFT JOIN people_staff gs ON gs.id = g.staff_id
LEFT JOIN org_unit gu ON gu.id = coalesce(g.school_id, m.school_id)
WHERE m.grade = ANY (%(grades)s)
ON CONFLICT DO NOTHING
"""
TEACHERS = "SELECT class_id, field, subject_id, staff_id, share FROM handover_teaching WHERE is_now"
# The head of the receiving school takes over a class that comes from the level below.
HEADS = """
    SELECT DISTINCT t.class_id, t.field, t.subject_id, h.id AS staff_id, 1::numeric AS share
    FROM handover_teaching t JOIN people_schoolclass c ON c.id = t.class_id
    JOIN people_staff h ON h.unit_id = c.school_id AND h.position = 'principal'
    WHERE t.is_now
"""
ENTRY_GRADES = [6, 10]


@transaction.atomic
def prepare_handovers(campaign: Campaign, *, last_taught: date, by: User | None, at: datetime) -> int:
    """Draft the handovers of a closed start survey, to teachers and, of entry grades, to heads of schools.

    `last_taught` is a day of the year before, on which last year's teachers taught. Running it again adds
    only what is missing. Returns how many there are now.
    Raises RuleBroken: `handover.campaign` when the survey is not closed or tells no error of its scores.
    """
    if campaign.state != Campaign.State.CLOSED or campaign.error is None:
        raise RuleBroken("handover.campaign", "Khảo sát chưa chốt, hoặc chưa biết sai số của điểm.")
    plan = annex_of(campaign.annex.split(" ")[0])
    papers = {paper.field: result_code(paper) for level in plan.levels for paper in level.papers}
    values: dict[str, Any] = {
        "year": campaign.school_year_id,
        "day": campaign.opens_on,
        "before": last_taught,
        "campaign": campaign.pk,
        "source": str(campaign),
        "error": campaign.error,
        "cuts": [int(cut * 100) for cut in plan.bands],
        "fields": list(papers),
        "codes": list(papers.values()),
    }
    every = [grade for grades in GRADES.values() for grade in grades]
    with joined_by_hash(), connection.cursor() as cursor:
        for name, query in STEPS.items():
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
            cursor.execute(
                f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {query}", {**values, "grades": every}
            )
            cursor.execute(f"ANALYZE {name}")
        for kind, receivers, grades in (("start", TEACHERS, every), ("level", HEADS, ENTRY_GRADES)):
            statement = INSERT.replace("{receivers}", receivers)
            cursor.execute(statement, {**values, "kind": kind, "grades": grades})
    count = Handover.objects.filter(school_year=campaign.school_year_id).count()
    record_event("handover.prepared", campaign, by=by, at=at, unit_path=WHOLE_PROVINCE, count=count)
    return count


@transaction.atomic
def issue_all(kind: Handover.Kind, path: str, *, days: int, by: User | None, at: datetime) -> int:
    """Put every draft of a kind at and below `path` before its receiver; returns how many."""
    limit = (at + timedelta(days=days)).date()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE quality_handover SET state = 'issued', answer_by = %s WHERE state = 'draft' "
            "AND kind = %s AND unit_path >= %s AND unit_path < %s RETURNING id, unit_path",
            [limit, kind, path, path + END],
        )
        rows = cursor.fetchall()
    return _record("issued", rows, by=by, at=at)


def _record(act: str, rows: list[tuple[int, str]], *, by: User | None, at: datetime) -> int:
    label = Handover._meta.label_lower  # noqa: SLF001  Django's documented door
    entries = [Entry(f"handover.{act}", label, pk, path) for pk, path in rows]
    return record_events(entries, by=by, at=at)
