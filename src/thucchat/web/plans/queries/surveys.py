"""Taking part in surveys: schools in a campaign, and first-graders of a level in their entry survey."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import polars as pl
from django.db import connection

from thucchat.engine.planning.evaluation import judge_share
from thucchat.web.exams.models import Campaign, Exam
from thucchat.web.plans.queries.measured import Answers, Measured, Question, listed, unknown, unless_met
from thucchat.web.plans.queries.places import Land, Place
from thucchat.web.shared.frames import copy_out
from thucchat.web.shared.models import Change

GRADES = {"TH": range(1, 6), "THCS": range(6, 10), "THPT": range(10, 13)}
ENTRY_GRADES = (1, 6)  # the first of primary and of lower secondary
CALLED = {moment.value: moment.label.lower() for moment in Campaign.Moment}
Entered = dict[int, list[tuple[int, int, int]]]  # by school: grade, pupils on the roll, who sat
OPEN = "Đợt khảo sát chưa chốt"
# Any score of anybody is enough: the index finds one for each school and exam.
TAKING_PART = """
SELECT u.id FROM unnest(%s::bigint[]) AS wanted (id) JOIN org_unit u ON u.id = wanted.id
WHERE EXISTS (
    SELECT 1 FROM exams_examresult r
    WHERE r.exam_id = ANY (%s::bigint[]) AND r.unit_path = u.unit_path AND 0 <= ANY (r.scores)
)
"""
COUNTS = pl.Schema({"school": pl.Int64(), "grade": pl.Int64(), "count": pl.Int64()})
# Pupils of the grades on the roll on the first day.
ON_ROLL = """
SELECT c.school_id, c.grade, count(*)
FROM people_enrolment e
JOIN people_schoolclass c ON c.id = e.school_class_id AND c.school_year_id = %s
WHERE e.days @> %s::date AND c.grade = ANY (%s::int[]) GROUP BY 1, 2
"""
# Those of them with any score.
SAT = """
SELECT c.school_id, c.grade, count(*)
FROM exams_exam x
JOIN exams_examresult r ON r.exam_id = x.id AND 0 <= ANY (r.scores)
JOIN people_enrolment e ON e.pupil_id = r.pupil_id AND e.days @> %s::date
JOIN people_schoolclass c ON c.id = e.school_class_id AND c.school_year_id = %s AND c.grade = x.grade
WHERE x.campaign_id = %s AND x.grade = ANY (%s::int[]) GROUP BY 1, 2
"""


def taking_part(question: Question) -> Answers:
    """Schools with any pupil's result in the campaign of the indicator's moment, over all its schools."""
    moment = next(topic for topic in question.indicator.topics if topic in CALLED)
    campaign = _campaign(question, moment)
    if campaign is None:
        reason = f"Năm học chưa có đợt khảo sát {CALLED[moment]}; phòng khảo thí lập đợt khảo sát."
        return dict.fromkeys((place.id for place in question.places), unknown(reason))
    grades = [grade for level in question.school_levels for grade in GRADES[level]]
    exams = Exam.objects.filter(campaign=campaign, grade__in=grades).values_list("pk", flat=True)
    schools = {place.id: question.land.schools(place, question.school_levels) for place in question.places}
    sat = _with_results({school.id for row in schools.values() for school in row}, list(exams))
    return {key: _share_taking_part(question, campaign, row, sat) for key, row in schools.items()}


def entry_surveys(question: Question) -> Answers:
    """Pupils of the entry grades with a result, over all of them; a grade nobody surveyed is unknown."""
    campaign = _campaign(question, Campaign.Moment.START)
    if campaign is None:
        reason = "Năm học chưa có đợt khảo sát đầu năm học; phòng khảo thí lập đợt khảo sát."
        return dict.fromkeys((place.id for place in question.places), unknown(reason))
    surveyed = set(Exam.objects.filter(campaign=campaign).values_list("grade", flat=True))
    found = _entered(question, campaign)
    schools = {place.id: question.land.schools(place, ("TH", "THCS")) for place in question.places}
    shares = {
        key: _entry_share(question, [one for school in row for one in found.get(school.id, ())], surveyed)
        for key, row in schools.items()
    }
    if campaign.state == Campaign.State.CLOSED:
        return shares
    return {key: unless_met(one, f"{OPEN}. {one.verdict.reason}") for key, one in shares.items()}


@dataclass(frozen=True, slots=True)
class _Entry:
    """What pupils of the entry grades are counted from; the same source gives the same counts."""

    land: Land
    year: str
    campaign: int
    day: date
    results: tuple[str, ...]  # fingerprints of the campaign's exams
    edit: int  # the latest in the history of what people edit, the rolls among them


def _entered(question: Question, campaign: Campaign) -> Entered:
    """Counted anew when results come in or anybody edits anything in sight: a board asks again and again."""
    results = tuple(
        Exam.objects.filter(campaign=campaign).order_by("pk").values_list("fingerprint", flat=True)
    )
    edit = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    source = _Entry(question.land, question.year.code, campaign.pk, campaign.opens_on, results, edit)
    return _kept(source) if all(results) else _count(source)


def _count(source: _Entry) -> Entered:
    """By school: grade, pupils on the roll, and those of them with a result."""
    year, day, grades = source.year, source.day, list(ENTRY_GRADES)
    taken = _counts(SAT, [day, year, source.campaign, grades])
    sat = {(school, grade): count for school, grade, count in taken}
    found: Entered = defaultdict(list)
    for school, grade, count in _counts(ON_ROLL, [year, day, grades]):
        found[school].append((grade, count, sat.get((school, grade), 0)))
    return dict(found)


_kept = lru_cache(maxsize=64)(_count)


def _counts(query: str, values: Sequence[object]) -> list[tuple[int, int, int]]:
    return list(copy_out(query, COUNTS, list(values)).iter_rows())


def _campaign(question: Question, moment: str) -> Campaign | None:
    return Campaign.objects.filter(school_year=question.year.code, moment=moment).first()


def _with_results(schools: set[int], exams: Sequence[int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(TAKING_PART, [sorted(schools), list(exams)])
        return {key for (key,) in cursor.fetchall()}


def _share_taking_part(
    question: Question, campaign: Campaign, schools: Sequence[Place], sat: set[int]
) -> Measured:
    missing = [school.name for school in schools if school.id not in sat]
    reached = len(schools) - len(missing)
    lines = (("Chưa có kết quả", listed(missing)),) if missing else ()
    measured = Measured(judge_share(question.indicator, reached, len(schools)), lines)
    if campaign.state == Campaign.State.CLOSED or not schools:
        return measured
    return unless_met(measured, f"{OPEN}; đến nay {reached}/{len(schools)} trường có kết quả.")


def _entry_share(
    question: Question, rows: Sequence[tuple[int, int, int]], surveyed: set[int | None]
) -> Measured:
    pupils, sat = (dict.fromkeys(ENTRY_GRADES, 0) for _ in range(2))
    for grade, enrolled, took_part in rows:
        pupils[grade] += enrolled
        sat[grade] += took_part
    present = [grade for grade in ENTRY_GRADES if pupils[grade]]
    lines = [
        (f"Khối {grade}", f"{sat[grade]}/{pupils[grade]} học sinh" if grade in surveyed else "chưa khảo sát")
        for grade in present
    ]
    if unsurveyed := [str(grade) for grade in present if grade not in surveyed]:
        return unknown(f"Khối {', '.join(unsurveyed)} chưa có khảo sát theo đề chung.", *lines)
    verdict = judge_share(question.indicator, sum(sat.values()), sum(pupils.values()))
    return Measured(verdict, tuple(lines))
