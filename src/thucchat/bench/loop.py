"""A whole school year of the simulated province, unattended: built at three sizes, then its pages and papers.

Each size is built by a process of its own in an empty state. Pages are server times through all of Django
as the province, a district and a school see them; papers are all of one school.
"""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCALES = (0.1, 0.3, 1.0)
TARGET_S, TARGET_PAGE_MS, TARGET_PAPERS_S = 1200, 300, 10
REPEATS = 9
PAGES = (
    "/chat-luong/",
    "/chat-luong/ban-giao/",
    "/chat-luong/cam-ket/",
    "/chat-luong/nghiem-thu/",
    "/ky-thi/khao-sat/",
    "/xep-loai/",
    "/chi-tieu/",
    "/mot-nam-hoc/",
)
PEOPLE = ("khaothi", "phong", "hieutruong", "giaovien")


def run(scale: float) -> None:
    """Print time, memory and growth, then pages and papers of the largest size."""
    print(f"{'scale':>7}{'seconds':>10}{'peak MB':>10}   target {TARGET_S} s and 6,000 MB at 1")
    folders = []
    for part in SCALES:
        folder = Path(tempfile.mkdtemp(prefix="tc-loop-"))
        folder.chmod(0o755)
        folders.append(folder)
        begun = time.perf_counter()
        command = [sys.executable, "-m", "thucchat.cli", "demo", "--build-only", "--scale", str(part * scale)]
        environment = os.environ | {"THUCCHAT_STATE": str(folder)}
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - begun
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
        print(f"{part * scale:>7g}{seconds:>10.1f}{peak:>10.0f}", flush=True)
    try:
        _visit(folders[-1])
    finally:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


def _visit(folder: Path) -> None:
    os.environ |= {"THUCCHAT_STATE": str(folder / "demo"), "THUCCHAT_DEMO": "1", "THUCCHAT_DAY": "2025-06-30"}
    from thucchat.web.config.entry import set_up
    from thucchat.web.config.place import embedded_cluster, start_database
    from thucchat.web.postgres.cluster import stop

    start_database()
    try:
        set_up()
        _pages()
        _papers()
    finally:
        stop(embedded_cluster())


def _pages() -> None:
    from django.test import Client

    from thucchat.web.org.models import User

    print(f"{'page, ms':<26}" + "".join(f"{name:>12}" for name in PEOPLE) + f"   target {TARGET_PAGE_MS}")
    clients = {name: Client() for name in PEOPLE}
    for name, client in clients.items():
        client.force_login(User.objects.get(username=name))
    for page in PAGES:
        times = [_time(clients[name], page) for name in PEOPLE]
        print(f"{page:<26}" + "".join(f"{one:>12.0f}" for one in times))


def _time(client: "object", page: str) -> float:
    found = []
    client.get(page)  # type: ignore[attr-defined]  # the first visit loads what a server has loaded already
    for _ in range(REPEATS):
        begun = time.perf_counter()
        status = client.get(page).status_code  # type: ignore[attr-defined]  # Django's test client
        found.append(1000 * (time.perf_counter() - begun))
        if status != 200:
            raise RuntimeError(f"{page}: {status}")
    return statistics.quantiles(found, n=20)[-1]


def _papers() -> None:
    from django.db import transaction
    from django.test import Client

    from thucchat.web.org.models import User
    from thucchat.web.quality.models import Acceptance, Commitment, Handover, Review
    from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope

    user = User.objects.get(username="hieutruong")
    with transaction.atomic():
        enter_scope(Scope(WHOLE_PROVINCE))
        school = user.grants.get().unit
        tables = (
            (Handover, {"school_class__school": school}, "ban-giao/{}/bien-ban/"),
            (Commitment, {"unit": school}, "cam-ket/{}/ban-in/"),
            (Acceptance, {"commitment__unit": school}, "nghiem-thu/{}/bien-ban/"),
            (Review, {"unit": school}, "ra-soat/{}/bien-ban/"),
        )
        keys = []
        for table, own, form in tables:
            keys += [(form, key) for key in table.objects.filter(**own).values_list("pk", flat=True)]
    client = Client()
    client.force_login(user)
    addresses = [f"/chat-luong/{form.format(key)}?dang=pdf" for form, key in keys]
    client.get(addresses[0])  # loads what a server has loaded already, as for pages
    begun = time.perf_counter()
    papers = [client.get(address).content for address in addresses]
    seconds = time.perf_counter() - begun
    if not all(paper.startswith(b"%PDF") for paper in papers):
        raise RuntimeError("a paper is no PDF")
    size = sum(map(len, papers))
    print(f"{len(keys)} papers of a school: {seconds:.1f} s, {size / 1e6:.1f} MB; target {TARGET_PAPERS_S} s")
