from django.db import migrations

from thucchat.web.shared.history import append_only, fixed, keep_history
from thucchat.web.shared.scope import protect

OF_CLASSES = ("quality_handover", "quality_handovercorrection", "quality_target", "quality_targetvoice")
OF_UNITS = (
    "quality_commitment",
    "quality_review",
    "quality_reviewaction",
    "quality_acceptance",
    "quality_exemption",
)
SPOKEN = ("quality_targetvoice", "quality_handovercorrection")

MEASURED = "(OLD.pupils, OLD.scores, OLD.errors, OLD.bands, OLD.weak)"
AFTERWARDS = MEASURED.replace("OLD.", "NEW.")


class Migration(migrations.Migration):
    dependencies = [("quality", "0001_initial"), ("people", "0002_locks"), ("shared", "0002_locks")]
    operations = [
        *(protect(table, by_class=True) for table in OF_CLASSES),
        *map(protect, OF_UNITS),
        *map(append_only, SPOKEN),
        *(keep_history(table) for table in OF_CLASSES + OF_UNITS if table not in SPOKEN),
        fixed(
            "quality_handover",
            "handover_state_as_measured",
            f"OLD.state <> 'draft' AND {MEASURED} IS DISTINCT FROM {AFTERWARDS}",
        ),
        fixed(
            "quality_target",
            "target_signed_for_good",
            "OLD.state = 'signed' AND (OLD.amount, OLD.state) IS DISTINCT FROM (NEW.amount, NEW.state)",
        ),
        fixed(
            "quality_commitment",
            "commitment_content_signed",
            "OLD.state IN ('signed', 'in_force') AND "
            "(OLD.content, OLD.content_hash) IS DISTINCT FROM (NEW.content, NEW.content_hash)",
        ),
        fixed(
            "quality_acceptance",
            "acceptance_closed_for_good",
            "OLD.state = 'closed' AND OLD.results IS DISTINCT FROM NEW.results",
        ),
        migrations.RunSQL(
            """
            ALTER TABLE quality_handover ADD CONSTRAINT handover_one_entry_a_pupil CHECK (
                cardinality(scores) = cardinality(pupils) AND cardinality(errors) = cardinality(pupils)
                AND cardinality(bands) = cardinality(pupils) AND cardinality(weak) = cardinality(pupils)
            );
            ALTER TABLE quality_handover ADD CONSTRAINT handover_scale CHECK (
                1000 >= ALL (scores) AND 0 <= ALL (scores) AND 5 >= ALL (bands) AND 1 <= ALL (bands)
            );
            """,
            """
            ALTER TABLE quality_handover DROP CONSTRAINT handover_one_entry_a_pupil;
            ALTER TABLE quality_handover DROP CONSTRAINT handover_scale;
            """,
        ),
    ]
