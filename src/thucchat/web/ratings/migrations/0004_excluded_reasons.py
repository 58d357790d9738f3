from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ratings", "0003_written_by")]

    operations = [
        migrations.AddField(
            model_name="rating",
            name="excluded",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="run",
            name="fields",
            field=models.JSONField(default=list),
        ),
    ]
