from django.db import migrations

from thucchat.web.shared.history import movable


class Migration(migrations.Migration):
    dependencies = [("quality", "0004_review_meeting"), ("shared", "0002_locks")]
    operations = [movable("quality_targetvoice"), movable("quality_handovercorrection")]
