"""Facts with their sources, and the evidence for them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from tidu.core.models import StoredFile
from tidu.registry.models.enterprises import Enterprise
from tidu.registry.models.scoping import EnterpriseScoped


class Source(models.IntegerChoices):
    """Where a fact comes from; a higher number is believed before a lower one."""

    DECLARED = 1, "自填"
    IMPORTED = 2, "导入"
    AUDITED = 3, "审计"
    CONFIRMED = 4, "部门确认"

    @property
    def key(self) -> str:
        """The name that page components know the source by."""
        return self.name.lower()


class Evidence(models.Model):
    """A document that proves facts: its kind by the vocabulary, and the file. Withdrawn ones stay for the record."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="evidence")
    kind = models.CharField("材料种类", max_length=64)
    year = models.PositiveSmallIntegerField("所属年度", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="evidence")
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)

    objects = EnterpriseScoped["Evidence"].as_manager()

    class Meta:
        ordering = ("kind", "-year", "-id")
        verbose_name = verbose_name_plural = "证明材料"
        indexes = (models.Index(fields=("enterprise", "kind"), name="evidence_by_kind"),)

    def __str__(self) -> str:
        return self.file.name


class Fact(models.Model):
    """One value of one indicator, for a year or for none (``year`` 0), from one source.

    ``value`` is the engine's exact value as text: fen for money, ISO for a date, ``yes`` or ``no``, the shortest
    decimal for a ratio. A newer fact of the same source supersedes the older one; facts of other sources stand beside
    it as a conflict. Among those that stand, ``chosen`` marks the one believed: highest source, then newest. Rows are
    never changed otherwise and never deleted, so that what was known on any past day can be read back.
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="facts")
    indicator = models.CharField("指标", max_length=64)
    year = models.PositiveSmallIntegerField("年度", default=0)
    value = models.TextField("数值")
    source = models.PositiveSmallIntegerField("来源", choices=Source)
    basis = models.CharField("依据", max_length=200, blank=True)
    document_no = models.CharField("文号", max_length=80, blank=True)
    stated_on = models.DateField("依据日期", null=True, blank=True)
    evidence = models.ForeignKey(
        Evidence, models.PROTECT, null=True, blank=True, related_name="facts", verbose_name="证明材料"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="记录人"
    )
    recorded_by_organisation = models.CharField("记录机构", max_length=120, blank=True)
    recorded_at = models.DateTimeField("记录时间")
    batch = models.ForeignKey(
        "registry.Import",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="facts",
        verbose_name="导入批次",
    )
    superseded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="supersedes", verbose_name="后继"
    )
    ended_at = models.DateTimeField("失效时间", null=True, blank=True)
    chosen = models.BooleanField("采用", default=False)

    objects = EnterpriseScoped["Fact"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "企业数据"
        constraints = (
            models.UniqueConstraint(
                fields=("enterprise", "indicator", "year"), condition=Q(chosen=True), name="one_fact_chosen"
            ),
            models.UniqueConstraint(
                fields=("enterprise", "indicator", "year", "source"),
                condition=Q(ended_at__isnull=True),
                name="one_fact_stands_a_source",
            ),
            models.CheckConstraint(
                condition=Q(chosen=False) | Q(ended_at__isnull=True), name="chosen_fact_stands"
            ),
        )
        indexes = (
            models.Index(fields=("enterprise", "indicator", "year", "recorded_at"), name="fact_history"),
            models.Index(fields=("batch",), condition=Q(batch__isnull=False), name="fact_by_batch"),
        )

    def __str__(self) -> str:
        return f"{self.indicator}{f'[{self.year}]' if self.year else ''} = {self.value}"
