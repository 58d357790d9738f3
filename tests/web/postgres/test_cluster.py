import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from thucchat.web.postgres.cluster import APPLICATION, OWNER, READER, Cluster, start, stop
from thucchat.web.postgres.roles import prepare


@pytest.fixture(scope="module")
def cluster():
    folder = Path(tempfile.mkdtemp(prefix="tc-cluster-"))
    folder.chmod(0o755)
    cluster = Cluster(folder)
    start(cluster)
    prepare(cluster, "trial")
    yield cluster
    stop(cluster)
    shutil.rmtree(folder)


def postmaster(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def rows(cluster: Cluster) -> int:
    with cluster.connect("trial", OWNER) as connection:
        return connection.execute("SELECT count(*) FROM kept").fetchone()[0]


def test_what_was_committed_survives_the_server_being_killed(cluster):
    with cluster.connect("trial", OWNER) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")

    for _ in range(3):
        os.kill(postmaster(cluster), signal.SIGKILL)
        start(cluster)
        assert rows(cluster) == 1000


def test_the_server_outlives_a_killed_application_and_is_found_again(cluster):
    program = (
        "import os, pathlib; from thucchat.web.postgres.cluster import Cluster, start;"
        f"start(Cluster(pathlib.Path({str(cluster.state)!r}))); os.kill(os.getpid(), 9)"
    )
    before = postmaster(cluster)

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    start(cluster)

    assert ended.returncode == -signal.SIGKILL
    assert postmaster(cluster) == before


def test_starting_twice_is_starting_once(cluster):
    before = postmaster(cluster)
    start(cluster)
    prepare(cluster, "trial")
    assert postmaster(cluster) == before


def test_case_folds_in_vietnamese(cluster):
    with cluster.connect("trial") as connection:
        assert connection.execute("SELECT lower('ĐẶNG Ễ ƯƠ')").fetchone() == ("đặng ễ ươ",)


@pytest.mark.parametrize("role", [APPLICATION, READER])
def test_neither_application_nor_reader_makes_tables(cluster, role):
    with cluster.connect("trial", role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE mine (n int)")


def test_the_data_is_closed_to_others(cluster):
    assert cluster.data.stat().st_mode & 0o077 == 0
