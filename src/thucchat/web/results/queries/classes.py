"""A survey's results by class: pupils of one class, and the classes a person answers for side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from math import sqrt

from django.db import connection
from django.db.models import QuerySet

from thucchat.engine.measurement.results.subjects import subject_label
from thucchat.engine.planning.surveys import annex_of
from thucchat.web.exams.actions.campaigns import result_code
from thucchat.web.exams.models import Campaign, Exam
from thucchat.web.org.acting import Acting
from thucchat.web.people.models import Assignment, SchoolClass
from thucchat.web.results.queries.scores import Measure, ShownScore, measure_of, shown_score
from thucchat.web.shared.scope import END

PUPILS = """
SELECT p.id, p.full_name, r.scores
FROM people_enrolment e JOIN people_pupil p ON p.id = e.pupil_id
LEFT JOIN exams_examresult r ON r.exam_id = %s AND r.pupil_id = p.id
WHERE e.school_class_id = %s AND e.days @> %s::date ORDER BY p.sort_key, p.id
"""
# One row a class and subject; the lock narrows it to the classes of a teacher.
CLASSES = """
SELECT c.id, c.name, x.subjects[s.place], count(*), avg(s.score)::float,
       count(*) FILTER (WHERE s.score >= 500)
FROM people_schoolclass c
JOIN people_enrolment e ON e.school_class_id = c.id AND e.days @> %s::date
JOIN exams_exam x ON x.campaign_id = %s AND x.grade = c.grade
JOIN exams_examresult r ON r.exam_id = x.id AND r.pupil_id = e.pupil_id
CROSS JOIN LATERAL unnest(r.scores) WITH ORDINALITY AS s (score, place)
WHERE c.school_year_id = %s AND c.unit_path >= %s AND c.unit_path < %s AND s.score >= 0
GROUP BY 1, 2, 3, c.grade, c.sort_key, s.place ORDER BY c.grade, c.sort_key, c.id, s.place
"""


@dataclass(frozen=True, slots=True)
class PupilRow:
    """One pupil of a class, a score a subject."""

    pupil_id: int
    name: str
    scores: list[tuple[str, ShownScore]]  # label of the subject, score


@dataclass(frozen=True, slots=True)
class ClassTable:
    """Pupils × subjects of a class in one survey."""

    subjects: list[str]  # labels
    rows: list[PupilRow]
    error: float | None  # points

    @property
    def is_empty(self) -> bool:
        return not any(one.points is not None for row in self.rows for _, one in row.scores)


@dataclass(frozen=True, slots=True)
class ClassMean:
    """One subject of one class."""

    class_id: int
    name: str
    subject: str  # label
    is_taught: bool  # by the person who asks
    count: int  # pupils with a score
    mean: float  # points
    error: float | None  # of the mean, from the error of each score, points
    from_five: float  # percent


def campaigns_of(school_class: SchoolClass) -> "QuerySet[Campaign]":
    """Surveys of the class's year, the latest first."""
    return Campaign.objects.filter(school_year=school_class.school_year_id)


def class_table(school_class: SchoolClass, campaign: Campaign) -> ClassTable | None:
    """The class on the first day of the survey; None when its grade is not surveyed."""
    exam = Exam.objects.filter(campaign=campaign, grade=school_class.grade).first()
    if exam is None:
        return None
    measure, subjects = measure_of(campaign), [subject_label(one) for one in exam.subjects]
    with connection.cursor() as cursor:
        cursor.execute(PUPILS, [exam.pk, school_class.pk, campaign.opens_on])
        rows = [
            PupilRow(key, name, _labelled(subjects, scores or (), measure))
            for key, name, scores in cursor.fetchall()
        ]
    return ClassTable(subjects, rows, measure.error_points)


def _labelled(
    subjects: Sequence[str], codes: Sequence[int | None], measure: Measure
) -> list[tuple[str, ShownScore]]:
    """Every subject with its score; a result may end before subjects that came with a later file."""
    return [
        (subject, shown_score(code, measure))
        for subject, code in zip_longest(subjects, codes[: len(subjects)])
    ]


def class_means(acting: Acting, campaign: Campaign) -> list[ClassMean]:
    """Every subject of every class he answers for, the subjects he teaches first within a class."""
    path = acting.scope.path
    with connection.cursor() as cursor:
        cursor.execute(CLASSES, [campaign.opens_on, campaign.pk, campaign.school_year_id, path, path + END])
        rows = cursor.fetchall()
    error, taught = measure_of(campaign).error_points, _taught(acting, campaign)
    means = [
        ClassMean(
            class_id=key,
            name=name,
            subject=subject_label(subject),
            is_taught=(key, subject) in taught,
            count=count,
            mean=mean / 100,
            error=None if error is None else error / sqrt(count),
            from_five=100 * enough / count,
        )
        for key, name, subject, count, mean, enough in rows
    ]
    places = {key: place for place, key in enumerate(dict.fromkeys(one.class_id for one in means))}
    return sorted(means, key=lambda one: (places[one.class_id], not one.is_taught))


def _taught(acting: Acting, campaign: Campaign) -> set[tuple[int, str]]:
    """Class and result column of what the person teaches."""
    plan = annex_of(campaign.annex.split(" ")[0])
    codes = {paper.field: result_code(paper) for level in plan.levels for paper in level.papers}
    rows = Assignment.objects.filter(
        staff__code=acting.user.staff_code, school_class__school_year=campaign.school_year_id
    ).values_list("school_class", "subject__field")
    return {(key, codes[field]) for key, field in rows if acting.user.staff_code and field in codes}
