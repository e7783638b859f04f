"""When the platform was up is kept by ``core``: what was marked here moves there, in its order.

The rows move, not the table: ``core`` makes its own, so that it depends on no application above it.
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def _move(apps: StateApps, source: str, target: str) -> None:
    kept, made = (apps.get_model(app, "ServiceTime")._default_manager for app in (source, target))
    rows = kept.order_by("pk").values("began_at", "seen_at")
    made.bulk_create([made.model(**row) for row in rows])
    kept.all().delete()


def give(apps: StateApps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give the stretches of time to ``core``."""
    _move(apps, "recognition", "core")


def take(apps: StateApps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take them back."""
    _move(apps, "core", "recognition")


class Migration(migrations.Migration):
    """Rows, then the table that they were in."""

    dependencies = (("core", "0008_service_times"), ("recognition", "0009_sheets_and_notices_stay"))
    operations = (migrations.RunPython(give, take), migrations.DeleteModel("ServiceTime"))
