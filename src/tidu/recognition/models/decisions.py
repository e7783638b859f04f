"""The city's decision, the public notice, objections, and what is recognised."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from tidu.accounts.models import Membership
from tidu.accounts.ties import tied
from tidu.core.actor import Actor
from tidu.core.crypto.fields import EncryptedTextField
from tidu.core.models import Deadline, OfficialDocument, StoredFile
from tidu.core.models.deadlines import DayUnit
from tidu.core.roles import Role
from tidu.recognition.models.applications import Application
from tidu.recognition.models.calls import Call


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Lists for the meeting, from the point of view of whoever asks."""

    def visible_to(self, actor: Actor) -> ProposalQuerySet:
        """Those of the actor's calls. A list is decided whole, so nobody reads one who has to avoid a case in it."""
        named = ProposalItem.objects.filter(tied(actor, "application__enterprise__"), proposal=OuterRef("pk"))
        return self.filter(~Exists(named), call__in=Call.objects.visible_to(actor))


class Proposal(models.Model):
    """A list that goes to the meeting (党组会): proposed by one officer, confirmed with its minutes by another.

    ``over_quota`` says why more are selected than the call announced, ``returned_reason`` why it was sent back.
    """

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT = "draft", "拟稿"
        PROPOSED = "proposed", "待确认"
        CONFIRMED = "confirmed", "已确认"
        DROPPED = "dropped", "已作废"

    call = models.ForeignKey(Call, models.PROTECT, related_name="proposals")
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    meeting_no = models.CharField("会议编号", max_length=80, blank=True)
    meeting_on = models.DateField("会议日期", null=True, blank=True)
    minutes = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    material = models.ForeignKey(OfficialDocument, models.PROTECT, null=True, blank=True, related_name="+")
    over_quota = models.CharField("超出名额的理由", max_length=300, blank=True)
    returned_reason = models.CharField("退回的理由", max_length=300, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提出时间", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = verbose_name_plural = "拟认定方案"
        constraints = (
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="nobody_confirms_their_own_proposal",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, meeting_on__isnull=False)
                & ~Q(meeting_no=""),
                name="confirmed_proposal_has_a_meeting",
            ),
            models.UniqueConstraint(
                fields=("call",),
                condition=Q(state__in=("draft", "proposed")),
                name="one_open_proposal_a_call",
            ),
        )

    def __str__(self) -> str:
        return f"{self.call} 方案 {self.pk}"


class ProposalItem(models.Model):
    """One application of a proposal. Whoever is not selected gets a reason and, where one failed, the clause."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="items")
    application = models.ForeignKey(Application, models.PROTECT, related_name="proposal_items")
    selected = models.BooleanField("拟认定")
    rank = models.PositiveSmallIntegerField("次序", default=0)
    reason = models.CharField("理由", max_length=500, blank=True)
    cite = models.CharField("依据条款", max_length=120, blank=True)

    class Meta:
        ordering = ("rank", "id")
        verbose_name = verbose_name_plural = "方案内的申报"
        constraints = (
            models.UniqueConstraint(fields=("proposal", "application"), name="proposed_once"),
            models.CheckConstraint(
                condition=Q(selected=True) | ~Q(reason=""), name="not_selected_has_a_reason"
            ),
        )

    def __str__(self) -> str:
        return str(self.application)


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices: published ones are everybody's."""

    def public(self) -> NoticeQuerySet:
        """Those that have been published."""
        return self.filter(state__in=(Notice.State.PUBLISHED, Notice.State.FINISHED))

    def visible_to(self, actor: Actor) -> NoticeQuerySet:
        """Those that the actor works with."""
        if actor.is_system:
            return self
        if actor.has(Role.CITY_OFFICER):
            return self.filter(call__organisation_id=actor.organisation_id or 0)
        if actor.has(Role.AUDITOR) and actor.place:
            return self.filter(
                Q(call__place_id=actor.place) | Q(call__place__children=actor.place)
            ).distinct()
        return self.none()


class Notice(models.Model):
    """The public notice (公示) of a proposed list. ``ends_at`` is the first moment at which it is over (exclusive).

    A notice that was recalled stays with its reason; the list is then published anew, with a period of its own.
    """

    class State(models.TextChoices):
        """Where it stands. Whether its period is over is read from the clock."""

        PUBLISHED = "published", "公示中"
        FINISHED = "finished", "已结束"
        RECALLED = "recalled", "已撤回"

    call = models.ForeignKey(Call, models.PROTECT, related_name="notices")
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="notices")
    title = models.CharField("标题", max_length=120)
    document = models.ForeignKey(OfficialDocument, models.PROTECT, related_name="+")
    published_at = models.DateTimeField("发布时间")
    days = models.PositiveSmallIntegerField("公示期")
    unit = models.CharField("单位", max_length=8, choices=DayUnit)
    first_day_counts = models.BooleanField("首日计入")
    starts_on = models.DateField("公示首日")
    last_day = models.DateField("公示末日")
    ends_at = models.DateTimeField("公示结束")
    cite = models.CharField("依据条款", max_length=120)
    state = models.CharField("状态", max_length=10, choices=State, default=State.PUBLISHED)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recalled_reason = models.CharField("撤回的理由", max_length=300, blank=True)
    recalled_at = models.DateTimeField("撤回时间", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-published_at", "-id")
        verbose_name = verbose_name_plural = "公示"
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("published_at")), name="notice_has_a_length"),
            models.CheckConstraint(
                condition=~Q(state="recalled") | (Q(recalled_at__isnull=False) & ~Q(recalled_reason="")),
                name="recalled_notice_has_a_reason",
            ),
            models.UniqueConstraint(
                fields=("proposal",), condition=~Q(state="recalled"), name="one_standing_notice_a_proposal"
            ),
        )

    def __str__(self) -> str:
        return self.title


