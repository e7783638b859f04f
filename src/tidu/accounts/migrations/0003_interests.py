"""Declared interests; what was declared stays as it is: triggers on both databases."""

import django.db.models.deletion
import tidu.core.crypto.fields
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from tidu.core.audit import append_only

DECLARED = append_only.Kept(
    "accounts_interest",
    columns=("person_id", "uscc", "name", "ground", "since", "declared_by_id", "declared_at"),
)


def protect(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Install the triggers."""
    append_only.install(schema_editor.connection, DECLARED)


def release(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away."""
    append_only.release(schema_editor.connection, DECLARED)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='organisation',
            name='document_word',
            field=models.CharField(blank=True, max_length=40, verbose_name='发文字号'),
        ),
        migrations.CreateModel(
            name='Interest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uscc', models.CharField(max_length=18, verbose_name='统一社会信用代码')),
                ('name', models.CharField(max_length=120, verbose_name='企业名称')),
                ('ground', models.CharField(choices=[('work', '任职或曾任职'), ('family', '近亲属任职或持股'), ('shares', '本人持股'), ('advice', '有偿顾问'), ('other', '其他利害关系')], max_length=10, verbose_name='情形')),
                ('note', tidu.core.crypto.fields.EncryptedTextField(blank=True, verbose_name='说明')),
                ('since', models.DateField(verbose_name='自')),
                ('declared_at', models.DateTimeField(auto_now_add=True, verbose_name='申报时间')),
                ('ending_asked_at', models.DateTimeField(blank=True, null=True, verbose_name='请求终止时间')),
                ('ending_reason', models.CharField(blank=True, max_length=200, verbose_name='请求终止的理由')),
                ('kept_because', models.CharField(blank=True, max_length=200, verbose_name='不同意终止的理由')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='终止时间')),
                ('ended_reason', models.CharField(blank=True, max_length=200, verbose_name='终止理由')),
                ('declared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申报人')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='终止人')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='interests', to=settings.AUTH_USER_MODEL, verbose_name='人员')),
            ],
            options={
                'verbose_name': '回避申报',
                'verbose_name_plural': '回避申报',
                'ordering': (models.OrderBy(models.F('ended_at'), descending=True, nulls_first=True), '-id'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('person', 'uscc', 'ground'), name='interest_declared_once'), models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), models.Q(('ended_reason', ''), _negated=True), _connector='OR'), name='interest_ends_for_a_reason')],
            },
        ),
        migrations.RunPython(protect, release),
    ]
