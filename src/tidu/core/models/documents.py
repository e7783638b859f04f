"""Official documents: what a letter, list or certificate says, its number, and the files made of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from tidu.core.models.files import StoredFile


class DocumentSeries(models.Model):
    """The last number that an organisation has given under one word (字号) in one year. Numbers have no gaps."""

    organisation_id = models.PositiveBigIntegerField("发文机构")
    word = models.CharField("发文字号", max_length=40)
    year = models.PositiveSmallIntegerField("年度")
    last = models.PositiveIntegerField("末号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "发文编号"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "word", "year"), name="one_series_a_year"),
        )

    def __str__(self) -> str:
        return f"{self.word}〔{self.year}〕"


class OfficialDocument(models.Model):
    """A document of an authority. It is reached through what it belongs to, never by itself.

    ``kind`` names its template, ``words`` is all that it says, ready to be set: PDF and DOCX come from the same words.
    A draft has no number and is set anew with a watermark each time; once issued, its words, number and files stand.
    """

    class State(models.TextChoices):
        """Whether it counts."""

        DRAFT = "draft", "草稿"
        ISSUED = "issued", "已印发"
        VOID = "void", "已作废"

    kind = models.CharField("种类", max_length=40)
    title = models.CharField("标题", max_length=160)
    organisation_id = models.PositiveBigIntegerField("发文机构")
    issuer = models.CharField("发文机关", max_length=120)
    place = models.CharField("辖区", max_length=6)
    word = models.CharField("发文字号", max_length=40, blank=True)
    year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    sequence = models.PositiveIntegerField("顺序号", null=True, blank=True)
    number = models.CharField("文号", max_length=80, blank=True)
    words = models.JSONField("内容", default=dict)
    digest = models.CharField("SM3", max_length=64, blank=True)
    state = models.CharField("状态", max_length=8, choices=State, default=State.DRAFT)
    pdf = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    docx = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField("拟稿时间", auto_now_add=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    issued_at = models.DateTimeField("印发时间", null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = verbose_name_plural = "公文"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "word", "year", "sequence"),
                condition=Q(sequence__isnull=False),
                name="document_numbered_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued") | Q(issued_at__isnull=False) & ~Q(digest=""),
                name="issued_document_is_whole",
            ),
        )

    def __str__(self) -> str:
        return self.number or self.title
