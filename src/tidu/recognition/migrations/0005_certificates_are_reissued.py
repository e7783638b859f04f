import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Several certificates of one title, each as it was printed. None had been issued before."""

    dependencies = [
        ("accounts", "0002_initial"),
        ("core", "0004_official_documents"),
        ("recognition", "0004_recalls_and_letters"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.DeleteModel(name="TitleCertificate"),
        migrations.CreateModel(
            name="TitleCertificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="证书编号")),
                ("name", models.CharField(max_length=200, verbose_name="企业名称")),
                ("uscc", models.CharField(max_length=18, verbose_name="统一社会信用代码")),
                ("title_name", models.CharField(max_length=100, verbose_name="称号")),
                ("since", models.DateField(verbose_name="认定日期")),
                ("until", models.DateField(blank=True, null=True, verbose_name="有效期至")),
                ("pack", models.CharField(max_length=64, verbose_name="政策包")),
                ("pack_digest", models.CharField(max_length=64, verbose_name="政策包 SHA-256")),
                ("valid_cite", models.CharField(blank=True, max_length=120, verbose_name="有效期依据")),
                ("key", models.CharField(max_length=20, verbose_name="核验码的密钥")),
                ("issued_at", models.DateTimeField(verbose_name="发证时间")),
                ("replaced_at", models.DateTimeField(blank=True, null=True, verbose_name="换发时间")),
                ("replaced_reason", models.CharField(blank=True, max_length=200, verbose_name="换发原因")),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.officialdocument",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="发证机关",
                    ),
                ),
                (
                    "title",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="registry.title",
                    ),
                ),
            ],
            options={
                "verbose_name": "证书",
                "verbose_name_plural": "证书",
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at__isnull", True)),
                        fields=("title",),
                        name="one_certificate_a_title",
                    )
                ],
            },
        ),
    ]
