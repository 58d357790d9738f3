"""A school year in the small world: a start and an end survey with scores that a test chooses."""

from datetime import UTC, date, datetime

from thucchat.web.exams.actions.campaigns import close_campaign, plan_campaign, start_campaign
from thucchat.web.exams.models import Campaign, Exam, ExamResult, ResultImport, Sitting
from thucchat.web.quality.actions.targets import Goal
from thucchat.web.shared.scope import WHOLE_PROVINCE

NOON = datetime(2026, 10, 1, 5, tzinfo=UTC)
LATE = datetime(2027, 5, 10, 5, tzinfo=UTC)
START_DAYS, END_DAYS = (date(2026, 9, 14), date(2026, 9, 26)), (date(2027, 4, 20), date(2027, 4, 30))
LAST_TAUGHT = date(2026, 5, 20)
SCORES = [300, 450, None, 500, 650, 825, 475, 525, 350, 600, 700, 400, 550, 575, 250, 900, 425, 500]
GOAL = Goal("TOAN", threshold=500, gain=0, rise=0.1)


def survey(world, moment, scores, *, error=85) -> Campaign:
    """A closed survey; `scores` are hundredths of mathematics by place of the pupil, None for absent."""
    days = START_DAYS if moment == "start" else END_DAYS
    made = plan_campaign(world.year, Campaign.Moment(moment), days, annex="dien-bien-2024", by=None, at=NOON)
    start_campaign(made.pk, by=None, at=NOON)
    exam = Exam.objects.get(campaign=made, grade=6)
    Sitting.objects.exclude(subject="toan").delete()  # nothing else is held
    place = exam.subjects.index("toan")
    batch = ResultImport.objects.create(exam=exam, file_name="x", sha256="0" * 64, unit_path=WHOLE_PROVINCE)
    rows = []
    for pupil, score in zip(world.pupils, scores, strict=True):
        values = [None] * len(exam.subjects)
        values[place] = -1 if score is None else score
        rows.append(
            ExamResult(
                exam=exam, sbd=pupil.code, pupil=pupil, school=pupil.school, scores=values, added_by=batch,
                unit_path=pupil.school.unit_path,
            )
        )  # fmt: skip
    ExamResult.objects.bulk_create(rows)
    return close_campaign(made.pk, by=None, at=NOON, error=error)
