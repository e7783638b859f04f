"""Makes the table in which rates are counted."""

from __future__ import annotations

from django.apps.registry import Apps
from django.core.management import call_command
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def make_table(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django's signature
    """Create the table where it does not exist yet."""
    call_command("createcachetable", "core_rates", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    """A table of the database cache, as the first one."""

    dependencies = (("core", "0004_official_documents"),)
    operations = (migrations.RunPython(make_table, migrations.RunPython.noop, elidable=False),)
