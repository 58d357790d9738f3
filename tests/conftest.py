"""One throw-away database a process, reached as the application role: row-level security binds the tests."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import connections
from hypothesis import settings

from thucchat.web.config.place import DATABASE, embedded_cluster, state_folder
from thucchat.web.postgres.cluster import OWNER
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope

settings.register_profile("steady", deadline=None)  # a busy machine is no failure
settings.load_profile("steady")


@contextmanager
def one_at_a_time() -> Iterator[None]:
    with (state_folder() / "making").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    """The first process migrates; where several share the work, each takes a copy before anybody writes."""
    from thucchat.web.shared.setup import bring_up_to_date

    made = state_folder() / "made"
    with django_db_blocker.unblock(), one_at_a_time():
        if not made.exists():
            call_command("collectstatic", interactive=False, verbosity=0)
            bring_up_to_date()
            made.touch()
        if worker := os.environ.get("PYTEST_XDIST_WORKER"):
            connections.close_all()
            move_to_a_copy(f"{DATABASE}_{worker}")


def move_to_a_copy(name: str) -> None:
    with embedded_cluster().connect() as connection:
        connection.execute(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {DATABASE}")
    for connection in connections.all():
        connection.settings_dict["NAME"] = name


@pytest.fixture
def db(db):
    """The database, seen whole: tests narrow the scope where it matters."""
    enter_scope(Scope(WHOLE_PROVINCE))
