"""Serving an installation: checks first, then the web server and the worker under one supervisor."""

from collections.abc import Mapping

from django.core.management import call_command
from django.db import connection, connections

from thucchat.web.config.place import embedded_cluster, is_embedded
from thucchat.web.config.supervisor import Supervisor, commands
from thucchat.web.postgres.cluster import stop
from thucchat.web.shared.setup import bring_up_to_date


class UnsafeRole(RuntimeError):
    """The role that the site would run as can go around row-level security."""


def prepare() -> None:
    """Apply migrations, collect static files, and refuse to go on when the lock would not hold."""
    bring_up_to_date()
    check_lock()
    call_command("collectstatic", interactive=False, verbosity=0)
    connections.close_all()


def check_lock() -> None:
    """Raises UnsafeRole when the application's role owns tables or bypasses row-level security."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls OR pg_has_role(current_user, tableowner, 'MEMBER') "
            "FROM pg_roles, pg_tables WHERE rolname = current_user AND tablename = 'org_unit'"
        )
        if cursor.fetchone() != (False,):
            raise UnsafeRole(
                "Vai trò cơ sở dữ liệu của trang web bỏ qua được khóa dòng; xem docs/operations.md."
            )


def serve(host: str, port: int, environment: Mapping[str, str]) -> int:
    """Serve until stopped; then stop the embedded database as well."""
    prepare()
    print(f"Thực Chất chạy tại http://{host}:{port}/ (Ctrl+C để dừng)", flush=True)
    Supervisor(commands(host, port), environment).run()
    if is_embedded():
        stop(embedded_cluster())
    return 0
