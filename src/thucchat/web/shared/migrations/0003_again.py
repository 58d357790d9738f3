from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shared", "0002_locks")]
    operations = [
        migrations.AddField(
            model_name="work",
            name="again_url",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        )
    ]
