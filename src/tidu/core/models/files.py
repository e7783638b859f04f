"""Files that people send."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class ScanState(models.TextChoices):
    """What the virus scanner said. Without a scanner a file is kept and marked so."""

    CLEAN = "clean", "已扫描，未发现问题"
    UNSCANNED = "unscanned", "未扫描"


class StoredFile(models.Model):
    """A file in private storage. It is reached through what it belongs to, never by itself.

    ``content`` is the type found in the bytes, not the one claimed; ``location`` is a random name in the storage.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField("文件名", max_length=200)
    content = models.CharField("类型", max_length=100)
    size = models.PositiveBigIntegerField("大小（字节）")
    sha256 = models.CharField("SHA-256", max_length=64)
    location = models.CharField("存放位置", max_length=100, unique=True)
    scan = models.CharField("病毒扫描", max_length=10, choices=ScanState)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "文件"

    def __str__(self) -> str:
        return self.name
