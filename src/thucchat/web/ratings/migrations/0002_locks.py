from django.db import migrations

from thucchat.web.shared.history import append_only, fixed
from thucchat.web.shared.scope import protect


class Migration(migrations.Migration):
    dependencies = [("ratings", "0001_initial"), ("people", "0002_locks"), ("shared", "0002_locks")]
    operations = [
        protect("ratings_rating"),
        protect("ratings_objection"),
        append_only("ratings_rating"),
        fixed(
            "ratings_rulebook",
            "rules_as_frozen",
            "OLD.state = 'frozen' AND (OLD.content, OLD.fingerprint) IS DISTINCT FROM (NEW.content, NEW.fingerprint)",
        ),
        fixed("ratings_run", "run_as_computed", "(OLD.inputs, OLD.rules_id) <> (NEW.inputs, NEW.rules_id)"),
    ]
