"""Official documents, the lists that were exported (only added to), when the platform was up, and counts of rates."""

import django.db.models.deletion
from django.conf import settings
from django.core.management import call_command
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from tidu.core.audit import append_only

EXPORTED = "core_exportedblock"


def make_table(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the table of the cache in which rates are counted, where it does not exist yet."""
    call_command("createcachetable", "core_rates", database=schema_editor.connection.alias, verbosity=0)


def protect(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Install the triggers."""
    append_only.install(schema_editor.connection, EXPORTED)


def release(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away."""
    append_only.release(schema_editor.connection, EXPORTED)


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_audit_triggers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ExportedBlock',
            fields=[
                ('pk', models.CompositePrimaryKey('block', 'event', blank=True, editable=False, primary_key=True, serialize=False)),
                ('block', models.BigIntegerField(verbose_name='企业编号段')),
                ('event', models.BigIntegerField(verbose_name='操作记录序号')),
                ('members', models.BigIntegerField(verbose_name='所含企业')),
            ],
            options={
                'verbose_name': '导出所涉企业',
                'verbose_name_plural': '导出所涉企业',
            },
        ),
        migrations.CreateModel(
            name='DocumentSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation_id', models.PositiveBigIntegerField(verbose_name='发文机构')),
                ('word', models.CharField(max_length=40, verbose_name='发文字号')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('last', models.PositiveIntegerField(default=0, verbose_name='末号')),
            ],
            options={
                'verbose_name': '发文编号',
                'verbose_name_plural': '发文编号',
                'constraints': [models.UniqueConstraint(fields=('organisation_id', 'word', 'year'), name='one_series_a_year')],
            },
        ),
        migrations.CreateModel(
            name='ServiceTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField(verbose_name='开始')),
                ('seen_at', models.DateTimeField(verbose_name='最近一次')),
            ],
            options={
                'verbose_name': '运行时段',
                'verbose_name_plural': '运行时段',
                'ordering': ('id',),
                'indexes': [models.Index(fields=['seen_at'], name='service_time_seen')],
                'constraints': [models.CheckConstraint(condition=models.Q(('seen_at__gte', models.F('began_at'))), name='service_time_in_order')],
            },
        ),
        migrations.CreateModel(
            name='OfficialDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='种类')),
                ('title', models.CharField(max_length=160, verbose_name='标题')),
                ('organisation_id', models.PositiveBigIntegerField(verbose_name='发文机构')),
                ('issuer', models.CharField(max_length=120, verbose_name='发文机关')),
                ('place', models.CharField(max_length=6, verbose_name='辖区')),
                ('word', models.CharField(blank=True, max_length=40, verbose_name='发文字号')),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='年度')),
                ('sequence', models.PositiveIntegerField(blank=True, null=True, verbose_name='顺序号')),
                ('number', models.CharField(blank=True, max_length=80, verbose_name='文号')),
                ('words', models.JSONField(default=dict, verbose_name='内容')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='SM3')),
                ('state', models.CharField(choices=[('draft', '草稿'), ('issued', '已印发'), ('void', '已作废')], default='draft', max_length=8, verbose_name='状态')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='拟稿时间')),
                ('issued_at', models.DateTimeField(blank=True, null=True, verbose_name='印发时间')),
                ('docx', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
                ('issued_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pdf', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
            ],
            options={
                'verbose_name': '公文',
                'verbose_name_plural': '公文',
                'ordering': ('-id',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('sequence__isnull', False)), fields=('organisation_id', 'word', 'year', 'sequence'), name='document_numbered_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'issued'), _negated=True), models.Q(('issued_at__isnull', False), models.Q(('digest', ''), _negated=True)), _connector='OR'), name='issued_document_is_whole')],
            },
        ),
        migrations.RunPython(make_table, migrations.RunPython.noop),
        migrations.RunPython(protect, release),
    ]
