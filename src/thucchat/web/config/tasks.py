"""What the worker does: pieces of work for the people who started them, and what each day and minute ask."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from thucchat.web.config.entering import enter
from thucchat.web.ledger.actions.sealing import seal_all
from thucchat.web.org.actions.units import bring_tree_to
from thucchat.web.org.models import User
from thucchat.web.quality.actions.handovers import let_handovers_lapse
from thucchat.web.results.actions.lookups import forget_tries
from thucchat.web.shared.clock import today
from thucchat.web.shared.jobs import TASK, run_work
from thucchat.web.shared.models import Work
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope


@app.task(name=TASK, retry=RetryStrategy(max_attempts=3, wait=2))
def work(work_id: int, user_id: int, grant_id: int, arguments: dict[str, Any]) -> None:
    with transaction.atomic():
        user = User.objects.get(pk=user_id, is_active=True)
        acting = enter(user, grant_id)
        if acting is None or acting.grant.pk != grant_id:
            return  # his role has ended since: nothing of his scope may be touched, not even this row
        run_work(Work.objects.get(pk=work_id), acting.scope, arguments)


@app.periodic(cron="5 0 * * *")
@app.task(name="turn_the_day", queueing_lock="turn_the_day", pass_context=False)
def turn_the_day(timestamp: int) -> None:  # noqa: ARG001  the scheduler names it
    """Re-organisations recorded ahead come true on their day; handovers nobody answered come into
    force; tries of the look-up are forgotten."""
    with transaction.atomic():
        enter_scope(Scope(WHOLE_PROVINCE))
        bring_tree_to(today())
        let_handovers_lapse(on=today(), at=timezone.now())
        forget_tries(at=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="seal_ledger", queueing_lock="seal_ledger", pass_context=False)
def seal_ledger(timestamp: int) -> None:  # noqa: ARG001  the scheduler names it
    """What was recorded gets its place in the chain, and minutes a new root to print."""
    seal_all(at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="retry_stalled", queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  the scheduler names it
    """A worker that was killed leaves its job marked as running: queue it again."""
    for stalled in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=30):
        await app.job_manager.retry_job(stalled)
