"""One throw-away database per run, reached as the application role: row-level security binds the tests."""

import pytest
from django.core.management import call_command
from hypothesis import settings

from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope

settings.register_profile("steady", deadline=None)  # a busy machine is no failure
settings.load_profile("steady")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    from thucchat.web.shared.setup import bring_up_to_date

    call_command("collectstatic", interactive=False, verbosity=0)
    with django_db_blocker.unblock():
        bring_up_to_date()


@pytest.fixture
def db(db):
    """The database, seen whole: tests narrow the scope where it matters."""
    enter_scope(Scope(WHOLE_PROVINCE))
