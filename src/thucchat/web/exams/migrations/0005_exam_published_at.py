from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exams", "0004_campaign_error")]
    operations = [
        migrations.AddField(
            model_name="exam",
            name="published_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="công bố lúc"),
        ),
    ]
