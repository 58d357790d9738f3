"""A survey campaign is planned from the annex, runs, and is closed once every school is accounted for."""

from dataclasses import asdict
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.results.subjects import subject_code
from thucchat.engine.planning.surveys import LAST_GRADE, Annex, SurveyPaper, annex_of
from thucchat.engine.planning.timetable import draw_up
from thucchat.web.exams.actions.listing import freeze
from thucchat.web.exams.models import Campaign, Exam, Sitting
from thucchat.web.exams.queries.participation import participation
from thucchat.web.exams.queries.reconciling import reconciliation
from thucchat.web.ledger.actions.recording import record_event
from thucchat.web.org.models import SchoolYear, User
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.scope import WHOLE_PROVINCE

# Grades that the department surveys itself; below them districts do (annex of the plan, parts 2 and 3).
GRADES = {"THCS": range(6, 10), "THPT": range(10, LAST_GRADE + 1)}
State = Campaign.State


@transaction.atomic
def plan_campaign(
    year: SchoolYear,
    moment: Campaign.Moment,
    days: tuple[date, date],
    *,
    annex: str,
    by: User | None,
    at: datetime,
) -> Campaign:
    """The campaign with an exam a grade, whose subjects are those of the annex, and their sittings.

    Raises RuleBroken: `campaign.twice`, `campaign.days` when they are out of order or too few.
    """
    if days[1] < days[0] or not year.starts <= days[0] <= year.ends:
        raise RuleBroken("campaign.days", "Ngày khảo sát phải theo thứ tự và nằm trong năm học.")
    plan = annex_of(annex)
    try:
        with transaction.atomic():
            made = Campaign.objects.create(
                school_year=year,
                moment=moment,
                annex=f"{plan.code} {plan.version}",
                opens_on=days[0],
                closes_on=days[1],
            )
    except IntegrityError as twice:
        raise RuleBroken("campaign.twice", "Năm học đã có đợt khảo sát này.") from twice
    try:
        Sitting.objects.bulk_create(_exams_held(made, plan))
    except InvalidInput as few:
        raise RuleBroken("campaign.days", str(few)) from few
    record_event("campaign.planned", made, by=by, at=at, unit_path=WHOLE_PROVINCE, annex=made.annex)
    return made


def _exams_held(campaign: Campaign, plan: Annex) -> list[Sitting]:
    """Adds the exams; returns their sittings."""
    levels = [(plan.of_level(level), grades) for level, grades in GRADES.items()]
    found = []
    for part, grade in ((part, grade) for part, grades in levels if part for grade in grades):
        papers = [(result_code(one), one.minutes) for one in part.papers_of(grade, campaign.moment)]
        exam = _exam(campaign, grade, [subject for subject, _ in papers])
        exam.save(force_insert=True)
        slots = draw_up(papers, (campaign.opens_on, campaign.closes_on), plan.holding)
        found += [Sitting(exam=exam, **asdict(slot)) for slot in slots]
    return found


def _exam(campaign: Campaign, grade: int, subjects: list[str]) -> Exam:
    return Exam(
        code=f"ks-{campaign.moment}-{campaign.school_year_id[:4]}-k{grade}",
        name=f"{campaign}, khối {grade}",
        kind=Exam.Kind.SURVEY,
        year=campaign.opens_on.year,
        held_on=campaign.opens_on,
        campaign=campaign,
        grade=grade,
        subjects=subjects,
    )


def result_code(paper: SurveyPaper) -> str:
    """What a column of results is called for a paper of the annex."""
    return subject_code(paper.subject) or paper.field.lower()


@transaction.atomic
def start_campaign(campaign_id: int, *, by: User | None, at: datetime, day: date | None = None) -> Campaign:
    """Schools may send results; who is enrolled on `day` is a candidate, unless the list stands already.

    Without `day` it is that of `at`.

    Raises RuleBroken: `campaign.state`, `campaign.nobody`, `campaign.numbers`.
    """
    found = Campaign.objects.select_for_update().get(pk=campaign_id)
    found.move_to(State.RUNNING)
    found.save(update_fields=["state"])
    if found.listed_on is None:
        freeze(found, day or timezone.localdate(at), by=by, at=at)
    record_event("campaign.started", found, by=by, at=at, unit_path=WHOLE_PROVINCE)
    return found


@transaction.atomic
def remind_schools(campaign_id: int, *, by: User | None, at: datetime) -> int:
    """Record that schools without results were reminded; returns how many."""
    found = Campaign.objects.select_for_update().get(pk=campaign_id)
    missing = [row.school_id for row in participation(found, WHOLE_PROVINCE) if not row.sat]
    found.reminded_on = timezone.localdate(at)
    found.save(update_fields=["reminded_on"])
    record_event("campaign.reminded", found, by=by, at=at, unit_path=WHOLE_PROVINCE, schools=missing)
    return len(missing)


@transaction.atomic
def close_campaign(
    campaign_id: int, *, by: User | None, at: datetime, error: int | None = None, reason: str = ""
) -> Campaign:
    """Results are final; `error` is the standard error of a score in hundredths, where it is known.

    Without it, what an analysis of the responses has found stays.
    Every paper of every candidate has a score or is told as absent; otherwise a `reason` is stated and kept.
    Raises RuleBroken: `campaign.state`, `campaign.missing` naming schools without, `campaign.unexplained`.
    """
    found = Campaign.objects.select_for_update().get(pk=campaign_id)
    missing = [row.name for row in participation(found, WHOLE_PROVINCE) if not row.sat]
    if missing:
        shown = ", ".join(missing[:5])
        raise RuleBroken("campaign.missing", f"Còn {len(missing)} trường chưa có kết quả: {shown}.")
    found.move_to(State.CLOSED)
    open_papers = _unexplained(found, reason)
    found.closed_at, found.closed_for = at, reason.strip()[:300]
    if error is not None:
        found.error = error
    found.save(update_fields=["state", "closed_at", "error", "closed_for"])
    record_event("campaign.closed", found, by=by, at=at, unit_path=WHOLE_PROVINCE, unexplained=open_papers)
    return found


def _unexplained(campaign: Campaign, reason: str) -> int:
    """How many papers have neither score nor absence; none may without a reason."""
    lacking = [row for row in reconciliation(campaign, WHOLE_PROVINCE) if row.unexplained]
    papers = sum(row.unexplained for row in lacking)
    if papers and not reason.strip():
        shown = ", ".join(row.name for row in lacking[:5])
        raise RuleBroken(
            "campaign.unexplained",
            f"Còn {papers} bài của {len(lacking)} trường chưa có điểm cũng chưa báo vắng: {shown}. "
            "Xem trang đối soát; nếu vẫn chốt, hãy nêu lí do.",
        )
    return papers
