"""A sheet that was handed in, and what a notice said of an enterprise, stay as they are: triggers on both databases.

SQLite loses the triggers of a table that is made anew: a later migration that alters one of these installs them again.
"""

from __future__ import annotations

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from tidu.core.audit import append_only

TABLES = (
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
    """A constraint, and triggers."""

    dependencies = (("recognition", "0008_given_up_may_begin_anew"),)
    operations = (
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("submitted_at__isnull", True), ("state__in", ("submitted", "replaced")), _connector="OR"
                ),
                name="handed_in_sheet_stays",
            ),
        ),
        migrations.RunPython(protect, release),
    )
