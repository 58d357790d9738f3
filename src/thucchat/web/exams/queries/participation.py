"""Who took part in a survey: every school with the pupils on its roll that day and those with a result."""

from dataclasses import dataclass

import polars as pl

from thucchat.web.exams.models import Campaign
from thucchat.web.shared.frames import copy_out
from thucchat.web.shared.scope import END

ROWS = pl.Schema(
    {
        "school_id": pl.Int64(),
        "name": pl.String(),
        "unit_path": pl.String(),
        "enrolled": pl.Int64(),
        "sat": pl.Int64(),
        "absent": pl.Int64(),
    }
)
# Pupils of the surveyed grades enrolled on the first day; who has any score took part.
QUERY = """
SELECT s.id, s.name, s.unit_path, count(*), count(*) FILTER (WHERE 0 <= ANY (r.scores)),
       count(*) FILTER (WHERE r.id IS NOT NULL AND (0 <= ANY (r.scores)) IS NOT TRUE)
FROM people_enrolment e
JOIN people_schoolclass c ON c.id = e.school_class_id AND c.school_year_id = %s
JOIN org_unit s ON s.id = c.school_id
JOIN exams_exam x ON x.campaign_id = %s AND x.grade = c.grade
LEFT JOIN exams_examresult r ON r.exam_id = x.id AND r.pupil_id = e.pupil_id
WHERE e.days @> %s::date AND e.unit_path >= %s AND e.unit_path < %s
GROUP BY 1, 2, 3 ORDER BY s.sort_key
"""


@dataclass(frozen=True, slots=True)
class Participation:
    """One school. Pupils without a result are absent or not reported: never zero."""

    school_id: int
    name: str
    enrolled: int
    sat: int
    absent: int = 0  # on the list of results, without any score

    @property
    def missing(self) -> int:
        return self.enrolled - self.sat

    @property
    def share(self) -> float:
        """Percent of the pupils on the roll."""
        return 100 * self.sat / self.enrolled


def participation(campaign: Campaign, path: str) -> list[Participation]:
    """Schools at and below `path` with pupils in the surveyed grades, in the order of their names."""
    values = [campaign.school_year_id, campaign.pk, campaign.opens_on, path, path + END]
    frame = copy_out(QUERY, ROWS, values)
    return [Participation(row[0], row[1], *row[3:]) for row in frame.iter_rows()]
