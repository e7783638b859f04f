"""Which enterprises a list held that was exported; only added to."""

from __future__ import annotations

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from tidu.core.audit import append_only

TABLE = "core_exportedenterprise"


def protect(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Install the triggers."""
    append_only.install(schema_editor.connection, TABLE)


def release(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away."""
    append_only.release(schema_editor.connection, TABLE)


class Migration(migrations.Migration):
    """The table and its triggers."""

    dependencies = (("core", "0005_counts_of_rates"),)
    operations = (
        migrations.CreateModel(
            name="ExportedEnterprise",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "enterprise_id",
                        "event",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("enterprise_id", models.BigIntegerField(verbose_name="企业编号")),
                ("event", models.BigIntegerField(verbose_name="操作记录序号")),
            ],
            options={"verbose_name": "导出所涉企业", "verbose_name_plural": "导出所涉企业"},
        ),
        migrations.RunPython(protect, release),
    )
