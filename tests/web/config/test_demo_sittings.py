from datetime import date

import numpy as np
import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from tests.web.exams.campaigns import NOON, exam_of, only, planned
from tests.web.world import YEAR_STARTS, make_pupil
from thucchat.web.config.demo_sittings import hold_sittings, list_candidates
from thucchat.web.exams.actions.campaigns import start_campaign
from thucchat.web.exams.models import (
    Absence,
    Campaign,
    Candidate,
    ExamResult,
    Incident,
    ResultImport,
    SittingReport,
)
from thucchat.web.exams.queries.reconciling import reconciliation
from thucchat.web.ledger.models import Event
from thucchat.web.people.models import Enrolment
from thucchat.web.shared.models import Change
from thucchat.web.shared.scope import WHOLE_PROVINCE


@pytest.fixture
def campaign(world) -> Campaign:
    """A survey of mathematics before whose first day one pupil left and another came."""
    leaver, late = world.pupils[0], make_pupil(world.classes[4], "Lò Thị Muộn")
    Enrolment.objects.filter(pupil=leaver).update(
        days=DateRange(YEAR_STARTS, date(2026, 10, 3)), end="moved_away"
    )
    Enrolment.objects.filter(pupil=late).update(days=DateRange(date(2026, 10, 4), None))
    made = planned(world)
    only(made, "toan")
    list_candidates(made, np.random.default_rng(1))
    return start_campaign(made.pk, by=None, at=NOON)


def results(campaign: Campaign, absent: set[str]) -> None:
    exam = exam_of(campaign)
    batch = ResultImport.objects.create(exam=exam, file_name="x", sha256="0" * 64, unit_path=WHOLE_PROVINCE)
    place = exam.subjects.index("toan")
    for row in Candidate.objects.filter(exam=exam, removed_for=""):
        scores: list[int | None] = [None] * len(exam.subjects)
        scores[place] = -1 if row.sbd in absent else 500
        ExamResult.objects.create(
            exam=exam, sbd=row.sbd, pupil=row.pupil, school=row.site.school, scores=scores, added_by=batch,
            unit_path=row.unit_path,
        )  # fmt: skip


def test_the_list_of_some_days_before_is_changed_with_reasons(world, campaign):
    assert campaign.listed_on == date(2026, 10, 2)
    gone = Candidate.objects.get(pupil=world.pupils[0])
    late = Candidate.objects.get(full_name="Lò Thị Muộn")
    assert gone.removed_for == "Đã rời trường sau ngày chốt danh sách"
    assert (late.sbd, late.room) == ("06003007", 1)
    alone = Candidate.objects.get(room=2)
    told = Change.objects.filter(table="exams_candidate", row_id=alone.pk).values_list("reason", flat=True)
    assert list(told) == ["Em bó bột tay phải, cần phòng riêng và người ghi hộ"]
    assert set(Event.objects.filter(kind__startswith="candidate.").values_list("kind", flat=True)) == {
        "candidate.removed", "candidate.added", "candidate.moved",
    }  # fmt: skip


def test_every_school_reports_the_absences_that_the_results_tell(campaign):
    results(campaign, {"06001003", "06003007"})

    hold_sittings(campaign, np.random.default_rng(2))

    absent = Absence.objects.order_by("candidate__sbd").values_list("candidate__sbd", flat=True)
    assert list(absent) == ["06001003", "06003007"]
    reports = SittingReport.objects.order_by("unit_path").values_list("listed", "absent")
    assert list(reports) == [(5, 1), (6, 0), (7, 1)]
    assert str(SittingReport.objects.first().reported_at) == "2026-10-05 03:45:00+00:00"
    assert Event.objects.filter(kind="sitting.reported").count() == 3
    assert Incident.objects.count() == 1
    assert all(row.is_settled for row in reconciliation(campaign, WHOLE_PROVINCE))
