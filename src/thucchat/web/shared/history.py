"""Keeping history: the trigger behind every table that people edit, and the reason they gave."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, migrations

RECORD_CHANGE = """
CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    acting_user bigint := nullif(current_setting('app.actor', true), '')::bigint;
    stated_reason text := coalesce(current_setting('app.reason', true), '');
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO shared_change (at, actor_id, reason, "table", row_id, operation, unit_path)
        SELECT now(), acting_user, stated_reason, TG_TABLE_NAME, n.id, 'I', n.unit_path FROM new_rows n;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO shared_change (at, actor_id, reason, "table", row_id, operation, unit_path, before)
        SELECT now(), acting_user, stated_reason, TG_TABLE_NAME, o.id, 'D', o.unit_path, to_jsonb(o)
        FROM old_rows o;
    ELSE
        INSERT INTO shared_change
            (at, actor_id, reason, "table", row_id, operation, unit_path, before, after)
        SELECT now(), acting_user, stated_reason, TG_TABLE_NAME, n.id, 'U', n.unit_path, d.before, d.after
        FROM old_rows o JOIN new_rows n USING (id)
        CROSS JOIN LATERAL (
            SELECT jsonb_object_agg(x.key, x.value) AS before, jsonb_object_agg(x.key, y.value) AS after
            FROM jsonb_each(to_jsonb(o)) x JOIN jsonb_each(to_jsonb(n)) y USING (key)
            WHERE x.value IS DISTINCT FROM y.value
        ) d
        WHERE d.before IS NOT NULL;
    END IF;
    RETURN NULL;
END $$;
"""

RECORDER = migrations.RunSQL(RECORD_CHANGE, "DROP FUNCTION record_change();")

# The application may add to the history, never change it.
APPEND_ONLY = "REVOKE UPDATE, DELETE ON {table} FROM thucchat_app;"


def append_only(table: str) -> migrations.RunSQL:
    """The migration step after which the application can no longer change or delete rows of `table`."""
    return migrations.RunSQL(APPEND_ONLY.format(table=table), migrations.RunSQL.noop)


def movable(table: str) -> migrations.RunSQL:
    """The migration step after which an append-only table follows its unit when that one moves."""
    return migrations.RunSQL(
        f"GRANT UPDATE (unit_path) ON {table} TO thucchat_app;",
        f"REVOKE UPDATE (unit_path) ON {table} FROM thucchat_app;",
    )


def fixed(table: str, name: str, when: str) -> migrations.RunSQL:
    """The migration step that refuses, by the constraint's name, every update of a row where `when` holds."""
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';
        END $$;
        CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}();
        """,
        f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();",
    )


def keep_history(table: str) -> migrations.RunSQL:
    """The migration step that records every later change of `table` (columns id and unit_path)."""
    parts = {"INSERT": "NEW TABLE AS new_rows", "DELETE": "OLD TABLE AS old_rows"}
    parts["UPDATE"] = " ".join(reversed(parts.values()))
    create = "".join(
        f"CREATE TRIGGER record_{operation.lower()} AFTER {operation} ON {table} "
        f"REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION record_change();"
        for operation, rows in parts.items()
    )
    drop = "".join(f"DROP TRIGGER record_{operation.lower()} ON {table};" for operation in parts)
    return migrations.RunSQL(create, drop)


def set_actor(user_id: int | None) -> None:
    """Name the person behind all changes until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.actor', %s, true)", [str(user_id or "")])


@contextmanager
def because(reason: str) -> Iterator[None]:
    """Give the reason of the changes made in the block."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.reason', %s, true)", [reason[:300]])
    yield
    if not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.reason', '', true)")
