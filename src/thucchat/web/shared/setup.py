"""Bringing the database up to date; run by the owner role."""

from django.core.management import call_command
from django.db import connections

from thucchat.web.postgres.roles import GRANTS


def bring_up_to_date(*, verbosity: int = 0) -> None:
    """Apply the migrations, so that every table they make is open to the application and the reader."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(GRANTS)
    call_command("migrate", database="owner", verbosity=verbosity, interactive=False)
