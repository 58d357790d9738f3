"""Background work: started from a page, run by a worker, shown with its progress, safe to kill and run twice.

A job's effect and its mark "done" are committed together. If the worker dies before, nothing has happened;
if it dies after, running the job again finds it done.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection, connections, transaction
from django.db.models import F

from thucchat.engine.errors import EngineError
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.models import Work
from thucchat.web.shared.scope import Scope

logger = logging.getLogger(__name__)

Progress = Callable[[int, int, str], None]  # done, total, message
TASK = "run_work"
LOCKS = 7001  # the family of advisory locks on pieces of work


class JobFunction(Protocol):
    """What a job does; it returns the address of its result."""

    def __call__(self, progress: Progress, **arguments: Any) -> str: ...


class Starter(Protocol):
    """Who starts a job: see `org.acting.Acting`."""

    @property
    def user(self) -> Any: ...
    @property
    def grant(self) -> Any: ...
    @property
    def scope(self) -> Scope: ...


JOBS: dict[str, JobFunction] = {}


def job(kind: str) -> Callable[[JobFunction], JobFunction]:
    """Register a function as the job `kind`."""

    def register(function: JobFunction) -> JobFunction:
        JOBS[kind] = function
        return function

    return register


def start_work(kind: str, *, title: str, acting: Starter, again: str = "", **arguments: Any) -> Work:
    """Queue a job when the present transaction commits; the worker acts for the same person.

    `again` is the address that asks for the same once more, for work that changes nothing.
    """
    from procrastinate.contrib.django import app

    path = acting.scope.path
    work = Work.objects.create(
        kind=kind, title=title, owner_id=acting.user.pk, unit_path=path, again_url=again
    )
    app.configure_task(TASK, lock=f"work-{work.pk}").defer(
        work_id=work.pk, user_id=acting.user.pk, grant_id=acting.grant.pk, arguments=arguments
    )
    return work


@dataclass
class Reporter:
    """Writes progress, at most once a second, where others see it while the job's transaction is open."""

    work: Work
    scope: Scope
    last: float = 0.0

    def __call__(self, done: int, total: int, message: str = "") -> None:
        if time.monotonic() - self.last > 1:
            self.last = time.monotonic()
            self.write(done=done, total=max(done, total), message=message, state=Work.State.RUNNING)

    def write(self, **values: object) -> None:
        """Update the row in a transaction of its own, on a connection of its own."""
        columns = ", ".join(f"{name} = %s" for name in values)
        own = connections.create_connection("default")
        try:
            with own.cursor() as cursor:
                # For the whole session, which is this row's alone and ends here.
                cursor.execute("SELECT set_config('app.scope', %s, false)", [self.scope.path])
                cursor.execute(
                    f"UPDATE shared_work SET {columns} WHERE id = %s",  # noqa: S608  the names are ours
                    [*map(str, values.values()), self.work.pk],
                )
        finally:
            own.close()


def _alone_with(work: Work) -> None:
    """Wait for whoever does the same work; its row stays free, for another connection writes the progress."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCKS, work.pk])
    work.refresh_from_db()


def run_work(work: Work, scope: Scope, arguments: dict[str, Any]) -> None:
    """Do the job and mark it done, together; the scope has been entered. A refusal is told, not retried."""
    reporter = Reporter(work, scope)
    try:
        with transaction.atomic():
            _alone_with(work)
            if work.is_over:
                return
            url = JOBS[work.kind](reporter, **arguments)
            done = {"state": Work.State.DONE, "done": F("total"), "message": "", "result_url": url}
            Work.objects.filter(pk=work.pk).update(**done)
    except (RuleBroken, EngineError) as refusal:
        logger.info("work %s refused: %s", work.pk, refusal.code)
        work.state, work.message = Work.State.FAILED, str(refusal)
        work.save(update_fields=["state", "message"])
