"""A notice can be recalled and published anew; reasons of what was sent back; the letter that tells the result."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("core", "0004_official_documents"),
        ("recognition", "0003_inquiry_has_a_limit"),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="result",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.officialdocument",
                verbose_name="结果告知书",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="recalled_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="撤回时间"),
        ),
        migrations.AddField(
            model_name="notice",
            name="recalled_reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="撤回的理由"),
        ),
        migrations.AddField(
            model_name="noticeitem",
            name="recalled",
            field=models.BooleanField(default=False, verbose_name="随公示撤回"),
        ),
        migrations.AddField(
            model_name="objection",
            name="returned_reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="退回的理由"),
        ),
        migrations.AddField(
            model_name="proposal",
            name="over_quota",
            field=models.CharField(blank=True, max_length=300, verbose_name="超出名额的理由"),
        ),
        migrations.AddField(
            model_name="proposal",
            name="returned_reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="退回的理由"),
        ),
        migrations.AlterField(
            model_name="notice",
            name="proposal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="recognition.proposal",
            ),
        ),
        migrations.AlterField(
            model_name="noticeitem",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notice_items",
                to="recognition.application",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "recalled"), _negated=True),
                    models.Q(
                        ("recalled_at__isnull", False), models.Q(("recalled_reason", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="recalled_notice_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "recalled"), _negated=True),
                fields=("proposal",),
                name="one_standing_notice_a_proposal",
            ),
        ),
        migrations.AddConstraint(
            model_name="noticeitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("recalled", False)),
                fields=("application",),
                name="one_standing_notice_a_case",
            ),
        ),
    ]
