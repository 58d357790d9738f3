from django.db import migrations

from thucchat.web.shared.history import append_only, fixed
from thucchat.web.shared.scope import protect

OF_CLASSES = ("results_candidateanswers", "results_pupilmeasure")
OF_UNITS = ("results_responsefile", "results_responsecontent")
FOR_GOOD = (*OF_CLASSES, "results_itemmeasure")

# The one door for strangers: a number and a birth date in, the scores of that candidate out, or nothing.
# It runs as the owner, so that strangers need no scope: all other rows stay hidden from them. Every question
# runs the same statements, whether the number, the date or the publication is what fails.
LOOK_UP = migrations.RunSQL(
    """
    CREATE FUNCTION look_up_result(exam bigint, number text, born date) RETURNS smallint[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    DECLARE
        is_published boolean;
        asked record;
        born_on date;
    BEGIN
        SELECT e.published_at IS NOT NULL INTO is_published FROM public.exams_exam e WHERE e.id = exam;
        SELECT r.scores, r.pupil_id INTO asked
        FROM public.exams_examresult r WHERE r.exam_id = exam AND r.sbd = number;
        SELECT p.born_on INTO born_on FROM public.people_pupil p WHERE p.id = coalesce(asked.pupil_id, 0);
        RETURN CASE WHEN is_published AND born_on = born THEN asked.scores END;
    END $$;
    REVOKE ALL ON FUNCTION look_up_result(bigint, text, date) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION look_up_result(bigint, text, date) TO thucchat_app;
    """,
    "DROP FUNCTION look_up_result(bigint, text, date);",
)


class Migration(migrations.Migration):
    dependencies = [("results", "0001_initial"), ("people", "0002_locks"), ("shared", "0002_locks")]
    operations = [
        *(protect(table, by_class=True) for table in OF_CLASSES),
        *map(protect, OF_UNITS),
        *map(append_only, FOR_GOOD),
        fixed(
            "results_measurerun",
            "measuring_as_computed",
            "OLD.state <> 'waiting' AND "
            "(OLD.summary, OLD.link, OLD.inputs, OLD.version, OLD.file_id, OLD.target_id) IS DISTINCT FROM "
            "(NEW.summary, NEW.link, NEW.inputs, NEW.version, NEW.file_id, NEW.target_id)",
        ),
        LOOK_UP,
    ]
