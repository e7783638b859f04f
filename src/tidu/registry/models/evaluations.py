"""A pack applied to all enterprises of a place on a day, kept so that a later run can be compared with it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from tidu.accounts.models import Organisation
from tidu.core.actor import Actor
from tidu.core.models import Job, Jurisdiction
from tidu.core.roles import Role
from tidu.registry.models.enterprises import Enterprise
from tidu.registry.models.scoping import EnterpriseScoped


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    """Runs: an organisation sees its own, an auditor those over their place and over places within it."""

    def visible_to(self, actor: Actor) -> EvaluationQuerySet:
        """Those that the actor may see."""
        if actor.is_system:
            return self
        if actor.has(Role.AUDITOR) and actor.place:
            return self.filter(Q(place_id=actor.place) | Q(place__parent_id=actor.place))
        return self.filter(organisation_id=actor.organisation_id or 0)


class Evaluation(models.Model):
    """One run: a tier of a pack. ``pack_digest`` is the content hash of the pack; ``criteria`` its ids in order.

    ``counts`` holds what the overview shows: by status, district, industry and criterion.
    """

    class State(models.TextChoices):
        """Where the run stands."""

        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "失败"

    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+", verbose_name="范围")
    pack = models.CharField("政策包", max_length=80)
    pack_digest = models.CharField("政策包摘要", max_length=64)
    pack_title = models.CharField("政策", max_length=200)
    tier = models.CharField("称号层级", max_length=30)
    as_of = models.DateField("评估日")
    base_year = models.PositiveSmallIntegerField("基准年度")
    in_force = models.BooleanField("在有效期内")
    criteria = models.JSONField("条件", default=list)
    counts = models.JSONField("统计", default=dict)
    enterprises = models.PositiveIntegerField("企业数", default=0)
    state = models.CharField("状态", max_length=10, choices=State, default=State.RUNNING)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField("开始时间", auto_now_add=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = verbose_name_plural = "企业库评估"
        indexes = (models.Index(fields=("organisation", "pack", "tier", "-id"), name="evaluation_by_pack"),)

    def __str__(self) -> str:
        return f"{self.pack_title} {self.as_of.isoformat()}"


class EvaluationResult(models.Model):
    """One enterprise in one run.

    ``statuses`` has one letter a criterion, in the run's order: m met, n not met, u unknown, r needs review.
    ``short`` counts the criteria that keep the enterprise from the title (not met or unknown); ``document`` is the one
    piece of evidence that would settle it, where there is exactly one.
    """

    run = models.ForeignKey(Evaluation, models.CASCADE, related_name="results")
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="+")
    status = models.CharField("结论", max_length=12)
    statuses = models.CharField("逐条结论", max_length=120)
    missing = models.JSONField("缺少的数据", default=list)
    short = models.PositiveSmallIntegerField("差几条")
    document = models.CharField("决定性材料", max_length=64, blank=True)

    objects = EnterpriseScoped["EvaluationResult"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评估结果"
        constraints = (models.UniqueConstraint(fields=("run", "enterprise"), name="result_once_a_run"),)
        indexes = (models.Index(fields=("run", "status", "short"), name="result_nearly_there"),)

    def __str__(self) -> str:
        return f"{self.enterprise} {self.status}"
