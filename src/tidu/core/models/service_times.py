"""When the platform was up."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class ServiceTime(models.Model):
    """A stretch of time in which the platform was up, from the first mark of the periodic work to the last one yet."""

    began_at = models.DateTimeField("开始")
    seen_at = models.DateTimeField("最近一次")

    class Meta:
        ordering = ("id",)
        verbose_name = verbose_name_plural = "运行时段"
        constraints = (
            models.CheckConstraint(condition=Q(seen_at__gte=F("began_at")), name="service_time_in_order"),
        )
        indexes = (models.Index(fields=("seen_at",), name="service_time_seen"),)

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M} – {self.seen_at:%Y-%m-%d %H:%M}"
