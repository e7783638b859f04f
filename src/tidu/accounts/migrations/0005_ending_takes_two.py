"""The end of a declared interest is asked for by the person, and answered by somebody else."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from tidu.core.audit import append_only

DECLARED = append_only.Kept(
    "accounts_interest",
    columns=("person_id", "uscc", "name", "ground", "since", "declared_by_id", "declared_at"),
)


def protect(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Install the triggers anew: SQLite makes the table anew for a column, and loses them."""
    append_only.install(schema_editor.connection, DECLARED)


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0004_interests"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, protect),
        migrations.AddField(
            model_name="interest",
            name="ending_asked_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="请求终止时间"),
        ),
        migrations.AddField(
            model_name="interest",
            name="ending_reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="请求终止的理由"),
        ),
        migrations.AddField(
            model_name="interest",
            name="kept_because",
            field=models.CharField(blank=True, max_length=200, verbose_name="不同意终止的理由"),
        ),
        migrations.RunPython(protect, migrations.RunPython.noop),
    ]