class NoticeItem(models.Model):
    """One enterprise of a notice, as it was published: name, code, district and level are frozen here.

    ``recalled`` goes with its notice; an application is in one notice that stands.
    """

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="items")
    application = models.ForeignKey(Application, models.PROTECT, related_name="notice_items")
    recalled = models.BooleanField("随公示撤回", default=False)
    number = models.PositiveSmallIntegerField("序号")
    name = models.CharField("企业名称", max_length=200)
    uscc = models.CharField("统一社会信用代码", max_length=18)
    district = models.CharField("推荐单位所在地", max_length=60)

    class Meta:
        ordering = ("number",)
        verbose_name = verbose_name_plural = "公示的企业"
        constraints = (
            models.UniqueConstraint(fields=("notice", "number"), name="notice_numbered"),
            models.UniqueConstraint(
                fields=("application",), condition=Q(recalled=False), name="one_standing_notice_a_case"
            ),
        )

    def __str__(self) -> str:
        return self.name


class ObjectionQuerySet(models.QuerySet["Objection"]):
    """Objections, from the point of view of whoever asks. No enterprise ever sees one, nor do its people."""

    def visible_to(self, actor: Actor) -> ObjectionQuerySet:
        """Those of the city's notices, for officers and auditors who never worked for the enterprise."""
        if actor.is_system:
            return self
        seen = self.filter(~tied(actor, "item__application__enterprise__"))
        if actor.has(Role.CITY_OFFICER):
            return seen.filter(item__notice__call__organisation_id=actor.organisation_id or 0)
        if actor.has(Role.AUDITOR) and actor.place:
            return seen.filter(item__notice__call__place_id=actor.place)
        return self.none()

    def open(self) -> ObjectionQuerySet:
        """Those not decided yet: they hold their enterprise up."""
        return self.filter(
            state__in=(Objection.State.RECEIVED, Objection.State.ASSIGNED, Objection.State.PROPOSED)
        )


class Objection(models.Model):
    """An objection by anyone. Who it is from is sealed; ``code_digest`` lets the sender ask what became of it.

    Decided by two: whoever looked into it proposes, another confirms.
    """

    class State(models.TextChoices):
        """Where it stands."""

        RECEIVED = "received", "已收到"
        ASSIGNED = "assigned", "核查中"
        PROPOSED = "proposed", "待确认"
        UPHELD = "upheld", "成立"
        DISMISSED = "dismissed", "不成立"

    item = models.ForeignKey(NoticeItem, models.PROTECT, related_name="objections")
    text = EncryptedTextField("异议内容")
    named = models.BooleanField("实名")
    sender_name = EncryptedTextField("姓名或单位", blank=True)
    sender_phone = EncryptedTextField("联系电话", blank=True)
    code_digest = models.CharField("回执码摘要", max_length=64, unique=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.RECEIVED)
    received_at = models.DateTimeField("收到时间", auto_now_add=True)
    deadline = models.ForeignKey(Deadline, models.PROTECT, null=True, blank=True, related_name="+")
    assigned_to = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    upholds = models.BooleanField("拟认定成立", null=True, blank=True)
    finding = models.CharField("核查情况", max_length=1000, blank=True)
    reply = models.CharField("答复", max_length=500, blank=True)
    cite = models.CharField("依据条款", max_length=120, blank=True)
    returned_reason = models.CharField("退回的理由", max_length=300, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("办结时间", null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = verbose_name_plural = "异议"
        constraints = (
            models.CheckConstraint(
                condition=~Q(state__in=("upheld", "dismissed"))
                | (Q(decided_by__isnull=False) & ~Q(finding="")),
                name="decided_objection_has_a_finding",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="nobody_decides_their_own_finding",
            ),
        )

    def __str__(self) -> str:
        return f"异议 {self.pk}"


class ObjectionFile(models.Model):
    """Evidence that came with an objection."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "异议材料"

    def __str__(self) -> str:
        return str(self.file)


class RecognitionDocumentQuerySet(models.QuerySet["RecognitionDocument"]):
    """Recognition documents, from the point of view of whoever asks."""

    def visible_to(self, actor: Actor) -> RecognitionDocumentQuerySet:
        """Those of the actor's calls; drafts not where they name what the actor has to avoid."""
        named = Application.objects.filter(tied(actor, "enterprise__"), recognition_documents=OuterRef("pk"))
        return self.filter(
            Q(issued_at__isnull=False) | ~Exists(named), call__in=Call.objects.visible_to(actor)
        )


class RecognitionDocument(models.Model):
    """The decision by which a batch is recognised (认定文件); drafted by one officer, issued by another."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="recognition_documents")
    document = models.ForeignKey(OfficialDocument, models.PROTECT, related_name="+")
    recognised_on = models.DateField("认定日期")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    issued_at = models.DateTimeField("印发时间", null=True, blank=True)
    applications = models.ManyToManyField(Application, related_name="recognition_documents")

    objects = RecognitionDocumentQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = verbose_name_plural = "认定文件"
        constraints = (
            models.CheckConstraint(
                condition=Q(issued_by__isnull=True) | ~Q(issued_by=F("made_by")),
                name="nobody_issues_their_own_draft",
            ),
        )

    def __str__(self) -> str:
        return str(self.document)
