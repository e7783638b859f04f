"""The life of a title after recognition: changes, cancellation, and lists for what comes next."""

from __future__ import annotations

from typing import TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tidu.accounts.models import Organisation
from tidu.accounts.ties import tied
from tidu.core.actor import Actor
from tidu.core.models import Deadline, Job, Jurisdiction, OfficialDocument, StoredFile
from tidu.core.roles import Role
from tidu.recognition.models.applications import Application
from tidu.recognition.models.calls import Call
from tidu.registry.models import Enterprise, Evidence, Incident, Title
from tidu.registry.models.scoping import EnterpriseScoped, enterprises_in_scope

M = TypeVar("M", bound=models.Model)


class LifeCaseSet(EnterpriseScoped[M]):
    """Reports and cases about titles, from the point of view of whoever asks."""

    def visible_to(self, actor: Actor) -> LifeCaseSet[M]:
        """Those in the actor's reach, for officers and auditors without what they have to avoid (回避)."""
        reached = self.in_reach_of(actor)
        if actor.is_system or actor.is_enterprise:
            return reached
        return reached.filter(~tied(actor, "enterprise__"))

    def avoided_by(self, actor: Actor) -> LifeCaseSet[M]:
        """Those in the actor's reach that are kept from them."""
        if actor.is_system or actor.is_enterprise:
            return self.filter(pk__in=())
        return self.in_reach_of(actor).filter(tied(actor, "enterprise__"))

    def in_reach_of(self, actor: Actor) -> LifeCaseSet[M]:
        """Those whose enterprise the actor may see. For locks and counts alone."""
        return self.filter(enterprises_in_scope(actor, "enterprise__"))


class Campaign(models.Model):
    """Whose titles a re-review (a call of that kind) is about, and how they were chosen.

    ``window`` takes every title that ends between two days; ``sample`` draws from those held, with a recorded seed, so
    that whoever asks later can draw again: ``candidates`` are the numbers of the titles that the draw was made from.
    """

    class Way(models.TextChoices):
        """How the titles were chosen."""

        WINDOW = "window", "到期复核"
        SAMPLE = "sample", "抽查复核"

    call = models.OneToOneField(Call, models.PROTECT, related_name="campaign")
    way = models.CharField("方式", max_length=8, choices=Way)
    ends_from = models.DateField("有效期自", null=True, blank=True)
    ends_until = models.DateField("有效期至", null=True, blank=True)
    seed = models.CharField("抽取种子", max_length=64, blank=True)
    candidates = models.JSONField("候选称号", default=list, blank=True)
    titles = models.ManyToManyField(Title, related_name="campaigns")

    class Meta:
        verbose_name = verbose_name_plural = "复核范围"

    def __str__(self) -> str:
        return str(self.call)


