"""Where an installation keeps its state, and how it reaches its database. Read from the environment.

THUCCHAT_STATE      folder of data, secrets and logs
DATABASE_URL        a server of your own, as the application role; DATABASE_OWNER_URL and
                    DATABASE_READER_URL as the other two. Without it the embedded server is used.
"""

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from thucchat.web.postgres.cluster import APPLICATION, OWNER, READER, Cluster, start
from thucchat.web.postgres.roles import prepare

REPOSITORY = Path(__file__).resolve().parents[4]
DATABASE = "thucchat"
URLS = {"default": "DATABASE_URL", "owner": "DATABASE_OWNER_URL", "reader": "DATABASE_READER_URL"}
ROLES = {"default": APPLICATION, "owner": OWNER, "reader": READER}


def state_folder() -> Path:
    """One folder per checkout, outside it: the server's account must be able to reach it."""
    if given := os.environ.get("THUCCHAT_STATE"):
        return Path(given)
    name = hashlib.sha256(str(REPOSITORY).encode()).hexdigest()[:8]
    if os.geteuid() == 0:
        return Path("/var/lib/thucchat") / name
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(home) / "thucchat" / name


def embedded_cluster() -> Cluster:
    return Cluster(state_folder(), durable=os.environ.get("THUCCHAT_CARELESS") != "1")


def is_embedded() -> bool:
    return "DATABASE_URL" not in os.environ


def databases() -> dict[str, dict[str, Any]]:
    """Django's DATABASES: one database under three roles."""
    if is_embedded():
        socket = str(embedded_cluster().socket)
        found = {alias: _connection(DATABASE, role, socket) for alias, role in ROLES.items()}
    else:
        found = {alias: _from_url(os.environ[name]) for alias, name in URLS.items() if name in os.environ}
    found["default"]["ATOMIC_REQUESTS"] = True
    return found


def start_database() -> None:
    """Make sure the embedded server runs and has our roles; nothing to do for a server of your own."""
    if is_embedded():
        cluster = embedded_cluster()
        start(cluster)
        prepare(cluster, DATABASE)


def _from_url(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    connection = _connection(parts.path.lstrip("/"), unquote(parts.username or ""), parts.hostname or "")
    return connection | {"PASSWORD": unquote(parts.password or ""), "PORT": str(parts.port or "")}


def _connection(name: str, user: str, host: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": user,
        "HOST": host,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": name},
    }


def secret_key() -> str:
    """The signing key: from THUCCHAT_SECRET, else made once and kept readable by us alone."""
    if given := os.environ.get("THUCCHAT_SECRET"):
        return given
    path = state_folder() / "secret"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"secret.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        with suppress(FileExistsError):
            os.link(draft, path)  # the first one wins, whole
        draft.unlink()
    return path.read_text()
