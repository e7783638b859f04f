"""Places that govern: regions, cities, districts and development zones."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class PlaceLevel(models.TextChoices):
    """What kind of place it is. A zone stands beside the districts of its city."""

    NATION = "nation", "全国"
    REGION = "region", "省、自治区"
    CITY = "city", "市、盟"
    DISTRICT = "district", "旗县区"
    ZONE = "zone", "开发区"


class CodeSystem(models.TextChoices):
    """Where a code comes from. Zones have none in GB/T 2260 and another in the statistical codes."""

    GBT2260 = "gbt2260", "GB/T 2260"
    NBS = "nbs", "统计用区划代码"
    OWN = "own", "本平台编码"


class Jurisdiction(models.Model):
    """A place, known by its six-digit code. ``recommends``: its bureau recommends enterprises to the city."""

    code = models.CharField("代码", max_length=6, primary_key=True)
    name = models.CharField("名称", max_length=60)
    level = models.CharField("级别", max_length=8, choices=PlaceLevel)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    code_system = models.CharField("编码体系", max_length=8, choices=CodeSystem)
    other_codes = models.JSONField("其他体系的代码", default=list, blank=True)
    recommends = models.BooleanField("有推荐权", default=False)
    valid_from = models.DateField("启用日", null=True, blank=True)
    valid_to = models.DateField("停用日", null=True, blank=True)
    source = models.CharField("来源", max_length=200, blank=True)

    class Meta:
        ordering = ("code",)
        verbose_name = verbose_name_plural = "行政区划"
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="jurisdiction_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9]{6}$"), name="jurisdiction_code_has_six_digits"
            ),
        )

    def __str__(self) -> str:
        return self.name
