"""What was given up bars no other; what would cut applicants short waits for a second officer; when the platform was up."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recognition", "0007_life_of_a_title"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="application", name="one_application_a_call"),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                fields=("call", "enterprise"),
                condition=~models.Q(status__in=("lapsed", "withdrawn")),
                name="one_application_a_call",
            ),
        ),
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
                "indexes": [models.Index(fields=["seen_at"], name="service_time_by_end")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("seen_at__gte", models.F("began_at"))),
                        name="service_time_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Curtailment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("extended", "延长受理"),
                            ("closed", "提前截止"),
                            ("withdrawn", "撤销通知"),
                            ("renewed", "改用新版政策包"),
                        ],
                        max_length=10,
                        verbose_name="变动",
                    ),
                ),
                ("closes_at", models.DateTimeField(blank=True, null=True, verbose_name="新的截止时间")),
                ("reason", models.CharField(max_length=200, verbose_name="理由")),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "待审签"), ("done", "已生效"), ("dropped", "未生效")],
                        default="asked",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("asked_at", models.DateTimeField(auto_now_add=True, verbose_name="提出时间")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="审签时间")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出人",
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="curtailments",
                        to="recognition.call",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审签人",
                    ),
                ),
            ],
            options={
                "verbose_name": "待审签的变动",
                "verbose_name_plural": "待审签的变动",
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("call",),
                        name="one_open_curtailment_a_call",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            models.Q(
                                ("settled_by__isnull", False),
                                models.Q(("settled_by", models.F("asked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="nobody_confirms_their_own_curtailment",
                    ),
                ],
            },
        ),
    ]
