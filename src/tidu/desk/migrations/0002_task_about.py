"""Whose affair a task is, so that their people, now or formerly, keep away from it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_initial"),
        ("desk", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="task",
            name="about",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
                verbose_name="所涉机构",
            ),
        ),
    ]
