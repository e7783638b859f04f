"""Applications, what of them was submitted and frozen, and everything that was done to a case."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from tidu.accounts.ties import tied
from tidu.core.actor import Actor
from tidu.core.models import Deadline, Jurisdiction, OfficialDocument, StoredFile
from tidu.core.roles import Role
from tidu.recognition.models.calls import Call
from tidu.registry.models import Enterprise, Evidence, Title


class Status(models.TextChoices):
    """Where an application stands."""

    DRAFT = "draft", "填报中"
    DISTRICT = "district", "区县审核中"
    RETURNED = "returned", "退回补正"
    EXPERTS = "experts", "专家评审中"
    DECISION = "decision", "研究决定中"
    SELECTED = "selected", "拟认定"
    NOTICE = "notice", "公示中"
    RECOGNISED = "recognised", "已认定"
    NOT_RECOMMENDED = "not_recommended", "未获推荐"
    NOT_RECOGNISED = "not_recognised", "未获认定"
    WITHDRAWN = "withdrawn", "已撤回"
    LAPSED = "lapsed", "逾期失效"


#: The case is over: no act leads on from here.
FINAL = frozenset(
    {Status.RECOGNISED, Status.NOT_RECOMMENDED, Status.NOT_RECOGNISED, Status.WITHDRAWN, Status.LAPSED}
)
#: Withdrawn or left to lapse by the applicant. Nobody has judged it, so another may follow while the window is open.
GIVEN_UP = frozenset({Status.WITHDRAWN, Status.LAPSED})
#: Judged, and not in the applicant's favour.
REFUSED = frozenset({Status.NOT_RECOMMENDED, Status.NOT_RECOGNISED})
#: Handed in, so that authorities see it. A draft is the enterprise's own business.
HANDED_IN = frozenset(Status) - {Status.DRAFT}


class Stage(models.TextChoices):
    """Whose turn it is, or at which stage the case ended."""

    APPLY = "apply", "企业申请"
    DISTRICT = "district", "区县审核"
    EXPERTS = "experts", "专家评审"
    DECISION = "decision", "研究决定"
    NOTICE = "notice", "公示"
    RECOGNITION = "recognition", "认定"


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Applications, from the point of view of whoever asks."""

    def visible_to(self, actor: Actor) -> ApplicationQuerySet:
        """Those in the actor's reach that are theirs to see: no officer or auditor reads what they have to avoid."""
        reached = self.in_reach_of(actor)
        if actor.is_system or actor.is_enterprise:
            return reached
        return reached.filter(~tied(actor, "enterprise__"))

    def avoided_by(self, actor: Actor) -> ApplicationQuerySet:
        """Those in the actor's reach that are kept from them, since they have to avoid the applicant (回避)."""
        if actor.is_system or actor.is_enterprise:
            return self.none()
        return self.in_reach_of(actor).filter(tied(actor, "enterprise__"))

    def in_reach_of(self, actor: Actor) -> ApplicationQuerySet:
        """Those of the actor's enterprise; those handed in to the officer's place. Experts see assignments only.

        For locks and counts alone; what is shown starts at ``visible_to``.
        """
        if actor.is_system:
            return self
        if actor.is_enterprise:
            return self.filter(enterprise__organisation_id=actor.organisation_id or 0)
        handed_in = self.filter(submitted_at__isnull=False)
        if actor.has(Role.CITY_OFFICER):
            return handed_in.filter(call__organisation_id=actor.organisation_id or 0)
        if actor.has(Role.DISTRICT_OFFICER) and actor.place:
            return handed_in.filter(district_id=actor.place)
        if actor.has(Role.AUDITOR) and actor.place:
            return handed_in.filter(
                Q(call__place_id=actor.place)
                | Q(district_id=actor.place)
                | Q(call__place__parent_id=actor.place)
            )
        return self.none()


class Application(models.Model):
    """One enterprise's answer to one call.

    ``stage`` is where it stands on the call's way (while returned: the stage that returned it). ``deadline`` is the
    limit of whoever holds it, ``correction`` that of the applicant while it is returned. ``number`` (受理号) comes with
    the first submission; ``receipt`` is the part that cannot be guessed. ``title`` is what came of it, or, in a
    re-review, ``reviewed_title`` what it is about. ``reason`` and ``cite`` say why it ended without recognition,
    ``result`` is the letter that tells the applicant so.
    """

    call = models.ForeignKey(Call, models.PROTECT, related_name="applications")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="applications")
    district = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+", verbose_name="受理地")
    reviewed_title = models.ForeignKey(
        Title, models.PROTECT, null=True, blank=True, related_name="re_reviews"
    )
    title = models.OneToOneField(Title, models.PROTECT, null=True, blank=True, related_name="application")
    status = models.CharField("状态", max_length=16, choices=Status, default=Status.DRAFT)
    stage = models.CharField("环节", max_length=12, choices=Stage, default=Stage.APPLY)
    number = models.CharField("受理号", max_length=40, null=True, blank=True, unique=True)
    receipt = models.CharField("回执码", max_length=40, blank=True)
    deadline = models.ForeignKey(Deadline, models.PROTECT, null=True, blank=True, related_name="+")
    correction = models.ForeignKey(Deadline, models.PROTECT, null=True, blank=True, related_name="+")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField("开始填报", auto_now_add=True)
    submitted_at = models.DateTimeField("首次提交", null=True, blank=True)
    ended_at = models.DateTimeField("办结时间", null=True, blank=True)
    reason = models.CharField("理由", max_length=500, blank=True)
    cite = models.CharField("依据条款", max_length=120, blank=True)
    result = models.ForeignKey(
        OfficialDocument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="结果告知书"
    )
    escalated_at = models.DateTimeField("催办时间", null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = verbose_name_plural = "申报"
        constraints = (
            models.UniqueConstraint(
                fields=("call", "enterprise"),
                condition=~Q(status__in=("lapsed", "withdrawn")),
                name="one_application_a_call",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("draft", "withdrawn", "lapsed")) | Q(submitted_at__isnull=False),
                name="handed_in_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(number__isnull=False),
                name="handed_in_has_a_number",
            ),
        )
        indexes = (
            models.Index(fields=("call", "status", "district"), name="application_by_call"),
            models.Index(fields=("district", "status", "-id"), name="application_by_district"),
            models.Index(fields=("enterprise", "-id"), name="application_by_enterprise"),
        )

    def __str__(self) -> str:
        return self.number or f"{self.call.batch_name}（未提交）"


