"""What was submitted, done and changed is only added to: triggers on both databases."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from tidu.core.audit import append_only

TABLES = ("recognition_act", "recognition_submission", "recognition_callchange")


def protect(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Install the triggers."""
    append_only.install(schema_editor.connection, *TABLES)


def release(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away."""
    append_only.release(schema_editor.connection, *TABLES)


class Migration(migrations.Migration):
    """Triggers."""

    dependencies = (("recognition", "0001_initial"),)
    operations = (migrations.RunPython(protect, release),)
