"""When the platform was up. What was marked before is brought along by the application that kept it until now."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """One table."""

    dependencies = (("core", "0007_exported_blocks"),)
    operations = (
        migrations.CreateModel(
            name="ServiceTime",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("began_at", models.DateTimeField(verbose_name="开始")),
                ("seen_at", models.DateTimeField(verbose_name="最近一次")),
            ],
            options={
                "verbose_name": "运行时段",
                "verbose_name_plural": "运行时段",
                "ordering": ("id",),
                "indexes": [models.Index(fields=["seen_at"], name="service_time_seen")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("seen_at__gte", models.F("began_at"))),
                        name="service_time_in_order",
                    )
                ],
            },
        ),
    )
