from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError

from tests.web.exams.campaigns import DAYS, NOON, exam_of, planned, sitting_of, started
from thucchat.web.exams.actions.sittings import leave_out, move_sitting
from thucchat.web.exams.models import Sitting
from thucchat.web.ledger.models import Event
from thucchat.web.shared.errors import RuleBroken


def test_planning_draws_up_when_every_grade_writes_each_paper(world):
    campaign = planned(world)

    rows = Sitting.objects.filter(exam=exam_of(campaign)).order_by("day", "starts")
    assert [(row.subject, row.day.day, row.get_shift_display(), row.minutes) for row in rows] == [
        ("van", 5, "Sáng", 60),
        ("toan", 5, "Sáng", 45),
        ("ngoai_ngu", 6, "Sáng", 45),
        ("khtn", 6, "Sáng", 45),
        ("ls_dl", 7, "Sáng", 45),
    ]
    assert Sitting.objects.filter(exam__campaign=campaign, exam__grade=12).count() == 9


def test_a_window_too_short_for_the_papers_is_refused(world):
    with pytest.raises(RuleBroken, match="không đủ buổi") as refusal:
        planned(world, (DAYS[0], DAYS[0] + timedelta(days=1)))
    assert refusal.value.code == "campaign.days"


def test_a_paper_moves_to_another_time_and_the_ledger_says_so(world):
    sitting = sitting_of(planned(world))

    move_sitting(sitting.pk, replace(sitting.slot, day=date(2026, 10, 9), minutes=50), by=None, at=NOON)

    assert str(Sitting.objects.get(pk=sitting.pk)) == "Toán, 09:00 09/10/2026"
    assert "09/10/2026" in Event.objects.get(kind="sitting.moved").facts


@pytest.mark.parametrize(
    ("change", "code"),
    [({"starts": time(8, 29)}, "timetable.overlap"), ({"day": date(2026, 10, 18)}, "timetable.window")],
)
def test_two_papers_at_once_or_a_day_outside_are_refused(world, change, code):
    sitting = sitting_of(planned(world))

    with pytest.raises(RuleBroken) as refusal:
        move_sitting(sitting.pk, replace(sitting.slot, **change), by=None, at=NOON)

    assert refusal.value.code == code


def test_the_database_refuses_two_papers_at_once(world):
    sitting = sitting_of(planned(world))
    with pytest.raises(IntegrityError, match="sitting_one_at_a_time"):
        Sitting.objects.filter(pk=sitting.pk).update(starts=time(8, 29))


def test_a_paper_left_out_is_no_subject_of_the_exam(world):
    campaign = planned(world)

    leave_out(sitting_of(campaign, "van").pk, by=None, at=NOON)

    assert exam_of(campaign).subjects == ["toan", "ngoai_ngu", "khtn", "ls_dl"]
    for subject in ("toan", "ngoai_ngu", "khtn"):
        leave_out(sitting_of(campaign, subject).pk, by=None, at=NOON)
    with pytest.raises(RuleBroken) as refusal:
        leave_out(sitting_of(campaign, "ls_dl").pk, by=None, at=NOON)
    assert refusal.value.code == "sitting.last"


def test_nothing_moves_once_the_survey_runs(world):
    sitting = sitting_of(started(world))
    for act in (
        lambda: move_sitting(sitting.pk, sitting.slot, by=None, at=NOON),
        lambda: leave_out(sitting.pk, by=None, at=NOON),
    ):
        with pytest.raises(RuleBroken) as refusal:
            act()
        assert refusal.value.code == "sitting.running"