class ChangeReport(models.Model):
    """A change that the holder of a title reports, and what was decided about it. District looks, city decides.

    ``district_positive`` is the district's opinion: whether the title should go on. ``new_place`` is where an
    enterprise has moved within its city.
    """

    class Kind(models.TextChoices):
        """What changed."""

        NAME = "name", "更名"
        MERGER = "merger", "合并、分立"
        MOVE = "move", "迁移"
        RESTRUCTURING = "restructuring", "重组、改制"
        OTHER = "other", "其他重大变化"

    class State(models.TextChoices):
        """Where it stands."""

        REPORTED = "reported", "区县核实中"
        DECISION = "decision", "市级审定中"
        ACCEPTED = "accepted", "称号延续"
        REFUSED = "refused", "称号不再延续"
        WITHDRAWN = "withdrawn", "已撤回"

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="changes")
    title = models.ForeignKey(Title, models.PROTECT, related_name="changes")
    kind = models.CharField("变化", max_length=14, choices=Kind)
    happened_on = models.DateField("发生日期")
    due_on = models.DateField("应报告日", null=True, blank=True)
    late = models.BooleanField("逾期报告", default=False)
    before = models.CharField("变更前", max_length=200)
    after = models.CharField("变更后", max_length=200)
    new_place = models.ForeignKey(
        Jurisdiction, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="迁入地"
    )
    text = models.CharField("说明", max_length=1000, blank=True)
    evidence = models.ManyToManyField(Evidence, related_name="+")
    state = models.CharField("状态", max_length=10, choices=State, default=State.REPORTED)
    deadline = models.ForeignKey(Deadline, models.PROTECT, null=True, blank=True, related_name="+")
    district_positive = models.BooleanField("区县建议延续", null=True, blank=True)
    district_opinion = models.CharField("区县意见", max_length=500, blank=True)
    decision = models.CharField("审定意见", max_length=500, blank=True)
    cite = models.CharField("依据条款", max_length=120, blank=True)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField("报告时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("审定时间", null=True, blank=True)
    document = models.ForeignKey(OfficialDocument, models.PROTECT, null=True, blank=True, related_name="+")

    objects = LifeCaseSet["ChangeReport"].as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = verbose_name_plural = "变更报告"
        indexes = (models.Index(fields=("state", "-id"), name="change_by_state"),)

    def __str__(self) -> str:
        return f"{self.enterprise} {self.get_kind_display()}"


class Cancellation(models.Model):
    """A title is to be taken away: notice, reply, proposal, confirmation by another, publication.

    ``ground`` is a ground of the pack, or ``re_review_failed`` and ``re_review_absent``. While it is open, no earlier
    fact is changed: the title stays held.
    """

    class Origin(models.TextChoices):
        """What set it off."""

        REPORT = "report", "举报"
        INCIDENT = "incident", "事故与处罚"
        DEPARTMENT = "department", "部门来函"
        RE_REVIEW = "re_review", "复核"
        CHANGE = "change", "重大变化"

    class State(models.TextChoices):
        """Where it stands."""

        OPENED = "opened", "已立案"
        NOTIFIED = "notified", "听取意见中"
        REPLIED = "replied", "企业已陈述"
        PROPOSED = "proposed", "待确认"
        CANCELLED = "cancelled", "已取消称号"
        DROPPED = "dropped", "不予取消"

    OPEN_STATES = (State.OPENED, State.NOTIFIED, State.REPLIED, State.PROPOSED)

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="cancellations")
    title = models.ForeignKey(Title, models.PROTECT, related_name="cancellations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="承办机构")
    origin = models.CharField("来源", max_length=12, choices=Origin)
    ground = models.CharField("情形", max_length=64)
    ground_label = models.CharField("情形的文字", max_length=200)
    cite = models.CharField("依据条款", max_length=120)
    pack = models.CharField("政策包", max_length=64)
    facts = models.CharField("事实", max_length=2000)
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, blank=True, related_name="+")
    application = models.ForeignKey(
        Application, models.PROTECT, null=True, blank=True, related_name="cancellations"
    )
    change = models.ForeignKey(
        ChangeReport, models.PROTECT, null=True, blank=True, related_name="cancellations"
    )
    files = models.ManyToManyField(StoredFile, related_name="+")
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPENED)
    notice = models.ForeignKey(OfficialDocument, models.PROTECT, null=True, blank=True, related_name="+")
    deadline = models.ForeignKey(Deadline, models.PROTECT, null=True, blank=True, related_name="+")
    reply = models.CharField("陈述与申辩", max_length=2000, blank=True)
    reply_files = models.ManyToManyField(StoredFile, related_name="+")
    replied_at = models.DateTimeField("陈述时间", null=True, blank=True)
    cancels = models.BooleanField("拟取消", null=True, blank=True)
    opinion = models.CharField("处理意见", max_length=1000, blank=True)
    barred_until = models.DateField("不得再次申报至", null=True, blank=True)
    decision = models.ForeignKey(OfficialDocument, models.PROTECT, null=True, blank=True, related_name="+")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField("立案时间", auto_now_add=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)

    objects = LifeCaseSet["Cancellation"].as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = verbose_name_plural = "取消称号"
        constraints = (
            models.UniqueConstraint(
                fields=("title",),
                condition=Q(state__in=("opened", "notified", "replied", "proposed")),
                name="one_open_cancellation_a_title",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="nobody_decides_their_own_cancellation",
            ),
        )

    def __str__(self) -> str:
        return f"{self.enterprise} {self.ground_label}"


class RecommendationListQuerySet(models.QuerySet["RecommendationList"]):
    """Lists: a bureau has its own, an auditor reads those of their place."""

    def visible_to(self, actor: Actor) -> RecommendationListQuerySet:
        """Those that the actor may see."""
        if actor.is_system:
            return self
        if actor.has(Role.CITY_OFFICER):
            return self.filter(organisation_id=actor.organisation_id or 0)
        if actor.has(Role.AUDITOR) and actor.place:
            return self.filter(Q(place_id=actor.place) | Q(place__parent_id=actor.place))
        return self.none()


class RecommendationList(models.Model):
    """Recognised enterprises that fit a higher tier or a fund call, as they stood on a day (奖励政策（三）).

    Against a tier ``pack`` and ``tier`` are set, for a fund call ``asked`` holds what it asks: ``[{"indicator", "year",
    "least"}]``. ``rows`` are complete once ``finished_at`` is set.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    place = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    title = models.CharField("名称", max_length=120)
    pack = models.CharField("对照的政策包", max_length=64, blank=True)
    tier = models.CharField("对照的层级", max_length=30, blank=True)
    asked = models.JSONField("对照的指标", default=list, blank=True)
    held_tier = models.CharField("现有称号", max_length=30)
    on = models.DateField("截至日期")
    rows = models.JSONField("名单", default=list)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    document = models.ForeignKey(OfficialDocument, models.PROTECT, null=True, blank=True, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("时间", auto_now_add=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    objects = RecommendationListQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = verbose_name_plural = "推荐名单"

    def __str__(self) -> str:
        return self.title
