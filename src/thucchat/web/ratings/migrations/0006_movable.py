from django.db import migrations

from thucchat.web.shared.history import movable


class Migration(migrations.Migration):
    dependencies = [("ratings", "0005_recovered"), ("shared", "0002_locks")]
    operations = [movable("ratings_rating")]
