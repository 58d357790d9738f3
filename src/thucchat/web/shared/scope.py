"""The second lock: which rows the database shows to the person now acting.

A scope is a path in the unit tree, "1/12/340/", and for teachers also the paths of their classes. It is set
for the length of one transaction; where none is set, no row of any unit is seen.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, migrations
from django.db.models import Q

END = chr(1114109)  # after every path below a unit, bytewise
WHOLE_PROVINCE = "1/"  # an installation serves one province, its first unit

# The range is written without sub-selects: the planner then knows the setting and counts rows rightly.
IN_SCOPE = """
unit_path >= current_setting('app.scope', true)
AND unit_path < current_setting('app.scope', true) || chr(1114109)
AND (SELECT current_setting('app.scope', true)) <> ''
"""
IN_CLASSES = """
AND ((SELECT coalesce(current_setting('app.classes', true), '')) = ''
     OR unit_path = ANY ((SELECT string_to_array(current_setting('app.classes', true), ' '))::text[]))
"""


NO_CLASS = "-"  # the classes of a teacher who has none: an empty list would mean all


@dataclass(frozen=True, slots=True)
class Scope:
    """What one person may see: everything below `path`, narrowed to `classes` when there are any."""

    path: str
    classes: Sequence[str] = ()


def within(scope: Scope) -> Q:
    """The first lock: the same condition as the database's, for querysets of tables with unit_path."""
    seen = Q(unit_path__gte=scope.path, unit_path__lt=scope.path + END)
    return seen & Q(unit_path__in=scope.classes) if scope.classes else seen


def below(path: str) -> Q:
    """Rows of the unit at `path` and of all below it."""
    return Q(unit_path__gte=path, unit_path__lt=path + END)


def enter_scope(scope: Scope) -> None:
    """Show only the rows of `scope` until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.scope', %s, true), set_config('app.classes', %s, true)",
            [scope.path, " ".join(scope.classes)],
        )


@contextmanager
def acting_for(scope: Scope) -> Iterator[None]:
    """See the rows of `scope` for one block: where a rule has already decided that the act is allowed.

    A pupil moves to a school which the principal who lets him go cannot see.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.scope', true), current_setting('app.classes', true)")
        before = cursor.fetchone() or ("", "")
    enter_scope(scope)
    try:
        yield
    finally:
        if not connection.needs_rollback:
            enter_scope(Scope(before[0] or "", (before[1] or "").split()))


def protect(table: str, *, by_class: bool = False) -> migrations.RunSQL:
    """The migration step that puts `table`, which has a column unit_path, behind the lock."""
    seen = IN_SCOPE + (IN_CLASSES if by_class else "")
    return migrations.RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY in_scope ON {table} USING ({seen}) WITH CHECK ({seen});
        """,
        f"DROP POLICY in_scope ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def also_show(table: str, policy: str, condition: str) -> migrations.RunSQL:
    """The migration step that lets `condition` show further rows of a protected table, read only."""
    return migrations.RunSQL(
        f"CREATE POLICY {policy} ON {table} FOR SELECT USING ({condition});",
        f"DROP POLICY {policy} ON {table};",
    )
