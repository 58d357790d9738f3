"""Publication takes two offices, and opens what was closed before."""

from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.urls import reverse

from tests.web.world import make_user
from thucchat.web.exams.actions.reporting import make_exam_report
from thucchat.web.exams.models import Campaign, Exam
from thucchat.web.exams.queries.cuts import Cut
from thucchat.web.exams.queries.snapshots import exam_snapshot
from thucchat.web.ledger.actions.decisions import approve
from thucchat.web.ledger.models import Decision, Event
from thucchat.web.results.actions import publishing as acts
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope

NOW = datetime(2026, 10, 2, 5, tzinfo=UTC)


def code_of(call) -> str:
    with pytest.raises(RuleBroken) as refusal, transaction.atomic():
        call()
    return refusal.value.code


def ask(exam, by):
    return acts.ask_to_publish(exam, "Đã soát xong", by=by, role="testing", at=NOW)


def test_publication_takes_two_people_of_two_offices(exam, officer, world):
    leader = make_user("leader", world.province)
    decision = ask(exam, officer)

    assert code_of(lambda: acts.publish(exam.pk, decision.pk, by=officer, at=NOW)) == "decision.state"
    assert code_of(lambda: approve(decision.pk, by=officer, role="leader", at=NOW)) == "decision.same_person"
    approve(decision.pk, by=leader, role="leader", at=NOW)
    done = acts.publish(exam.pk, decision.pk, by=officer, at=NOW)

    assert done.published_at == NOW
    assert Event.objects.filter(kind="exam.published", subject_id=exam.pk).count() == 1
    assert code_of(lambda: ask(done, officer)) == "publication.twice"


def test_leave_is_for_the_results_of_that_day_alone(exam, officer, world):
    decision = ask(exam, officer)
    approve(decision.pk, by=make_user("leader", world.province), role="leader", at=NOW)
    Exam.objects.filter(pk=exam.pk).update(fingerprint="1" * 64)

    assert code_of(lambda: acts.publish(exam.pk, decision.pk, by=officer, at=NOW)) == "decision.other"


def test_an_exam_without_results_or_a_survey_still_open_is_not_published(exam, officer):
    Campaign.objects.filter(pk=exam.campaign_id).update(state="running", closed_at=None)
    assert code_of(lambda: acts.publish_on_paper(exam.pk, at=NOW)) == "publication.open"
    Exam.objects.filter(pk=exam.pk).update(candidates=0, fingerprint="")
    assert code_of(lambda: acts.publish_on_paper(exam.pk, at=NOW)) == "publication.empty"


def test_the_province_stands_beside_a_school_only_once_the_survey_is_published(exam, world):
    cut = Cut(world.schools[0], "none")
    before = make_exam_report(exam, cut).report["groups"]

    acts.publish_on_paper(exam.pk, at=NOW)
    exam.refresh_from_db()

    assert exam_snapshot(exam, cut) is None, "the old report no longer holds"
    after = make_exam_report(exam, cut).report["groups"]
    assert not before
    assert [group["name"] for group in after] == ["Trường THCS 0", "Toàn tỉnh"]


def test_the_page_leads_an_officer_through_publication(client, exam, officer, world):
    client.force_login(officer)
    url = reverse("results:exam", args=[exam.pk])

    assert "Chưa công bố" in client.get(url).content.decode()
    client.post(f"{url}cong-bo/")
    client.post(f"{url}xin-cong-bo/", {"reason": "x"})
    client.post(f"{url}xin-cong-bo/", {"reason": "Đã soát xong"})
    page = client.get(url).content.decode()
    assert "Chưa có đề nghị công bố nào được duyệt." in page
    assert f"Công bố kết quả {exam.name}</a>: Chờ duyệt" in page
    enter_scope(Scope(WHOLE_PROVINCE))
    leader = make_user("leader", world.province)
    client.force_login(leader)
    client.post(f"/viec-duyet/{Decision.objects.get().pk}/quyet/")
    client.force_login(officer)
    client.post(f"{url}cong-bo/")

    assert "Đã công bố lúc" in client.get(url).content.decode()
    exam.refresh_from_db()
    assert exam.published_at is not None
