"""Tasks that name the organisation of an enterprise name its code as well, which the registry knows."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce


def name_them(apps: StateApps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write the codes down."""
    enterprises = apps.get_model("registry", "Enterprise").objects.filter(organisation=OuterRef("about"))
    apps.get_model("desk", "Task").objects.filter(about__isnull=False).update(
        about_uscc=Coalesce(Subquery(enterprises.values("uscc")[:1]), Value(""))
    )


class Migration(migrations.Migration):
    """Rows of the desk."""

    dependencies = (("registry", "0003_titles_by_day"), ("desk", "0003_about_uscc"))
    operations = (migrations.RunPython(name_them, migrations.RunPython.noop),)
