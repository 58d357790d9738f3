from django.db import migrations

from thucchat.web.shared.history import fixed, keep_history
from thucchat.web.shared.scope import protect

ENTERED = "(OLD.school_year_id, OLD.indicator, OLD.version, OLD.unit_id, OLD.counts, OLD.evidence, OLD.entered_by_id, OLD.entered_at)"
AFTERWARDS = ENTERED.replace("OLD.", "NEW.")


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial"), ("org", "0002_locks"), ("shared", "0002_locks")]
    operations = [
        protect("plans_reportedfigure"),
        keep_history("plans_reportedfigure"),
        fixed("plans_reportedfigure", "figure_as_entered", f"{ENTERED} IS DISTINCT FROM {AFTERWARDS}"),
        migrations.RunSQL(
            "REVOKE DELETE ON plans_reportedfigure FROM thucchat_app;", migrations.RunSQL.noop
        ),
    ]
