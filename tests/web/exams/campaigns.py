"""A survey of the small world, as its office plans and starts it."""

from datetime import UTC, date, datetime

from thucchat.web.exams.actions.campaigns import plan_campaign, start_campaign
from thucchat.web.exams.models import Campaign, Exam, Site, Sitting

NOON = datetime(2026, 10, 1, 5, tzinfo=UTC)
LISTED = date(2026, 10, 1)
DAYS = (date(2026, 10, 5), date(2026, 10, 17))
WHY = "Em mới chuyển đến"


def planned(world, days=DAYS, moment="start") -> Campaign:
    return plan_campaign(world.year, Campaign.Moment(moment), days, annex="dien-bien-2024", by=None, at=NOON)


def started(world) -> Campaign:
    return start_campaign(planned(world).pk, by=None, at=NOON)


def exam_of(campaign: Campaign, grade: int = 6) -> Exam:
    return Exam.objects.get(campaign=campaign, grade=grade)


def only(campaign: Campaign, *subjects: str) -> None:
    """Leave only these papers to be written."""
    Sitting.objects.filter(exam__campaign=campaign).exclude(subject__in=subjects).delete()


def site_of(campaign: Campaign, school) -> Site:
    return Site.objects.get(exam=exam_of(campaign), school=school)


def sitting_of(campaign: Campaign, subject: str = "toan") -> Sitting:
    return Sitting.objects.get(exam=exam_of(campaign), subject=subject)
