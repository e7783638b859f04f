"""Work that runs in the background, as its owner sees it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class JobState(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "失败"
    CANCELLED = "cancelled", "已停止"


class Job(models.Model):
    """A piece of background work with its progress; the queue of django-tasks carries only its number.

    ``kind`` names the function that does it, ``arguments`` what it is given. ``fault`` says in Chinese why it failed.
    ``stop_wanted`` asks a running job to stop at the next safe place. ``heartbeat`` tells a dead worker apart.
    """

    kind = models.CharField("种类", max_length=60)
    title = models.CharField("名称", max_length=120)
    arguments = models.JSONField("参数", default=dict, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="发起人",
    )
    actor = models.JSONField("发起时的身份", default=dict, blank=True)
    organisation_id = models.BigIntegerField("发起机构编号", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=JobState, default=JobState.QUEUED)
    step = models.CharField("当前步骤", max_length=120, blank=True)
    done = models.PositiveIntegerField("已完成", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    fault = models.TextField("失败原因", blank=True)
    result = models.JSONField("结果", default=dict, blank=True)
    stop_wanted = models.BooleanField("要求停止", default=False)
    created_at = models.DateTimeField("提交时间", auto_now_add=True)
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    heartbeat = models.DateTimeField("最近活动", null=True, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = verbose_name_plural = "后台任务"
        indexes = (models.Index(fields=("organisation_id", "-id"), name="job_by_organisation"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(total=0) | Q(done__lte=F("total")), name="job_does_no_more_than_all"
            ),
        )

    def __str__(self) -> str:
        return self.title
