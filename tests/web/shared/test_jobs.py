from dataclasses import dataclass

import pytest

from tests.web.world import make_user
from thucchat.engine.errors import InvalidInput
from thucchat.web.org.models import Grant, User
from thucchat.web.shared import jobs
from thucchat.web.shared.models import Work
from thucchat.web.shared.scope import Scope


@dataclass
class Person:
    user: User
    grant: Grant
    scope: Scope


@pytest.fixture
def person(world) -> Person:
    user = make_user("principal", world.schools[0])
    return Person(user, user.grants.get(), Scope(world.schools[0].unit_path))


@pytest.fixture
def counting(monkeypatch):
    calls = []

    def count(progress, *, step: int) -> str:
        calls.append(step)
        progress(1, 2, "đang đếm")
        if step < 0:
            raise InvalidInput("count.negative", "Bước đếm âm.")
        return "/xong/"

    monkeypatch.setitem(jobs.JOBS, "test.count", count)
    monkeypatch.setattr(jobs.Reporter, "write", lambda *_, **__: None)  # it has a connection of its own
    return calls


def work_of(person) -> Work:
    return jobs.start_work("test.count", title="Đếm", acting=person, step=1)


def test_a_job_is_queued_for_the_person_who_started_it(person):
    from procrastinate.contrib.django.models import ProcrastinateJob

    work = work_of(person)

    queued = ProcrastinateJob.objects.get(task_name="run_work")
    assert queued.args == {
        "work_id": work.pk, "user_id": person.user.pk, "grant_id": person.grant.pk, "arguments": {"step": 1},
    }  # fmt: skip
    assert work.state == Work.State.WAITING


def test_a_job_done_is_not_done_again(person, counting):
    work = work_of(person)

    jobs.run_work(work, person.scope, {"step": 1})
    jobs.run_work(work, person.scope, {"step": 1})

    work.refresh_from_db()
    assert counting == [1]
    assert (work.state, work.result_url) == (Work.State.DONE, "/xong/")


def test_a_refusal_is_told_to_the_person(person, counting):
    work = work_of(person)

    jobs.run_work(work, person.scope, {"step": -1})

    work.refresh_from_db()
    assert (work.state, work.message) == (Work.State.FAILED, "Bước đếm âm.")


def test_a_crash_leaves_the_job_to_be_tried_again(person, monkeypatch):
    def crash(progress) -> str:
        raise RuntimeError("power cut")

    monkeypatch.setitem(jobs.JOBS, "test.count", crash)
    work = work_of(person)

    with pytest.raises(RuntimeError):
        jobs.run_work(work, person.scope, {})

    work.refresh_from_db()
    assert work.state == Work.State.WAITING
