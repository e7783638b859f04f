"""Tables that were brought in: what they held, what was wrong, and what they changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tidu.accounts.models import Organisation
from tidu.core.actor import Actor
from tidu.core.models import Job, StoredFile
from tidu.registry.models.enterprises import Enterprise
from tidu.registry.models.scoping import enterprises_in_scope


class ImportKind(models.TextChoices):
    """What the rows of a table are."""

    ENTERPRISES = "enterprises", "企业名录"
    FIGURES = "figures", "年度数据"
    TITLES = "titles", "荣誉与称号"
    INCIDENTS = "incidents", "事故与处罚"


class ImportState(models.TextChoices):
    """Where an import stands. Nothing is written before ``writing``."""

    UPLOADED = "uploaded", "已上传"
    CHECKING = "checking", "校验中"
    CHECKED = "checked", "待核对"
    WRITING = "writing", "写入中"
    DONE = "done", "已导入"
    FAILED = "failed", "失败"
    UNDONE = "undone", "已撤销"
    DISCARDED = "discarded", "已放弃"


class ImportQuerySet(models.QuerySet["Import"]):
    """Imports: an organisation sees its own."""

    def visible_to(self, actor: Actor) -> ImportQuerySet:
        """Those that the actor may see."""
        if actor.is_system:
            return self
        return self.filter(organisation_id=actor.organisation_id or 0)


class Import(models.Model):
    """One table brought in, from upload to result. Counts are of rows.

    ``mapping`` is the map file's text, empty for our own templates. ``summary`` holds what pages say of it: remarks by
    code, seconds, headings that nothing took. ``skip_bad`` writes the good rows and leaves the
    rest; otherwise one bad row keeps everything out.
    """

    kind = models.CharField("种类", max_length=12, choices=ImportKind)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name="导入机构"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="导入人"
    )
    file = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="import_batch")
    mapping = models.TextField("列对应", blank=True)
    skip_bad = models.BooleanField("跳过有误的行", default=False)
    state = models.CharField("状态", max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    job = models.ForeignKey(
        Job, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="后台任务"
    )
    rows = models.PositiveIntegerField("行数", default=0)
    created = models.PositiveIntegerField("新增", default=0)
    updated = models.PositiveIntegerField("更改", default=0)
    unchanged = models.PositiveIntegerField("无变化", default=0)
    rejected = models.PositiveIntegerField("有误", default=0)
    warned = models.PositiveIntegerField("提醒", default=0)
    summary = models.JSONField("摘要", default=dict, blank=True)
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = verbose_name_plural = "导入"
        indexes = (models.Index(fields=("organisation", "-id"), name="import_by_organisation"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.created_at:%Y-%m-%d %H:%M}"


class ImportRow(models.Model):
    """What is to be said about one cell or row: an error, a doubt, or a sample of what will change."""

    class Kind(models.TextChoices):
        """What is said."""

        ERROR = "error", "有误"
        WARNING = "warning", "提醒"
        CREATED = "created", "新增"
        UPDATED = "updated", "更改"

    batch = models.ForeignKey(Import, models.CASCADE, related_name="remarks")
    kind = models.CharField("性质", max_length=8, choices=Kind)
    sheet = models.CharField("工作表", max_length=60, blank=True)
    row = models.PositiveIntegerField("行")
    column = models.CharField("列", max_length=80, blank=True)
    value = models.CharField("表中的值", max_length=200, blank=True)
    code = models.CharField("代码", max_length=40, blank=True)
    message = models.CharField("问题与改法", max_length=300)
    before = models.CharField("现有", max_length=200, blank=True)

    class Meta:
        ordering = ("row", "id")
        verbose_name = verbose_name_plural = "导入核对"
        indexes = (models.Index(fields=("batch", "kind", "row"), name="import_remarks"),)

    def __str__(self) -> str:
        return f"第 {self.row} 行：{self.message}"


class DuplicateQuerySet(models.QuerySet["DuplicateProposal"]):
    """Proposals: seen by whoever sees both enterprises."""

    def visible_to(self, actor: Actor) -> DuplicateQuerySet:
        """Those that the actor may see."""
        return self.filter(enterprises_in_scope(actor, "first__") & enterprises_in_scope(actor, "second__"))


class DuplicateProposal(models.Model):
    """Two enterprises whose names are nearly the same. A person says what they are; nothing merges by itself."""

    class Verdict(models.TextChoices):
        """What a person found."""

        OPEN = "open", "待判断"
        DIFFERENT = "different", "不是同一家"
        SAME = "same", "是同一家"

    first = models.ForeignKey(Enterprise, models.CASCADE, related_name="+")
    second = models.ForeignKey(Enterprise, models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField("相似度")
    batch = models.ForeignKey(Import, models.SET_NULL, null=True, blank=True, related_name="duplicates")
    verdict = models.CharField("结论", max_length=10, choices=Verdict, default=Verdict.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="判断人",
    )
    decided_at = models.DateTimeField("判断时间", null=True, blank=True)

    objects = DuplicateQuerySet.as_manager()

    class Meta:
        ordering = ("-score", "id")
        verbose_name = verbose_name_plural = "疑似重复"
        constraints = (
            models.UniqueConstraint(fields=("first", "second"), name="pair_proposed_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pair_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"
