"""Questions to a department about many enterprises at once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from tidu.accounts.models import Organisation
from tidu.core.actor import Actor
from tidu.core.models import Deadline
from tidu.core.roles import Role
from tidu.registry.models.enterprises import Enterprise


class ConfirmationQuerySet(models.QuerySet["ConfirmationList"]):
    """Lists: seen by the bureau that asked and the department that is asked."""

    def visible_to(self, actor: Actor) -> ConfirmationQuerySet:
        """Those that the actor may see."""
        if actor.is_system:
            return self
        if actor.has(Role.DEPARTMENT_OFFICER):
            return self.filter(department_id=actor.organisation_id, state__in=ConfirmationList.SENT_STATES)
        if actor.has(Role.CITY_OFFICER):
            return self.filter(asked_by_organisation_id=actor.organisation_id)
        if actor.has(Role.AUDITOR) and actor.place:
            return self.filter(asked_by_organisation__place_id=actor.place)
        return self.none()


class ConfirmationList(models.Model):
    """A list of enterprises and questions sent to one department. Questions are indicators of the vocabulary."""

    class State(models.TextChoices):
        """Where the list stands."""

        DRAFT = "draft", "拟稿"
        SENT = "sent", "已发送"
        ANSWERED = "answered", "已答复"
        CLOSED = "closed", "已办结"
        WITHDRAWN = "withdrawn", "已撤回"

    SENT_STATES = (State.SENT, State.ANSWERED, State.CLOSED)

    title = models.CharField("名称", max_length=120)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发起人"
    )
    asked_by_organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="发起机构"
    )
    department = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="确认部门")
    questions = models.JSONField("问题", default=list)
    year = models.PositiveSmallIntegerField("年度", default=0)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    deadline = models.ForeignKey(Deadline, models.PROTECT, null=True, blank=True, related_name="+")
    document_no = models.CharField("复函文号", max_length=80, blank=True)
    answered_on = models.DateField("复函日期", null=True, blank=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = verbose_name_plural = "部门确认"
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answered_at__isnull=False), name="answer_has_a_time"
            ),
        )

    def __str__(self) -> str:
        return self.title


class ConfirmationItem(models.Model):
    """One question about one enterprise. ``answer`` is ``yes``, ``no``, or empty while the department has not said.

    ``stated`` is the answer that the department has submitted and that counts as a fact; where it differs from
    ``answer``, a draft or a correction is being written.
    """

    batch = models.ForeignKey(ConfirmationList, models.CASCADE, related_name="items")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+")
    indicator = models.CharField("问题", max_length=64)
    answer = models.CharField("答复", max_length=4, blank=True)
    stated = models.CharField("已生效的答复", max_length=4, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="答复人",
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        ordering = ("enterprise__name", "indicator")
        verbose_name = verbose_name_plural = "确认事项"
        constraints = (
            models.UniqueConstraint(fields=("batch", "enterprise", "indicator"), name="asked_once"),
            models.CheckConstraint(
                condition=Q(answer__in=("", "yes", "no"), stated__in=("", "yes", "no")),
                name="answer_is_yes_or_no",
            ),
        )

    def __str__(self) -> str:
        return f"{self.enterprise} {self.indicator}"
