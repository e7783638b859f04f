"""Filters that a person keeps."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class SavedFilter(models.Model):
    """The query of an enterprise list under a name of one's own, for one organisation's role."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    organisation_id = models.BigIntegerField("机构编号")
    name = models.CharField("名称", max_length=40)
    query = models.CharField("条件", max_length=1000)
    created_at = models.DateTimeField("保存时间", auto_now_add=True)

    class Meta:
        ordering = ("name",)
        verbose_name = verbose_name_plural = "常用筛选"
        constraints = (
            models.UniqueConstraint(fields=("user", "organisation_id", "name"), name="filter_named_once"),
        )

    def __str__(self) -> str:
        return self.name
