from django.db import migrations

from thucchat.web.shared.history import movable


class Migration(migrations.Migration):
    dependencies = [("bank", "0002_locks"), ("shared", "0002_locks")]
    operations = [movable("bank_itemreview"), movable("bank_proposalreview")]
