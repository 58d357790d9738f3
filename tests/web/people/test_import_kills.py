"""Kills during imports, of the application and of the database: nothing is lost, nothing doubled."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from tests.web.people import import_worker
from thucchat.web.postgres.cluster import Cluster, start, stop
from thucchat.web.postgres.roles import prepare

KILLS = 300
WORKER = import_worker.__file__
EVERY_FOURTH = 4  # kill hits the database
LONGEST_S = 0.9  # longer than one import takes, so that kills fall into every step

# How many files are in, and everything that must follow from that number.
FACTS = """
SELECT (SELECT count(*) FROM people_importbatch WHERE state = 'applied'),
       (SELECT count(*) FROM people_pupil),
       (SELECT count(DISTINCT code) FROM people_pupil),
       (SELECT array_agg(DISTINCT address) FROM people_pupil),
       (SELECT count(*) FROM people_enrolment),
       (SELECT count(*) FROM people_enrolment WHERE upper_inf(days)),
       (SELECT count(*) FROM people_pupil p JOIN people_enrolment e
            ON e.pupil_id = p.id AND upper_inf(e.days) AND e.school_class_id = p.current_class_id),
       (SELECT count(*) FROM shared_work WHERE kind = 'people.apply_import' AND state = 'done')
"""


class Yard:
    """A durable cluster of its own, and the program that forks workers on it."""

    def __init__(self, folder: Path) -> None:
        self.cluster = Cluster(folder, durable=True)
        unwanted = {"THUCCHAT_CARELESS", "THUCCHAT_TEST_SERVER", "DATABASE_URL"}
        self.environment = {name: value for name, value in os.environ.items() if name not in unwanted}
        self.environment |= {
            "THUCCHAT_STATE": str(folder),
            "DJANGO_SETTINGS_MODULE": "thucchat.web.config.settings",
            "POLARS_MAX_THREADS": "1",
        }
        start(self.cluster)
        prepare(self.cluster, "thucchat")
        subprocess.run([sys.executable, WORKER, "set-up"], check=True, env=self.environment)
        self.forker = subprocess.Popen(
            [sys.executable, WORKER],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def fork(self) -> int:
        self.forker.stdin.write("go\n")
        self.forker.stdin.flush()
        return int(self.forker.stdout.readline())

    def kill_worker(self, child: int) -> None:
        with suppress(ProcessLookupError):  # the loss of the database has ended it
            os.kill(child, signal.SIGKILL)
        assert self.forker.stdout.readline() == "gone\n"

    def kill_database(self) -> None:
        postmaster = int((self.cluster.data / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)

    def facts(self) -> tuple:
        with self.cluster.connect("thucchat") as connection:
            return connection.execute(FACTS).fetchone()

    def close(self) -> None:
        with self.forker:  # closes its pipes too
            self.forker.stdin.close()
            self.forker.wait(timeout=20)
        stop(self.cluster)


@pytest.fixture
def yard():
    folder = Path(tempfile.mkdtemp(prefix="tc-kill-"))
    folder.chmod(0o755)
    yard = Yard(folder)
    yield yard
    yard.close()
    shutil.rmtree(folder, ignore_errors=True)


def expected(files: int) -> tuple:
    """The facts after so many files: pupil i came with file max(1, i - 20) and moved with every later one."""
    pupils = import_worker.FIRST_PUPILS + files if files else 0
    stays = sum(files - max(1, i - import_worker.FIRST_PUPILS) + 1 for i in range(1, pupils + 1))
    return (files, pupils, pupils, [f"Bản {files}"] if files else None, stays, pupils, pupils, files)


@pytest.mark.slow
def test_kills_of_application_and_database_lose_and_double_nothing(yard):
    chance = random.Random(7)
    seen = Counter()
    for kill in range(KILLS):
        child = yard.fork()
        time.sleep(chance.uniform(0.02, LONGEST_S))
        if kill % EVERY_FOURTH == 0:
            yard.kill_database()
            yard.kill_worker(child)
            start(yard.cluster)
            seen["database"] += 1
        else:
            yard.kill_worker(child)
            seen["application"] += 1
        facts = yard.facts()
        assert facts == expected(facts[0]), f"after kill {kill}"
        seen["files"] = facts[0]

    assert seen["application"] + seen["database"] == KILLS
    assert seen["files"] > KILLS / 20  # the work went on between the kills
