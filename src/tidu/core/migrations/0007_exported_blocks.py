"""Exported enterprises are kept by blocks: a row for each of ten thousand kept the end of the record for a second."""

from __future__ import annotations

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from tidu.core.audit import append_only

BEFORE, AFTER = "core_exportedenterprise", "core_exportedblock"


def release_before(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers of the first table away."""
    append_only.release(schema_editor.connection, BEFORE)


def protect_before(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put them back."""
    append_only.install(schema_editor.connection, BEFORE)


def protect(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Install the triggers."""
    append_only.install(schema_editor.connection, AFTER)


def release(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away."""
    append_only.release(schema_editor.connection, AFTER)


class Migration(migrations.Migration):
    """One table in place of the other, which nobody has used."""

    dependencies = (("core", "0006_exported_enterprises"),)
    operations = (
        migrations.RunPython(release_before, protect_before),
        migrations.DeleteModel("ExportedEnterprise"),
        migrations.CreateModel(
            name="ExportedBlock",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "block", "event", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("block", models.BigIntegerField(verbose_name="企业编号段")),
                ("event", models.BigIntegerField(verbose_name="操作记录序号")),
                ("members", models.BigIntegerField(verbose_name="所含企业")),
            ],
            options={"verbose_name": "导出所涉企业", "verbose_name_plural": "导出所涉企业"},
        ),
        migrations.RunPython(protect, release),
    )
