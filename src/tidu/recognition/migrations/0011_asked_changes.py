"""A call is opened again, and brought to a newer pack, by two officers as well: a curtailment becomes an asked change."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

BEFORE, AFTER = "recognition.call.curtail", "recognition.call.change"


def rename_tasks(apps: StateApps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Call the tasks of officers who are to confirm by the new name."""
    apps.get_model("desk", "Task")._default_manager.filter(kind=BEFORE).update(kind=AFTER)


def name_tasks_back(apps: StateApps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Call them by the name of before."""
    apps.get_model("desk", "Task")._default_manager.filter(kind=AFTER).update(kind=BEFORE)


class Migration(migrations.Migration):
    """The table under its new name, with the version that a call is to go on under."""

    dependencies = (
        ("desk", "0001_initial"),
        ("recognition", "0010_service_times_are_of_the_platform"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    )
    operations = (
        migrations.RemoveConstraint(model_name="curtailment", name="one_open_curtailment_a_call"),
        migrations.RemoveConstraint(model_name="curtailment", name="nobody_confirms_their_own_curtailment"),
        migrations.RenameModel(old_name="Curtailment", new_name="AskedChange"),
        migrations.AlterField(
            model_name="askedchange",
            name="call",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="asked_changes",
                to="recognition.call",
            ),
        ),
        migrations.AddField(
            model_name="askedchange",
            name="version",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="recognition.packversion",
                verbose_name="新的政策包版本",
            ),
        ),
        migrations.AddConstraint(
            model_name="askedchange",
            constraint=models.UniqueConstraint(
                fields=("call",), condition=models.Q(state="asked"), name="one_asked_change_a_call"
            ),
        ),
        migrations.AddConstraint(
            model_name="askedchange",
            constraint=models.CheckConstraint(
                condition=~models.Q(state="done")
                | models.Q(settled_by__isnull=False) & ~models.Q(settled_by=models.F("asked_by")),
                name="nobody_confirms_their_own_asking",
            ),
        ),
        migrations.RunPython(rename_tasks, name_tasks_back),
    )
