"""Calls: a city asks its enterprises to apply under one tier of one pack, or to be reviewed again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tidu.accounts.models import Organisation
from tidu.core.actor import Actor
from tidu.core.models import Jurisdiction, OfficialDocument
from tidu.core.roles import ENTERPRISE_ROLES, Role
from tidu.registry.models import Enterprise


class PackVersion(models.Model):
    """A pack as it was when a call was published: what a running case rests on, whatever becomes of the file."""

    digest = models.CharField("SHA-256", max_length=64, primary_key=True)
    pack = models.CharField("政策包", max_length=64)
    text = models.TextField("内容")
    kept_at = models.DateTimeField("留存时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "政策包版本"

    def __str__(self) -> str:
        return f"{self.pack} {self.digest[:8]}"


class CallQuerySet(models.QuerySet["Call"]):
    """Calls, from the point of view of whoever asks."""

    def public(self) -> CallQuerySet:
        """Those that anybody may read: published, and first applications only."""
        return self.filter(state__in=Call.PUBLIC_STATES, kind=Call.Kind.FIRST)

    def visible_to(self, actor: Actor) -> CallQuerySet:
        """Those that the actor works with: the city's own, and the published ones of districts and enterprises."""
        published = Q(state__in=Call.PUBLIC_STATES)
        if actor.is_system:
            return self
        if actor.has(Role.CITY_OFFICER):
            return self.filter(organisation_id=actor.organisation_id or 0)
        if actor.has(Role.DISTRICT_OFFICER) and actor.place:
            return self.filter(published, place__children=actor.place)
        if actor.has(Role.AUDITOR) and actor.place:
            return self.filter(
                published,
                Q(place_id=actor.place) | Q(place__children=actor.place) | Q(place__parent_id=actor.place),
            ).distinct()
        if actor.role in ENTERPRISE_ROLES:
            own = Enterprise.objects.filter(organisation_id=actor.organisation_id or 0).values("city_id")
            return self.filter(published, place_id__in=own)
        return self.none()


class Call(models.Model):
    """One call (申报通知), or one re-review (复核) of titles that end.

    ``readings`` are the chosen interpretations, ``limits`` the days of each stage as ``{stage: {"days", "day_kind",
    "late", "cite"}}``, complete once the call is published. ``districts`` are codes; empty means the whole city.
    ``materials`` are ``[{"kind", "required", "note"}]``. ``blind`` hides the applicants' names from experts.
    Nothing of a published call changes but by an act with a reason (``CallChange``).
    """

    class Kind(models.TextChoices):
        """What is called for."""

        FIRST = "first", "首次认定"
        RE_REVIEW = "re_review", "到期复核"

    class State(models.TextChoices):
        """Where the call stands. Whether its window is open is read from the clock."""

        DRAFT = "draft", "拟稿"
        APPROVAL = "approval", "待审签"
        PUBLISHED = "published", "已发布"
        FINISHED = "finished", "已办结"
        WITHDRAWN = "withdrawn", "已撤销"

    PUBLIC_STATES = (State.PUBLISHED, State.FINISHED, State.WITHDRAWN)

    kind = models.CharField("种类", max_length=10, choices=Kind, default=Kind.FIRST)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="组织单位")
    place = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+", verbose_name="城市")
    pack = models.CharField("政策包", max_length=64)
    tier = models.CharField("层级", max_length=30)
    version = models.ForeignKey(
        PackVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="政策包版本"
    )
    readings = models.JSONField("解释的选择", default=dict, blank=True)
    title = models.CharField("名称", max_length=120)
    batch_name = models.CharField("批次", max_length=60)
    year = models.PositiveSmallIntegerField("年度")
    base_year = models.PositiveSmallIntegerField("基准年度")
    opens_at = models.DateTimeField("开始受理")
    closes_at = models.DateTimeField("截止受理")
    districts = models.JSONField("受理的旗县区", default=list, blank=True)
    materials = models.JSONField("材料", default=list, blank=True)
    limits = models.JSONField("各环节时限", default=dict, blank=True)
    blind = models.BooleanField("专家不见企业名称", default=False)
    quota = models.PositiveSmallIntegerField("名额", null=True, blank=True)
    contacts = models.CharField("联系方式", max_length=200, blank=True)
    body = models.TextField("通知正文", blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    document = models.ForeignKey(
        OfficialDocument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="通知文件"
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟稿人"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审签人",
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = verbose_name_plural = "申报通知"
        constraints = (
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="call_window_in_order"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("written_by")),
                name="nobody_approves_their_own_call",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(published_at__isnull=False, version__isnull=False, approved_by__isnull=False),
                name="published_call_is_whole",
            ),
        )
        indexes = (models.Index(fields=("place", "state", "closes_at"), name="call_by_place"),)

    def __str__(self) -> str:
        return self.title

    @property
    def noun(self) -> str:
        """What an enterprise does that answers it: 申报, or 复核."""
        return "复核" if self.kind == Call.Kind.RE_REVIEW else "申报"

    @property
    def papers(self) -> str:
        """What the enterprise hands in: its 申报, or its 复核材料."""
        return "复核材料" if self.kind == Call.Kind.RE_REVIEW else "申报"

    @property
    def form(self) -> str:
        """What the whole of it is called on paper: 申报书, or 复核材料."""
        return "复核材料" if self.kind == Call.Kind.RE_REVIEW else "申报书"

    @property
    def called(self) -> str:
        """The batch with what it is a batch of: 2026年度第一批申报, 2026年度复核."""
        return self.batch_name if self.kind == Call.Kind.RE_REVIEW else f"{self.batch_name}申报"


