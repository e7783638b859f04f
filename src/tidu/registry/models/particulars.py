"""What the sub-tables of the application form ask for: products, intellectual property, certificates, platforms."""

from __future__ import annotations

from django.db import models

from tidu.core.money_field import MoneyField
from tidu.registry.models.enterprises import Enterprise
from tidu.registry.models.scoping import EnterpriseScoped
from tidu.registry.models.standing import Level


class Product(models.Model):
    """A product with its revenue of last year; ``main`` marks the leading ones."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="products")
    name = models.CharField("产品名称", max_length=100)
    main = models.BooleanField("主导产品", default=False)
    field = models.CharField("产品领域", max_length=100, blank=True)
    revenue = MoneyField("上年度销售收入（元）", null=True, blank=True)
    market_share = models.DecimalField(
        "国内市场占有率（%）", max_digits=5, decimal_places=2, null=True, blank=True
    )
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    objects = EnterpriseScoped["Product"].as_manager()

    class Meta:
        ordering = ("-main", "name", "id")
        verbose_name = verbose_name_plural = "产品"

    def __str__(self) -> str:
        return self.name


class IntellectualProperty(models.Model):
    """A patent, copyright, standard or the like."""

    class Kind(models.TextChoices):
        """Kinds that the policies tell apart."""

        INVENTION = "invention", "发明专利"
        PCT = "pct", "已公开的PCT国际申请"
        UTILITY = "utility", "实用新型专利"
        DESIGN = "design", "外观设计专利"
        SOFTWARE = "software", "软件著作权"
        LAYOUT = "layout", "集成电路布图设计"
        STANDARD = "standard", "标准"
        BRAND = "brand", "品牌、商标"
        OTHER = "other", "其他"

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="properties")
    kind = models.CharField("种类", max_length=10, choices=Kind)
    number = models.CharField("证号", max_length=60)
    name = models.CharField("名称", max_length=200)
    granted_on = models.DateField("授权或登记日期", null=True, blank=True)
    acquired = models.BooleanField("受让取得", default=False)
    acquired_on = models.DateField("受让日期", null=True, blank=True)
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    objects = EnterpriseScoped["IntellectualProperty"].as_manager()

    class Meta:
        ordering = ("kind", "-granted_on", "id")
        verbose_name = verbose_name_plural = "知识产权"
        constraints = (
            models.UniqueConstraint(
                fields=("enterprise", "kind", "number"),
                condition=models.Q(ended_at__isnull=True),
                name="property_listed_once",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Certificate(models.Model):
    """A certificate of a management system or of a product."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="certificates")
    name = models.CharField("证书", max_length=100)
    number = models.CharField("证书编号", max_length=60, blank=True)
    issuer = models.CharField("发证机构", max_length=100, blank=True)
    issued_on = models.DateField("发证日期", null=True, blank=True)
    valid_until = models.DateField("有效期至", null=True, blank=True)
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    objects = EnterpriseScoped["Certificate"].as_manager()

    class Meta:
        ordering = ("-issued_on", "id")
        verbose_name = verbose_name_plural = "资质证书"

    def __str__(self) -> str:
        return self.name


class Platform(models.Model):
    """A research body or service platform of the enterprise, with the level at which it is recognised."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="platforms")
    name = models.CharField("平台名称", max_length=100)
    level = models.CharField("级别", max_length=12, choices=Level)
    authority = models.CharField("认定机关", max_length=100, blank=True)
    recognised_on = models.DateField("认定日期", null=True, blank=True)
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    objects = EnterpriseScoped["Platform"].as_manager()

    class Meta:
        ordering = ("-recognised_on", "id")
        verbose_name = verbose_name_plural = "研发机构与平台"

    def __str__(self) -> str:
        return self.name
