"""Pupils of handovers and their results, as frames."""

import polars as pl

from thucchat.web.exams.models import Campaign, Exam
from thucchat.web.org.models import SchoolYear
from thucchat.web.shared.frames import copy_out

HANDED = pl.Schema(
    {
        "handover_id": pl.Int64(),
        "class_id": pl.Int64(),
        "school_id": pl.Int64(),
        "staff_id": pl.Int64(),
        "team_id": pl.Int64(),  # of the teacher; null: he is in none
        "team_path": pl.String(),
        "unit_path": pl.String(),
        "pupil_id": pl.Int64(),
        "score": pl.Int16(),  # hundredths; null: not measured
        "error": pl.Int16(),
    }
)
HANDED_OVER = """
SELECT DISTINCT ON (u.pupil) h.id, h.school_class_id, c.school_id, h.receiver_id, t.id, t.unit_path,
       h.unit_path, u.pupil,
       CASE WHEN k.id IS NULL THEN u.score ELSE k.score END,
       CASE WHEN k.id IS NULL THEN u.error ELSE k.error END
FROM quality_handover h JOIN people_schoolclass c ON c.id = h.school_class_id
JOIN people_subject s ON s.id = h.subject_id
LEFT JOIN people_staff p ON p.id = h.receiver_id AND p.unit_id = c.school_id
LEFT JOIN org_unit t ON t.id = p.team_id
CROSS JOIN LATERAL unnest(h.pupils, h.scores, h.errors) AS u (pupil, score, error)
LEFT JOIN quality_handovercorrection k ON k.handover_id = h.id AND k.pupil_id = u.pupil
WHERE h.school_year_id = %s AND h.kind = 'start' AND s.field = %s
ORDER BY u.pupil, h.share DESC, h.id, k.id DESC
"""
RESULTS = pl.Schema({"pupil_id": pl.Int64(), "score": pl.Int16()})


def handed_over(year: SchoolYear, field: str) -> pl.DataFrame:
    """HANDED: pupils of the start-of-year handovers of a field, one row each, later corrections included.

    Where two teachers share a class the first of them counts: a pupil is asked for once.
    """
    return copy_out(HANDED_OVER, HANDED, [year.pk, field])


def results_of(campaign: Campaign, code: str) -> pl.DataFrame:
    """RESULTS of one subject of a survey; pupils without a score have no row."""
    return _results("x.campaign_id", campaign.pk, code)


def results_of_exam(exam: Exam, code: str) -> pl.DataFrame:
    """RESULTS of one subject of an exam."""
    return _results("x.id", exam.pk, code)


def _results(column: str, key: int, code: str) -> pl.DataFrame:
    return copy_out(
        "SELECT r.pupil_id, r.scores[array_position(x.subjects::text[], %s)] "  # noqa: S608  our own column
        "FROM exams_exam x JOIN exams_examresult r ON r.exam_id = x.id "
        f"WHERE {column} = %s AND r.pupil_id IS NOT NULL "
        "AND r.scores[array_position(x.subjects::text[], %s)] >= 0",
        RESULTS,
        [code, key, code],
    )
