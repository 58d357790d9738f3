from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exams", "0006_sitting_locks")]
    operations = [
        migrations.AddField(
            model_name="exam",
            name="published_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="công bố lúc"),
        ),
    ]
