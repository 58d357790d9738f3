from django.db import migrations

from thucchat.web.shared.history import keep_history
from thucchat.web.shared.scope import protect

PROTECTED = (
    "exams_site",
    "exams_candidate",
    "exams_sittingreport",
    "exams_absence",
    "exams_incident",
)
# A province's list is told by its campaign; what changes afterwards is told row by row, arrivals by their event.
NOT_EACH_NEW_ROW = migrations.RunSQL(
    "DROP TRIGGER record_insert ON exams_candidate;",
    "CREATE TRIGGER record_insert AFTER INSERT ON exams_candidate REFERENCING NEW TABLE AS new_rows "
    "FOR EACH STATEMENT EXECUTE FUNCTION record_change();",
)
ONE_PAPER_AT_A_TIME = migrations.RunSQL(
    """
    ALTER TABLE exams_sitting ADD CONSTRAINT sitting_one_at_a_time EXCLUDE USING gist (
        int8range(exam_id, exam_id, '[]') WITH &&,
        tsrange(day + starts, day + starts + make_interval(mins => minutes::int)) WITH &&
    );
    """,
    "ALTER TABLE exams_sitting DROP CONSTRAINT sitting_one_at_a_time;",
)
REASONED = migrations.RunSQL(
    """
    CREATE FUNCTION candidates_need_reason() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF coalesce(current_setting('app.reason', true), '') = '' THEN
            RAISE EXCEPTION 'candidate_needs_reason' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER candidates_added BEFORE INSERT ON exams_candidate FOR EACH STATEMENT
    EXECUTE FUNCTION candidates_need_reason();
    CREATE TRIGGER candidates_changed BEFORE UPDATE ON exams_candidate FOR EACH ROW
    WHEN ((OLD.sbd, OLD.room, OLD.seat, OLD.removed_for, OLD.pupil_id, OLD.site_id)
          IS DISTINCT FROM (NEW.sbd, NEW.room, NEW.seat, NEW.removed_for, NEW.pupil_id, NEW.site_id))
    EXECUTE FUNCTION candidates_need_reason();
    """,
    """
    DROP TRIGGER candidates_added ON exams_candidate; DROP TRIGGER candidates_changed ON exams_candidate;
    DROP FUNCTION candidates_need_reason();
    """,
)
# Who was once on a list stays there, and an incident is not unsaid.
KEPT = migrations.RunSQL(
    "REVOKE DELETE ON exams_candidate, exams_site, exams_incident, exams_sittingreport FROM thucchat_app;",
    migrations.RunSQL.noop,
)


class Migration(migrations.Migration):
    dependencies = [("exams", "0005_sittings"), ("people", "0002_locks"), ("shared", "0002_locks")]
    operations = [
        *map(protect, PROTECTED),
        *(keep_history(table) for table in PROTECTED if table != "exams_site"),
        NOT_EACH_NEW_ROW,
        ONE_PAPER_AT_A_TIME,
        REASONED,
        KEPT,
    ]
