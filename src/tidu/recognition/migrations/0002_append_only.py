"""What is only added to, and what stays once it is handed in or published: triggers on both databases.

SQLite loses the triggers of a table that is made anew: a later migration that alters one of these installs them again.
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from tidu.core.audit import append_only

TABLES = (
    "recognition_act",
    "recognition_submission",
    "recognition_callchange",
    append_only.Kept(
        "recognition_assignment",
        columns=(
            "panel_id",
            "application_id",
            "expert_id",
            "declared_at",
            "judgements",
            "scores",
            "positive",
            "opinion",
            "saved_at",
            "submitted_at",
        ),
        once="submitted_at",
    ),
    append_only.Kept(
        "recognition_noticeitem",
        columns=("notice_id", "application_id", "number", "name", "uscc", "district"),
        only_set=("recalled",),
    ),
)


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
