from django.db import migrations, models


class Migration(migrations.Migration):
    """A search for a part of a name is answered by the index in the order of the list."""

    dependencies = [("people", "0003_imports")]
    operations = [
        migrations.RemoveIndex("pupil", "pupil_sort"),
        migrations.AddIndex(
            "pupil",
            models.Index(
                fields=["sort_key", "id"], include=["unit_path", "status", "grade", "search"], name="pupil_sort"
            ),
        ),
    ]
