import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('org', '0002_locks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReportedFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.CharField(max_length=40, verbose_name='chỉ tiêu')),
                ('version', models.CharField(max_length=20, verbose_name='phiên bản')),
                ('counts', models.JSONField(verbose_name='số liệu')),
                ('evidence', models.CharField(max_length=300, verbose_name='căn cứ')),
                ('entered_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('refusal', models.CharField(blank=True, max_length=300, verbose_name='lí do không xác nhận')),
                ('state', models.CharField(choices=[('entered', 'Chờ xác nhận'), ('confirmed', 'Đã xác nhận'), ('refused', 'Không xác nhận'), ('superseded', 'Đã có số liệu khác thay')], default='entered', max_length=10, verbose_name='trạng thái')),
                ('unit_path', models.CharField(db_collation='C', editable=False, max_length=120)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('school_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='org.schoolyear')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='org.unit', verbose_name='đơn vị')),
            ],
            options={
                'ordering': ('-pk',),
                'indexes': [models.Index(fields=['indicator', 'school_year', 'unit_path'], name='figure_of_year'), models.Index(fields=['state', 'unit_path'], name='figure_state_path')],
                'constraints': [models.CheckConstraint(condition=models.Q(('evidence', ''), _negated=True), name='figure_has_evidence'), models.CheckConstraint(condition=models.Q(('state', 'refused'), ('refusal', ''), _connector='XOR'), name='figure_why_not'), models.CheckConstraint(condition=models.Q(('state', 'superseded'), models.Q(('state', 'entered'), ('answered_at__isnull', False), _connector='XOR'), _connector='OR'), name='figure_answered'), models.CheckConstraint(condition=models.Q(('answered_by', None), ('entered_by', None), models.Q(('answered_by', models.F('entered_by')), _negated=True), _connector='OR'), name='figure_two_people'), models.UniqueConstraint(condition=models.Q(('state', 'confirmed')), fields=('indicator', 'school_year', 'unit'), name='figure_one_confirmed'), models.UniqueConstraint(condition=models.Q(('state', 'entered')), fields=('indicator', 'school_year', 'unit'), name='figure_one_waiting')],
            },
        ),
    ]
