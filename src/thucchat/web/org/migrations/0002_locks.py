from django.db import migrations

from thucchat.web.shared.history import keep_history
from thucchat.web.shared.scope import also_show, protect

# The units above one's own are seen by name: they head pages and documents.
ABOVE = "starts_with((SELECT current_setting('app.scope', true)), unit_path)"
# A person sees his own roles before any of them has given him a scope.
MINE = "user_id = (SELECT nullif(current_setting('app.actor', true), '')::bigint)"


class Migration(migrations.Migration):
    dependencies = [("org", "0001_initial"), ("shared", "0002_locks")]
    operations = [
        *map(protect, ("org_unit", "org_unitspell", "org_succession", "org_clustermember", "org_grant")),
        also_show("org_unit", "above", ABOVE),
        also_show("org_unitspell", "above", ABOVE),
        also_show("org_grant", "mine", MINE),
        also_show("org_unit", "mine", f"id IN (SELECT unit_id FROM org_grant WHERE {MINE})"),
        *map(keep_history, ("org_unit", "org_grant")),
    ]
