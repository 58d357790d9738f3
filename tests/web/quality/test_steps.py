"""The office takes a year through its steps from the pages, each as background work."""

from datetime import date

from procrastinate.contrib.django.models import ProcrastinateJob

from tests.web.quality.year import LAST_TAUGHT, SCORES, survey
from thucchat.web.exams.models import Exam
from thucchat.web.quality.actions.commitments import put_in_force
from thucchat.web.quality.models import Acceptance, Commitment, Handover, Target
from thucchat.web.quality.queries.steps import steps_of
from thucchat.web.shared.jobs import JOBS
from thucchat.web.shared.models import Work

OPEN = {"ban-giao": True, "chi-tieu": False, "cam-ket": False, "nghiem-thu": False}


def take(client, year, step, **facts) -> None:
    """Fill in the form of a step and do the work that it started."""
    answer = client.post(f"/chat-luong/cac-buoc/{year.pk}/{step}/", facts)
    assert answer.status_code == 302, answer.content.decode()
    job = ProcrastinateJob.objects.filter(task_name="run_work").latest("pk")
    work = Work.objects.get(pk=job.args["work_id"])
    JOBS[work.kind](lambda *_: None, **job.args["arguments"])


def open_steps(year) -> dict[str, bool]:
    return {one.key: not one.waits_for for one in steps_of(year)}


def test_a_year_goes_through_its_steps_from_the_pages(world, head, client_of):
    client = client_of("office", world.province)
    assert not any(open_steps(world.year).values())
    survey(world, "start", SCORES)
    Exam.objects.filter(campaign__moment="start", grade=6).update(candidates=18, fingerprint="0" * 64)
    assert open_steps(world.year) == OPEN

    take(client, world.year, "ban-giao", last_taught=LAST_TAUGHT, days=7)
    assert Handover.objects.filter(state="issued").count() > 0
    take(
        client, world.year, "chi-tieu", subjects=["TOAN"], threshold="5,0".replace(",", "."), gain="0",
        rise="10", answer_by=date(2026, 10, 20),
    )  # fmt: skip
    assert Target.objects.filter(school_class=None).count() == 1 + 2 + 3 + 3
    take(client, world.year, "cam-ket", sign_by=date(2026, 10, 31))
    put_in_force(world.year, by=None, at="2026-10-31T12:00+07:00")
    survey(world, "end", SCORES)
    Exam.objects.filter(campaign__moment="end", grade=6).update(candidates=18, fingerprint="0" * 64)
    take(client, world.year, "nghiem-thu", answer_by=date(2027, 5, 20))

    assert Acceptance.objects.count() == Commitment.objects.count() == 6 + 3 + 3 + 2
    page = client.get("/chat-luong/cac-buoc/").content.decode()
    assert "14 biên bản" in page


def test_a_step_that_waits_leads_back_to_all_steps(world, client_of):
    client = client_of("office", world.province)

    assert client.get(f"/chat-luong/cac-buoc/{world.year.pk}/nghiem-thu/").url == "/chat-luong/cac-buoc/"
    assert client.get(f"/chat-luong/cac-buoc/{world.year.pk}/khac/").status_code == 404