class Statement(models.Model):
    """What the enterprise says about one criterion that a person judges, while it is being written."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="statements")
    criterion = models.CharField("条件", max_length=64)
    text = models.TextField("自述", blank=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "自述"
        constraints = (
            models.UniqueConstraint(fields=("application", "criterion"), name="one_statement_a_criterion"),
        )

    def __str__(self) -> str:
        return self.criterion


class Attachment(models.Model):
    """A document of the enterprise put forward for one criterion of the application (empty: for the whole of it)."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="attachments")
    criterion = models.CharField("条件", max_length=64, blank=True)
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="+")
    attached_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "证明材料的引用"
        constraints = (
            models.UniqueConstraint(fields=("application", "criterion", "evidence"), name="attached_once"),
        )

    def __str__(self) -> str:
        return f"{self.criterion} {self.evidence}"


class Presence(models.Model):
    """Who has which part of an application open, and when last seen there."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    part = models.CharField("部分", max_length=64)
    seen_at = models.DateTimeField("最近活动")

    class Meta:
        verbose_name = verbose_name_plural = "正在编辑"
        constraints = (models.UniqueConstraint(fields=("application", "user"), name="one_presence_a_person"),)

    def __str__(self) -> str:
        return f"{self.user} {self.part}"


class Submission(models.Model):
    """What was handed in, frozen: never changed or removed (triggers on both databases).

    ``content`` holds everything: ``{"enterprise": {name, uscc, district}, "call": {…}, "facts": [{"key", "label",
    "value", "shown", "source"}], "statements": {criterion: text}, "evidence": [{"id", "criterion", "kind", "label",
    "name", "sha256", "size"}], "verdict": {"status", "criteria": [{"id", "label", "status", "shown", "limit", "cite",
    …}]}, "settings": {…}, "pack": {id, digest}}``. ``digest`` is the SM3 of its canonical JSON.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField("第几次提交")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submitted_by_name = models.CharField("提交人", max_length=80)
    submitted_at = models.DateTimeField("提交时间")
    pack_digest = models.CharField("政策包 SHA-256", max_length=64)
    content = models.JSONField("内容")
    digest = models.CharField("SM3", max_length=64)

    class Meta:
        ordering = ("number",)
        verbose_name = verbose_name_plural = "提交"
        constraints = (
            models.UniqueConstraint(fields=("application", "number"), name="submissions_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.application} 第 {self.number} 次提交"


class SubmissionPaper(models.Model):
    """The PDF of a submission, made once after it was frozen."""

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="paper")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "申报书文件"

    def __str__(self) -> str:
        return str(self.submission)


class Level(models.TextChoices):
    """On whose side somebody acts in a case. Nobody acts on two sides of the same case."""

    ENTERPRISE = "enterprise", "企业"
    DISTRICT = "district", "区县"
    EXPERT = "expert", "专家"
    CITY = "city", "市级"
    SYSTEM = "system", "系统"


class CaseKind(models.TextChoices):
    """What a case is about."""

    APPLICATION = "application", "申报"
    CHANGE = "change", "变更"
    CANCELLATION = "cancellation", "取消称号"


class Act(models.Model):
    """One thing done to a case, for its history: append-only. ``shown`` tells whether the enterprise reads it."""

    case = models.CharField("案件种类", max_length=14, choices=CaseKind)
    case_id = models.PositiveBigIntegerField("案件")
    act = models.CharField("动作", max_length=30)
    label = models.CharField("做了什么", max_length=60)
    level = models.CharField("哪一方", max_length=10, choices=Level)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    user_name = models.CharField("办理人", max_length=80)
    organisation = models.CharField("办理机构", max_length=120, blank=True)
    before = models.CharField("原状态", max_length=16, blank=True)
    after = models.CharField("现状态", max_length=16, blank=True)
    reason = models.CharField("理由", max_length=500, blank=True)
    cite = models.CharField("依据条款", max_length=120, blank=True)
    shown = models.BooleanField("企业可见", default=True)
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ("id",)
        verbose_name = verbose_name_plural = "办理记录"
        indexes = (
            models.Index(fields=("case", "case_id", "id"), name="act_by_case"),
            models.Index(fields=("user", "case", "case_id"), name="act_by_person"),
        )

    def __str__(self) -> str:
        return self.label
