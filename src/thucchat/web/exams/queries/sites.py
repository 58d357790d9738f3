"""One school's part in an exam: its rooms, and how far each paper is accounted for."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Count

from thucchat.web.exams.models import CODES, STATES_OF, ExamResult, Site, Sitting, SittingReport

COUNTS = """
SELECT t.id, count(*) FILTER (WHERE s.code >= 0), count(*) FILTER (WHERE s.code < 0)
FROM exams_candidate c
JOIN exams_sitting t ON t.exam_id = c.exam_id
JOIN exams_exam x ON x.id = c.exam_id
JOIN exams_examresult r ON r.exam_id = c.exam_id AND r.sbd = c.sbd
CROSS JOIN LATERAL (SELECT r.scores[array_position(x.subjects::text[], t.subject::text)] AS code) s
WHERE c.site_id = %s AND c.removed_for = '' GROUP BY 1
"""
WORDS = {"absent": "v", "exempt": "m", "cancelled": "hủy"}  # as `parse_cells` reads them


@dataclass(frozen=True, slots=True)
class Progress:
    """One paper at one school."""

    sitting: Sitting
    report: SittingReport | None  # none: the school has not reported, which says nothing
    scored: int
    marked_absent: int  # results that say absent, exempt or cancelled


def progress_of(site: Site) -> list[Progress]:
    """The sittings of the school's grade in the order of their times."""
    reports = {row.sitting_id: row for row in site.reports.all()}
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, [site.pk])
        counts = {key: (scored, absent) for key, scored, absent in cursor.fetchall()}
    sittings = Sitting.objects.filter(exam=site.exam_id).order_by("day", "starts")
    return [Progress(one, reports.get(one.pk), *counts.get(one.pk, (0, 0))) for one in sittings]


def rooms_of(site: Site) -> dict[int, int]:
    """Candidates by room."""
    rows = site.candidates.filter(removed_for="").order_by("room")
    return dict(rows.values_list("room").annotate(n=Count("pk")))


def marks_of(site: Site, subject: str) -> dict[str, int]:
    """What stands of a paper, by candidate's number: hundredths or a code of CODES."""
    place = site.exam.subjects.index(subject)
    numbers = site.candidates.filter(removed_for="").values("sbd")
    rows = ExamResult.objects.filter(exam=site.exam_id, sbd__in=numbers).values_list("sbd", "scores")
    codes = ((number, scores[place]) for number, scores in rows)
    return {number: code for number, code in codes if code is not None}


def mark_text(code: int | None) -> str:
    """A mark as people write it: 7,25; v for absent; nothing where there is none."""
    if code is None:
        return ""
    if code in CODES.values():
        return WORDS[STATES_OF[code]]
    return f"{code / 100:.2f}".rstrip("0").rstrip(".").replace(".", ",")