class CallChange(models.Model):
    """What was changed of a published call: extended, closed early, withdrawn, brought to a newer pack. Append-only."""

    class Kind(models.TextChoices):
        """What was done."""

        EXTENDED = "extended", "延长受理"
        CLOSED = "closed", "提前截止"
        WITHDRAWN = "withdrawn", "撤销通知"
        RENEWED = "renewed", "改用新版政策包"

    call = models.ForeignKey(Call, models.PROTECT, related_name="changes")
    kind = models.CharField("变动", max_length=10, choices=Kind)
    before = models.CharField("原", max_length=100, blank=True)
    after = models.CharField("现", max_length=100, blank=True)
    reason = models.CharField("理由", max_length=200)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人"
    )
    made_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ("id",)
        verbose_name = verbose_name_plural = "通知变动"

    def __str__(self) -> str:
        return f"{self.call}：{self.get_kind_display()}"


class AskedChange(models.Model):
    """A change of a published call that one officer asks for and another confirms, as the call was published.

    ``closes_at`` is the new end of one that is to close early or was closed and is to open again; without one the call
    closes when it is confirmed. ``version`` is what it is to go on under.
    """

    class State(models.TextChoices):
        """Where it stands."""

        ASKED = "asked", "待审签"
        DONE = "done", "已生效"
        DROPPED = "dropped", "未生效"

    call = models.ForeignKey(Call, models.PROTECT, related_name="asked_changes")
    kind = models.CharField("变动", max_length=10, choices=CallChange.Kind)
    closes_at = models.DateTimeField("新的截止时间", null=True, blank=True)
    version = models.ForeignKey(
        PackVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="新的政策包版本"
    )
    reason = models.CharField("理由", max_length=200)
    state = models.CharField("状态", max_length=8, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人"
    )
    asked_at = models.DateTimeField("提出时间", auto_now_add=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审签人",
    )
    settled_at = models.DateTimeField("审签时间", null=True, blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name = verbose_name_plural = "待审签的变动"
        constraints = (
            models.UniqueConstraint(
                fields=("call",), condition=Q(state="asked"), name="one_asked_change_a_call"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(settled_by__isnull=False) & ~Q(settled_by=F("asked_by")),
                name="nobody_confirms_their_own_asking",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.call}"
