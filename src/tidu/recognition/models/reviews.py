"""What districts and experts say: criterion by criterion, and as a whole."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from tidu.accounts.models import Membership
from tidu.accounts.ties import tied
from tidu.core.actor import Actor
from tidu.core.models import Deadline, Jurisdiction, OfficialDocument
from tidu.core.roles import Role
from tidu.recognition.models.applications import Act, Application, CaseKind, Level, Submission
from tidu.recognition.models.calls import Call


class Finding(models.TextChoices):
    """What the district says about a criterion beside its evidence."""

    ACCEPTED = "accepted", "认可"
    REJECTED = "rejected", "不认可"
    DOUBTED = "doubted", "存疑"


class CriterionFinding(models.Model):
    """The district's finding on one criterion of the submission that is being reviewed."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="findings")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="findings")
    criterion = models.CharField("条件", max_length=64)
    finding = models.CharField("审核意见", max_length=10, choices=Finding)
    note = models.CharField("说明", max_length=300, blank=True)
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    found_at = models.DateTimeField("时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "条件审核"
        constraints = (
            models.UniqueConstraint(fields=("submission", "criterion"), name="one_finding_a_criterion"),
        )

    def __str__(self) -> str:
        return f"{self.criterion}：{self.get_finding_display()}"


class Inquiry(models.Model):
    """A question to the applicant; the reviewer's clock stands until it is answered.

    ``deadline`` is the applicant's limit. One that ran out, or that a return for correction took up, is closed with
    ``answered_at`` and an ``answer`` that nobody gave (``answered_by`` is empty).
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="inquiries")
    criterion = models.CharField("条件", max_length=64, blank=True)
    text = models.CharField("问题", max_length=500)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("提问时间", auto_now_add=True)
    answer = models.CharField("答复", max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    deadline = models.ForeignKey(Deadline, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("id",)
        verbose_name = verbose_name_plural = "询问"

    def __str__(self) -> str:
        return self.text


class RecommendationTable(models.Model):
    """推荐汇总表: what a district recommends to the city in one call, as an official document."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="recommendation_tables")
    district = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    document = models.ForeignKey(OfficialDocument, models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = verbose_name_plural = "推荐汇总表"

    def __str__(self) -> str:
        return f"{self.call} {self.district}"


class Recommendation(models.Model):
    """The district's opinion on one application: recommended to the city, or not, with its document."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="recommendation")
    positive = models.BooleanField("推荐")
    opinion = models.CharField("推荐意见", max_length=500)
    document_no = models.CharField("文号", max_length=80, blank=True)
    table = models.ForeignKey(
        RecommendationTable, models.SET_NULL, null=True, blank=True, related_name="recommendations"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "区县推荐"

    def __str__(self) -> str:
        return "推荐" if self.positive else "不予推荐"


class ExpertProfile(models.Model):
    """What is known of an expert for drawing: fields of work, employer, and enterprises known to be in conflict.

    The officer keeps the plain columns, the expert states the ``own_`` ones; neither changes the other's, and both
    count, beside the interests that the expert has declared on their account. ``conflicts`` are ``[{"uscc", "note"}]``;
    a ``group`` is the name its companies share.
    """

    membership = models.OneToOneField(Membership, models.PROTECT, related_name="expert_profile")
    fields = models.JSONField("专业领域", default=list, blank=True)
    employer = models.CharField("工作单位", max_length=120, blank=True)
    employer_uscc = models.CharField("工作单位代码", max_length=18, blank=True)
    group = models.CharField("所属集团", max_length=120, blank=True)
    conflicts = models.JSONField("已知利害关系", default=list, blank=True)
    own_employer = models.CharField("自报工作单位", max_length=120, blank=True)
    own_employer_uscc = models.CharField("自报工作单位代码", max_length=18, blank=True)
    own_group = models.CharField("自报所属集团", max_length=120, blank=True)
    own_declared_at = models.DateTimeField("自报时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "专家信息"

    def __str__(self) -> str:
        return str(self.membership.user)


class PanelQuerySet(models.QuerySet["Panel"]):
    """Panels, from the point of view of whoever asks."""

    def visible_to(self, actor: Actor) -> PanelQuerySet:
        """The city's officers see those of their calls, auditors those of their place. Experts see assignments only."""
        if actor.is_system:
            return self
        if actor.has(Role.CITY_OFFICER):
            return self.filter(call__organisation_id=actor.organisation_id or 0)
        if actor.has(Role.AUDITOR) and actor.place:
            return self.filter(Q(call__place_id=actor.place) | Q(call__place__parent_id=actor.place))
        return self.none()


class Panel(models.Model):
    """A group of experts for one call, drawn with a recorded seed; each application goes to ``each`` of them.

    ``drawing`` is the record from which the draw can be done again: see :mod:`tidu.recognition.process.drawing`. A
    ``blind`` panel sees no names; unless it was chosen otherwise, with ``evidence_hidden`` it sees no files either,
    since files are shown as they are.
    """

    class State(models.TextChoices):
        """Where the panel stands."""

        OPEN = "open", "评审中"
        CLOSED = "closed", "已办结"

    call = models.ForeignKey(Call, models.PROTECT, related_name="panels")
    name = models.CharField("名称", max_length=60)
    each = models.PositiveSmallIntegerField("每件评审人数", default=3)
    seed = models.CharField("抽取种子", max_length=64)
    drawing = models.JSONField("抽取记录", default=dict)
    blind = models.BooleanField("隐去企业名称", default=False)
    evidence_hidden = models.BooleanField("不出示证明材料", default=False)
    chair = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="组长"
    )
    deadline = models.ForeignKey(Deadline, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("时间", auto_now_add=True)

    objects = PanelQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        verbose_name = verbose_name_plural = "专家组"
        constraints = (
            models.CheckConstraint(
                condition=Q(evidence_hidden=False) | Q(blind=True), name="evidence_hidden_from_blind_panels"
            ),
        )

    def __str__(self) -> str:
        return self.name


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Assignments, from the point of view of whoever asks."""

    def visible_to(self, actor: Actor) -> AssignmentQuerySet:
        """The expert's own that were not avoided or replaced; the city's officers see those of their calls.

        Nobody sees those of an enterprise which they have to avoid.
        """
        if actor.is_system:
            return self
        if actor.has(Role.EXPERT):
            return self._own(actor)
        seen = self.filter(~tied(actor, "application__enterprise__"))
        if actor.has(Role.CITY_OFFICER):
            return seen.filter(application__call__organisation_id=actor.organisation_id or 0)
        if actor.has(Role.AUDITOR) and actor.place:
            return seen.filter(
                Q(application__call__place_id=actor.place)
                | Q(application__call__place__parent_id=actor.place)
            )
        return self.none()

    def _own(self, actor: Actor) -> AssignmentQuerySet:
        """Without those left or in conflict, as far as a query can tell; ``queries.assignments`` asks for the rest."""
        person = actor.user_number
        acted_elsewhere = Act.objects.filter(
            case=CaseKind.APPLICATION, case_id=OuterRef("application_id"), user_id=person
        ).exclude(level=Level.EXPERT)
        return (
            self.filter(expert__user_id=person, expert__organisation_id=actor.organisation_number)
            .exclude(state__in=(Assignment.State.AVOIDED, Assignment.State.REPLACED))
            .filter(
                ~tied(actor, "application__enterprise__"),
                ~Exists(acted_elsewhere),
                conflict="",
            )
        )


class Assignment(models.Model):
    """One expert and one application. Nothing of the case opens before ``declared_at``; avoided means it never does.

    Whoever reviews knows it by ``label`` alone until then, and in a blind panel for good. Once handed in, what the
    sheet says stays as it is (triggers on both databases). ``conflict`` on a sheet that was handed in is what came to
    light afterwards: it counts until an officer replaces it, and its expert does not find it any more.

    ``judgements`` are ``{criterion: {"finding": "met" | "not_met", "note": …}}``, ``scores`` ``{item: points}``.
    """

    class State(models.TextChoices):
        """Where it stands."""

        ASSIGNED = "assigned", "待声明"
        OPEN = "open", "评审中"
        SUBMITTED = "submitted", "已提交"
        AVOIDED = "avoided", "已回避"
        REPLACED = "replaced", "已更换"

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="assignments")
    application = models.ForeignKey(Application, models.PROTECT, related_name="assignments")
    expert = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=10, choices=State, default=State.ASSIGNED)
    declared_at = models.DateTimeField("声明时间", null=True, blank=True)
    conflict = models.CharField("回避或更换的原因", max_length=300, blank=True)
    judgements = models.JSONField("评判", default=dict, blank=True)
    scores = models.JSONField("评分", default=dict, blank=True)
    positive = models.BooleanField("建议认定", null=True, blank=True)
    opinion = models.CharField("评审意见", max_length=1000, blank=True)
    saved_at = models.DateTimeField("保存时间", null=True, blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        verbose_name = verbose_name_plural = "评审任务"
        constraints = (
            models.UniqueConstraint(fields=("application", "expert"), name="assigned_once"),
            models.CheckConstraint(
                condition=~Q(state="submitted")
                | Q(submitted_at__isnull=False, positive__isnull=False, declared_at__isnull=False),
                name="expert_opinion_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(state__in=("submitted", "replaced")),
                name="handed_in_sheet_stays",
            ),
        )
        indexes = (models.Index(fields=("expert", "state"), name="assignment_by_expert"),)

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What the file is called where its applicant is not named."""
        return f"第 {self.pk} 号评审件"


class PanelOpinion(models.Model):
    """What the chair says of one file for the whole panel, once every sheet is in."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="panel_opinion")
    panel = models.ForeignKey(Panel, models.PROTECT, related_name="opinions")
    positive = models.BooleanField("建议认定")
    opinion = models.CharField("专家组意见", max_length=1000)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "专家组意见"

    def __str__(self) -> str:
        return "建议认定" if self.positive else "建议不予认定"
