import pytest

from tests.web.exams.campaigns import LISTED, NOON, only, planned, site_of, sitting_of, started
from tests.web.exams.test_candidates import code_of
from thucchat.web.exams.actions.attendance import Happening, report_incident, report_sitting
from thucchat.web.exams.actions.candidates import remove_candidate
from thucchat.web.exams.actions.listing import freeze_candidates
from thucchat.web.exams.models import Absence, Campaign, Candidate, Incident, SittingReport
from thucchat.web.exams.queries.reconciling import reconciliation
from thucchat.web.shared.models import Change
from thucchat.web.shared.scope import WHOLE_PROVINCE

Reason = Absence.Reason


@pytest.fixture
def campaign(world) -> Campaign:
    return started(world)


@pytest.fixture
def site(world, campaign):
    return site_of(campaign, world.schools[0])


def row(site, place: int) -> Candidate:
    return Candidate.objects.filter(site=site)[place]


def report(site, sitting, absent, **values) -> SittingReport:
    return report_sitting(site.pk, sitting.pk, absent, by=None, at=NOON, **values)


def test_a_report_says_who_was_absent_and_that_the_others_were_there(site, campaign):
    made = report(site, sitting_of(campaign), {row(site, 0).pk: Reason.ILLNESS})

    assert (made.listed, made.absent, made.present) == (6, 1, 5)
    assert list(Absence.objects.values_list("candidate", "reason")) == [(row(site, 0).pk, "illness")]


def test_a_second_report_replaces_the_first_and_says_why(site, campaign):
    sitting = sitting_of(campaign)
    first, second = row(site, 0).pk, row(site, 1).pk
    report(site, sitting, {first: Reason.ILLNESS})

    assert code_of(lambda: report(site, sitting, {second: Reason.OTHER})) == "report.reason"
    report(site, sitting, {first: Reason.ILLNESS})  # the same again changes nothing
    report(site, sitting, {second: Reason.OTHER}, reason="Ghi nhầm dòng")

    assert dict(Absence.objects.values_list("candidate", "reason")) == {second: "other"}
    assert SittingReport.objects.count() == 1
    told = Change.objects.filter(table="exams_absence").order_by("pk").values_list("operation", "reason")
    assert list(told) == [("I", "Báo cáo buổi khảo sát"), ("D", "Ghi nhầm dòng"), ("I", "Ghi nhầm dòng")]


def test_only_people_of_the_list_are_absent_and_only_while_the_survey_runs(world, site, campaign):
    sitting, gone = sitting_of(campaign), row(site, 5)
    remove_candidate(gone.pk, reason="Đã chuyển trường", by=None, at=NOON)
    other = row(site_of(campaign, world.schools[1]), 0)
    for key in (gone.pk, other.pk):
        assert code_of(lambda key=key: report(site, sitting, {key: Reason.OTHER})) == "report.stranger"
    late = freeze_candidates(planned(world, moment="mid").pk, LISTED, by=None, at=NOON)
    mid = site_of(late, world.schools[0])
    assert code_of(lambda: report(mid, sitting_of(late), {})) == "campaign.not_running"
    assert code_of(lambda: report(site, sitting_of(late), {})) == "report.sitting"
    Campaign.objects.filter(pk=campaign.pk).update(state="closed", closed_at=NOON)
    assert code_of(lambda: report(site, sitting, {})) == "campaign.closed"


def test_an_incident_is_of_a_room_a_candidate_or_the_school(site, campaign):
    sitting, hurt = sitting_of(campaign), row(site, 2)

    for happening in (
        Happening(Incident.Kind.HEALTH, "Em đau bụng, được đưa xuống phòng y tế", number=hurt.sbd),
        Happening(Incident.Kind.PAPER, "Thiếu một đề, đã phát đề dự phòng", room=1),
        Happening(Incident.Kind.OTHER, "Mất điện 10 phút"),
    ):
        report_incident(site.pk, sitting.pk, happening, by=None, at=NOON)

    rows = Incident.objects.order_by("pk").values_list("kind", "room", "candidate")
    assert list(rows) == [("health", 1, hurt.pk), ("paper", 1, None), ("other", None, None)]
    for happening, code in (
        (Happening(Incident.Kind.OTHER, " "), "incident.empty"),
        (Happening(Incident.Kind.OTHER, "x", number="99"), "incident.number"),
    ):
        act = lambda one=happening: report_incident(site.pk, sitting.pk, one, by=None, at=NOON)  # noqa: E731
        assert code_of(act) == code


def test_a_missing_report_is_no_absence(site, campaign):
    only(campaign, "toan")
    report(site, sitting_of(campaign), {row(site, 0).pk: Reason.FAMILY})

    found = reconciliation(campaign, WHOLE_PROVINCE)
    assert [(one.listed, one.papers, one.scored, one.absent, one.unexplained) for one in found] == [
        (6, 6, 0, 1, 5), (6, 6, 0, 0, 6), (6, 6, 0, 0, 6),
    ]  # fmt: skip
