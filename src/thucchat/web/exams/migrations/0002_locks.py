from django.db import migrations

from thucchat.web.shared.history import keep_history
from thucchat.web.shared.scope import protect

PROTECTED = (
    "exams_examresult",
    "exams_resultimport",
    "exams_resultcontent",
    "exams_snapshot",
    "exams_snapshotfile",
)
# A million new rows are told by their import; what is changed or taken away later is told row by row.
NOT_EACH_NEW_ROW = migrations.RunSQL(
    "DROP TRIGGER record_insert ON exams_examresult;",
    "CREATE TRIGGER record_insert AFTER INSERT ON exams_examresult REFERENCING NEW TABLE AS new_rows "
    "FOR EACH STATEMENT EXECUTE FUNCTION record_change();",
)
ON_THE_SCALE = migrations.RunSQL(
    "ALTER TABLE exams_examresult ADD CONSTRAINT result_scale "
    "CHECK (1000 >= ALL (scores) AND -3 <= ALL (scores));",
    "ALTER TABLE exams_examresult DROP CONSTRAINT result_scale;",
)
REASONED = migrations.RunSQL(
    """
    CREATE FUNCTION results_need_reason() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF coalesce(current_setting('app.reason', true), '') = '' THEN
            RAISE EXCEPTION 'result_needs_reason' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER results_reasoned BEFORE UPDATE ON exams_examresult FOR EACH ROW
    WHEN (OLD.scores IS DISTINCT FROM NEW.scores OR OLD.sbd <> NEW.sbd)
    EXECUTE FUNCTION results_need_reason();
    """,
    "DROP TRIGGER results_reasoned ON exams_examresult; DROP FUNCTION results_need_reason();",
)


class Migration(migrations.Migration):
    dependencies = [("exams", "0001_initial"), ("shared", "0002_locks")]
    operations = [
        *map(protect, PROTECTED),
        keep_history("exams_examresult"),
        NOT_EACH_NEW_ROW,
        keep_history("exams_resultimport"),
        ON_THE_SCALE,
        REASONED,
    ]
