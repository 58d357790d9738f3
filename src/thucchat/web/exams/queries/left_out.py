"""Who studies in a surveyed grade and was never on the frozen list."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from thucchat.web.exams.models import Campaign
from thucchat.web.shared.frames import copy_out

# Who was taken off the list is not left out: he stands on it with the reason.
QUERY = """
SELECT s.id, s.name, c.grade, count(*), bool_or(t.id IS NOT NULL)
FROM people_enrolment e
JOIN people_schoolclass c ON c.id = e.school_class_id AND c.school_year_id = %(year)s
JOIN org_unit s ON s.id = c.school_id
JOIN exams_exam x ON x.campaign_id = %(campaign)s AND x.grade = c.grade
LEFT JOIN exams_site t ON t.exam_id = x.id AND t.school_id = s.id
WHERE e.days @> %(day)s::date
  AND NOT EXISTS (SELECT FROM exams_candidate k JOIN exams_exam y ON y.id = k.exam_id
                  WHERE y.campaign_id = %(campaign)s AND k.pupil_id = e.pupil_id)
GROUP BY s.sort_key, s.id, s.name, c.grade ORDER BY s.sort_key, s.id, c.grade
"""
ROWS = pl.Schema(
    {
        "school_id": pl.Int64(),
        "name": pl.String(),
        "grade": pl.Int64(),
        "pupils": pl.Int64(),
        "is_listed": pl.Boolean(),
    }
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Pupils of one grade of a school."""

    school_id: int
    name: str
    grade: int
    pupils: int
    is_listed: bool  # others of the grade stand on the list


def left_out(campaign: Campaign, day: date) -> list[LeftOut]:
    """Schools in the scope that is entered, in the order of their names; none before the list is frozen."""
    if campaign.listed_on is None:
        return []
    values = {"year": campaign.school_year_id, "campaign": campaign.pk, "day": day}
    return [LeftOut(*row) for row in copy_out(QUERY, ROWS, values).iter_rows()]
