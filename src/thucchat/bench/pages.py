"""A whole province simulated and loaded into a throw-away database, then list pages and searches timed.

Times are server times of one process: the median of several requests through all of Django, in milliseconds.
"""

import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from thucchat.engine.simulation.province import simulate_province

REPEATS = 15
BRACKETS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")  # of transactions: not counted as queries
PAGES = {
    "pupils, first page": "/hoc-sinh/",
    "pupils, page 3000": "/hoc-sinh/?trang=3000",
    "pupils, all states": "/hoc-sinh/?trang_thai=tat-ca",
    "pupils, one grade": "/hoc-sinh/?khoi=7",
    "search, common part": "/hoc-sinh/?q=thi",
    "search, rare part": "/hoc-sinh/?q=quang+thi+my",
    "search, no match": "/hoc-sinh/?q=zzzz",
    "classes": "/lop/",
    "staff": "/can-bo/",
    "tree": "/don-vi/",
    "overview": "/",
}


def run(scale: float) -> None:
    """Print the time of each step, and of each page as the province, a district and a school see it."""
    folder = Path(tempfile.mkdtemp(prefix="tc-bench-"))
    folder.chmod(0o755)
    os.environ |= {"THUCCHAT_STATE": str(folder), "THUCCHAT_DEMO": "1", "THUCCHAT_DAY": "2025-06-30"}
    from thucchat.web.config.entry import set_up
    from thucchat.web.config.place import embedded_cluster
    from thucchat.web.postgres.cluster import stop

    try:
        set_up()
        _load(scale)
        _visit()
    finally:
        stop(embedded_cluster())
        shutil.rmtree(folder, ignore_errors=True)


def _load(scale: float) -> None:
    from django.db import transaction

    from thucchat.web.people.actions.loading import load_province, tidy_tables
    from thucchat.web.shared.clock import today
    from thucchat.web.shared.setup import bring_up_to_date

    bring_up_to_date()
    started = time.perf_counter()
    province, _ = simulate_province(scale, 2024)
    simulated = time.perf_counter()
    with transaction.atomic(using="owner"):
        counts = load_province(province, on=today())
    tidy_tables()
    loaded = time.perf_counter()
    print(f"scale {scale}: {counts['people_pupil']} pupils, {sum(counts.values())} rows")
    print(f"  simulated {simulated - started:.1f} s, loaded {loaded - simulated:.1f} s")


def _visit() -> None:
    from django.db import connection, transaction
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from thucchat.web.org.models import User
    from thucchat.web.people.actions.demo import make_accounts
    from thucchat.web.shared.clock import today
    from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope

    with transaction.atomic():
        enter_scope(Scope(WHOLE_PROVINCE))
        make_accounts(today())
    print(f"{'page':<22}" + "".join(f"{who:>22}" for who in ("chuyenmon", "phong", "hieutruong")))
    for name, address in PAGES.items():
        cells = []
        for who in ("chuyenmon", "phong", "hieutruong"):
            client = Client()
            client.force_login(
                User.objects.get(username=who), "allauth.account.auth_backends.AuthenticationBackend"
            )
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            asked = [query for query in queries if not query["sql"].startswith(BRACKETS)]
            cells.append(f"{_median_ms(partial(client.get, address)):9.1f} ms {len(asked):2} queries")
        print(f"{name:<22}" + "".join(f"{cell:>22}" for cell in cells), flush=True)


def _median_ms(call: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000
