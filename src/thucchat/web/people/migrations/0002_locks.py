from django.db import migrations

from thucchat.web.shared.history import keep_history
from thucchat.web.shared.scope import protect

OF_CLASSES = ("people_pupil", "people_enrolment", "people_schoolclass", "people_assignment")
OF_SCHOOLS = ("people_staff", "people_posting")


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("shared", "0002_locks")]
    operations = [
        *(protect(table, by_class=True) for table in OF_CLASSES),
        *map(protect, OF_SCHOOLS),
        *map(keep_history, OF_CLASSES + OF_SCHOOLS),
    ]
