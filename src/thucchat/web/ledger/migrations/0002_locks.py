from django.db import migrations

from thucchat.web.shared.history import append_only, keep_history
from thucchat.web.shared.scope import protect

# What is hashed, as canonical JSON: constraints keep every text but the facts free of letters to escape.
TEXT = """
CREATE FUNCTION ledger_text(e ledger_event, place bigint, before text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT '[' || place || ',"' || e.kind || '",{"actor":' || coalesce(e.actor_id::text, 'null')
        || ',"at":"' || to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        || '","facts":' || e.facts || ',"subject":"' || e.subject_kind || '","subject_id":' || e.subject_id
        || ',"unit":"' || e.unit_path || '"},"' || before || '"]';
$$;
"""
# These two run as the owner: the chain goes through all units. They give away hashes only.
END = """
CREATE FUNCTION ledger_end() RETURNS TABLE (size bigint, head text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(max(e.sequence), 0),
        (SELECT l.hash::text FROM ledger_event l WHERE l.sequence IS NOT NULL ORDER BY l.sequence DESC LIMIT 1)
    FROM ledger_event e;
$$;
"""
SEAL = """
CREATE FUNCTION ledger_seal(most int) RETURNS TABLE (hash text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    e ledger_event;
    place bigint;
    before text;
    own text;
    ids bigint[] := '{}';
    places bigint[] := '{}';
    befores text[] := '{}';
    owns text[] := '{}';
BEGIN
    PERFORM pg_advisory_xact_lock(7002, 0);
    SELECT l.size, coalesce(l.head, repeat('0', 64)) INTO place, before FROM ledger_end() l;
    FOR e IN SELECT w.* FROM ledger_event w WHERE w.sequence IS NULL ORDER BY w.id LIMIT most LOOP
        place := place + 1;
        own := encode(sha256(convert_to(ledger_text(e, place, before), 'UTF8')), 'hex');
        ids := ids || e.id;
        places := places || place;
        befores := befores || before;
        owns := owns || own;
        before := own;
    END LOOP;
    UPDATE ledger_event w SET sequence = s.place, previous = s.before, hash = s.own
    FROM unnest(ids, places, befores, owns) AS s (id, place, before, own) WHERE w.id = s.id;
    RETURN QUERY SELECT unnest(owns);
END $$;
"""
GUARD = """
CREATE FUNCTION ledger_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.sequence IS NULL THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.sequence IS NULL AND NEW.sequence IS NOT NULL
        AND to_jsonb(OLD) - '{sequence,previous,hash}'::text[]
            = to_jsonb(NEW) - '{sequence,previous,hash}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'ledger_append_only' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER ledger_guard BEFORE INSERT OR UPDATE OR DELETE ON ledger_event
FOR EACH ROW EXECUTE FUNCTION ledger_guard();
"""
FUNCTIONS = migrations.RunSQL(
    TEXT + END + SEAL + GUARD,
    """
    DROP TRIGGER ledger_guard ON ledger_event;
    DROP FUNCTION ledger_guard();
    DROP FUNCTION ledger_seal(int);
    DROP FUNCTION ledger_end();
    DROP FUNCTION ledger_text(ledger_event, bigint, text);
    """,
)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("shared", "0002_locks")]
    operations = [
        FUNCTIONS,
        protect("ledger_event"),
        append_only("ledger_event"),
        append_only("ledger_root"),
        protect("ledger_decision"),
        keep_history("ledger_decision"),
    ]
