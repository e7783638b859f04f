"""The record becomes append-only."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from tidu.core.audit import guard


def install(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    guard.install(schema_editor.connection)


def remove(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    guard.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("core", "0002_initial")]
    operations = [migrations.RunPython(install, remove, elidable=False)]
