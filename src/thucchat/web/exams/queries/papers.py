"""The plan of a survey, and who took part in it, as documents."""

from datetime import date

from django.utils import timezone

from thucchat.engine.documents.forms.participation_report import (
    ParticipationReport,
    UnitParticipation,
    participation_document,
)
from thucchat.engine.documents.forms.survey_plan import (
    Duty,
    Moment,
    Step,
    SurveyedSubject,
    SurveyPlan,
    survey_plan_document,
)
from thucchat.engine.documents.tree import Document
from thucchat.engine.planning.organising import organising_of
from thucchat.engine.planning.surveys import Annex, LevelAnnex, annex_of
from thucchat.web.exams.models import Campaign
from thucchat.web.exams.queries.participation import Participation, participation
from thucchat.web.ledger.models import Event
from thucchat.web.org.models import Unit
from thucchat.web.org.queries.letterheads import letterhead
from thucchat.web.people.queries.signers import signature_of
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, acting_for

LEVELS = {"TH": ("Tiểu học", range(1, 6)), "THCS": ("THCS", range(6, 10)), "THPT": ("THPT", range(10, 13))}
ABSENT = ("đã báo",)  # the one reason that files of results tell
PLAN_RECIPIENTS = ("Các phòng GDĐT", "Các trường THCS, THPT", "Lưu: VT, KT-KĐCL")
REPORT_RECIPIENTS = ("Các đơn vị nêu trên", "Lưu: VT")


def plan_document_of(campaign: Campaign, issuer: Unit, day: date) -> Document:
    """The plan that `issuer`, the province's department, sends out; dated the day the survey was planned."""
    subject = str(campaign).replace("Khảo sát", "Khảo sát chất lượng")
    head = letterhead(issuer, "KẾ HOẠCH", subject, _planned_on(campaign) or min(day, campaign.opens_on))
    return survey_plan_document(survey_plan(campaign), head, signature_of(issuer), recipients=PLAN_RECIPIENTS)


def _planned_on(campaign: Campaign) -> date | None:
    """As the ledger tells it, to everybody; none for a survey that was brought in without its history."""
    with acting_for(Scope(WHOLE_PROVINCE)):
        event = Event.objects.filter(
            kind="campaign.planned",
            subject_kind=campaign._meta.label_lower,  # noqa: SLF001  Django's documented door
            subject_id=campaign.pk,
        ).first()
    return timezone.localdate(event.at) if event else None


def survey_plan(campaign: Campaign) -> SurveyPlan:
    """What the annex lays down for the grades that the campaign surveys."""
    code = campaign.annex.split(" ")[0]
    annex, organising = annex_of(code), organising_of(code)
    duties = tuple(Duty(unit, tasks) for unit, tasks in organising.duties_at(campaign.moment))
    grades = sorted(grade for grade in campaign.exams.values_list("grade", flat=True) if grade)
    subjects = [
        subject
        for level in annex.levels
        for subject in _subjects(level, grades, campaign.moment, organising.setters[campaign.moment])
    ]
    return SurveyPlan(
        Moment(campaign.moment),
        campaign.school_year_id,
        campaign.opens_on,
        campaign.closes_on,
        tuple(subjects),
        duties,
        _steps(campaign),
        _graduation(annex),
        tuple(_others(level, grades) for level in annex.levels),
        (f"Căn cứ {annex.document.removeprefix('Phụ lục ')}",),
    )


def _subjects(level: LevelAnnex, grades: list[int], moment: str, setter: str) -> list[SurveyedSubject]:
    name, own = LEVELS[level.level]
    found = []
    for paper in level.papers:
        sat = tuple(grade for grade in grades if grade in own and paper in level.papers_of(grade, moment))
        if sat:
            found.append(SurveyedSubject(name, sat, paper.subject, paper.format, paper.minutes, None, setter))
    return found


def _graduation(annex: Annex) -> tuple[str, ...]:
    """Subjects in which grade 12 is told by the graduation exam."""
    return tuple(
        paper.subject for level in annex.levels for paper in level.papers if paper.field in level.graduation
    )


def _others(level: LevelAnnex, grades: list[int]) -> str:
    name, own = LEVELS[level.level]
    what = "các môn khác" if set(own).intersection(grades) else "việc khảo sát"
    return f"Cấp {name}: {what} do {level.others[0].lower()}{level.others[1:]} quy định."


def _steps(campaign: Campaign) -> tuple[Step, ...]:
    return (
        Step(campaign.opens_on, "Bắt đầu khảo sát", "Các trường"),
        Step(
            campaign.closes_on,
            "Hoàn thành khảo sát, chấm bài, nhập kết quả và số học sinh vắng",
            "Các trường, phòng GDĐT",
        ),
    )


def participation_document_of(campaign: Campaign, issuer: Unit, path: str, day: date) -> Document:
    """Who took part at and below `path`, reported by `issuer`; as of the close of a closed survey."""
    head = letterhead(issuer, "BÁO CÁO", f"Tình hình tham gia {str(campaign).lower()}", day)
    as_of = timezone.localdate(campaign.closed_at) if campaign.closed_at else day
    report = ParticipationReport(
        survey=str(campaign).lower(),
        as_of=as_of,
        due=campaign.closes_on,
        bar=organising_of(campaign.annex.split(" ")[0]).attendance,
        kind="trường",
        reasons=ABSENT,
        units=tuple(map(_reported, participation(campaign, path))),
    )
    return participation_document(report, head, signature_of(issuer), recipients=REPORT_RECIPIENTS)


def _reported(school: Participation) -> UnitParticipation:
    """A school of which no pupil is told anything has not reported."""
    if not school.sat and not school.absent:
        return UnitParticipation(school.name, school.enrolled)
    return UnitParticipation(school.name, school.enrolled, school.sat, (school.absent,))
