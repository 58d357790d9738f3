from django.db import migrations

from thucchat.web.shared.history import RECORDER, append_only
from thucchat.web.shared.scope import protect


class Migration(migrations.Migration):
    dependencies = [("shared", "0001_initial")]
    operations = [
        RECORDER,
        protect("shared_change"),
        append_only("shared_change"),
        protect("shared_work"),
    ]
