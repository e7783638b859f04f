"""Honours and titles, and incidents."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import models
from django.db.models import F, Q

from tidu.registry.models.enterprises import Enterprise
from tidu.registry.models.scoping import EnterpriseScoped

#: Kept until the re-review is decided, whenever that is.
UNDECIDED: Final = dt.date.max


class TitleState(models.TextChoices):
    """Whether a title counts. That its term is over is read from its dates."""

    HELD = "held", "持有"
    REVOKED = "revoked", "已取消"
    REPLACED = "replaced", "已由上级称号接替"


class Level(models.TextChoices):
    """Who gives a title, certificate or platform."""

    MUNICIPAL = "municipal", "市级"
    PROVINCIAL = "provincial", "自治区级"
    NATIONAL = "national", "国家级"
    OTHER = "other", "其他"


class Title(models.Model):
    """A title that was given: a rung of the ladder (``tier``) or another honour (``name`` alone).

    ``valid_until`` is the last day; empty means that the document names no end. ``basis`` tells a first recognition
    from a passed re-review, which some policies reward differently. A title that is reviewed again in time stays valid
    while that runs: ``kept_until`` is then :data:`UNDECIDED`, and the last day it was so kept once that has ended.
    """

    class Basis(models.TextChoices):
        """How the title was obtained."""

        NEW = "new", "新认定"
        RE_REVIEW = "re_review", "复核通过"

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="titles")
    tier = models.CharField("层级", max_length=30, blank=True)
    name = models.CharField("称号", max_length=100)
    level = models.CharField("级别", max_length=12, choices=Level)
    authority = models.CharField("认定机关", max_length=100, blank=True)
    document_no = models.CharField("文号", max_length=80, blank=True)
    batch_name = models.CharField("批次", max_length=60, blank=True)
    basis = models.CharField("取得方式", max_length=10, choices=Basis, default=Basis.NEW)
    recognised_on = models.DateField("认定日期")
    valid_until = models.DateField("有效期至", null=True, blank=True)
    kept_until = models.DateField("复核期间延续至", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=TitleState, default=TitleState.HELD)
    ended_on = models.DateField("取消日期", null=True, blank=True)
    batch = models.ForeignKey(
        "registry.Import",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="titles",
        verbose_name="导入批次",
    )
    removed_at = models.DateTimeField("撤销导入时间", null=True, blank=True)

    objects = EnterpriseScoped["Title"].as_manager()

    class Meta:
        ordering = ("-recognised_on", "-id")
        verbose_name = verbose_name_plural = "荣誉与称号"
        constraints = (
            models.UniqueConstraint(
                fields=("enterprise", "tier", "name", "recognised_on"),
                condition=Q(removed_at__isnull=True),
                name="title_given_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("recognised_on")),
                name="title_dates_in_order",
            ),
        )
        indexes = (
            models.Index(fields=("tier", "valid_until"), name="title_by_tier"),
            models.Index(fields=("-recognised_on", "-id"), name="title_by_day"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def under_review(self) -> bool:
        """Whether a re-review in time keeps it valid."""
        return self.kept_until == UNDECIDED

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which it is valid; ``None`` where none is set, or none yet."""
        if self.under_review:
            return None
        return max(filter(None, (self.valid_until, self.kept_until)), default=None)


class Severity(models.TextChoices):
    """How grave an incident is. What is at least serious counts as 重大."""

    MINOR = "minor", "一般"
    SERIOUS = "serious", "较大"
    MAJOR = "major", "重大"
    GRAVE = "grave", "特别重大"


class IncidentField(models.TextChoices):
    """The field of an incident, as 监督管理（一） lists them."""

    SAFETY = "safety", "安全生产"
    ENVIRONMENT = "environment", "生态环境"
    HEALTH = "health", "卫生健康"
    LABOUR = "labour", "劳动用工"
    TAX = "tax", "税收"
    CREDIT = "credit", "信用"
    QUALITY = "quality", "产品质量"
    IP = "ip", "知识产权"
    OTHER = "other", "其他"


class Incident(models.Model):
    """An accident, punishment or entry in a register of bad credit, with who says so."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="incidents")
    field = models.CharField("领域", max_length=12, choices=IncidentField)
    severity = models.CharField("程度", max_length=10, choices=Severity)
    happened_on = models.DateField("发生日期")
    title = models.CharField("事由", max_length=200)
    authority = models.CharField("认定机关", max_length=100)
    document_no = models.CharField("文号", max_length=80, blank=True)
    settled_on = models.DateField("整改或修复日期", null=True, blank=True)
    batch = models.ForeignKey(
        "registry.Import",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="incidents",
        verbose_name="导入批次",
    )
    removed_at = models.DateTimeField("撤销导入时间", null=True, blank=True)

    objects = EnterpriseScoped["Incident"].as_manager()

    class Meta:
        ordering = ("-happened_on", "-id")
        verbose_name = verbose_name_plural = "事故与处罚"
        constraints = (
            models.UniqueConstraint(
                fields=("enterprise", "field", "happened_on", "title"),
                condition=Q(removed_at__isnull=True),
                name="incident_recorded_once",
            ),
        )

    def __str__(self) -> str:
        return self.title
