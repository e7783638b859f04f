"""What experts declare themselves; blind panels; what the chair says for the panel."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("recognition", "0005_certificates_are_reissued"),
    ]

    operations = [
        migrations.AddField(
            model_name="expertprofile",
            name="own_declared_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="自报时间"),
        ),
        migrations.AddField(
            model_name="expertprofile",
            name="own_employer",
            field=models.CharField(blank=True, max_length=120, verbose_name="自报工作单位"),
        ),
        migrations.AddField(
            model_name="expertprofile",
            name="own_employer_uscc",
            field=models.CharField(blank=True, max_length=18, verbose_name="自报工作单位代码"),
        ),
        migrations.AddField(
            model_name="expertprofile",
            name="own_group",
            field=models.CharField(blank=True, max_length=120, verbose_name="自报所属集团"),
        ),
        migrations.AddField(
            model_name="expertprofile",
            name="own_interests",
            field=models.JSONField(blank=True, default=list, verbose_name="自报利害关系"),
        ),
        migrations.AddField(
            model_name="panel",
            name="blind",
            field=models.BooleanField(default=False, verbose_name="隐去企业名称"),
        ),
        migrations.AddField(
            model_name="panel",
            name="evidence_hidden",
            field=models.BooleanField(default=False, verbose_name="不出示证明材料"),
        ),
        migrations.AlterField(
            model_name="panel",
            name="state",
            field=models.CharField(
                choices=[("open", "评审中"), ("closed", "已办结")],
                default="open",
                max_length=10,
                verbose_name="状态",
            ),
        ),
        migrations.AddConstraint(
            model_name="panel",
            constraint=models.CheckConstraint(
                condition=models.Q(("evidence_hidden", False), ("blind", True), _connector="OR"),
                name="evidence_hidden_from_blind_panels",
            ),
        ),
        migrations.CreateModel(
            name="PanelOpinion",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("positive", models.BooleanField(verbose_name="建议认定")),
                ("opinion", models.CharField(max_length=1000, verbose_name="专家组意见")),
                ("made_at", models.DateTimeField(auto_now=True, verbose_name="时间")),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="panel_opinion",
                        to="recognition.application",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "panel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="recognition.panel",
                    ),
                ),
            ],
            options={"verbose_name": "专家组意见", "verbose_name_plural": "专家组意见"},
        ),
    ]
