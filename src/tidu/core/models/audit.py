"""The record of everything done: append-only, chained by SM3."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tidu.core.actor import Actor
from tidu.core.models.jurisdictions import Jurisdiction, PlaceLevel
from tidu.core.roles import Role

#: Who may read the record at all.
READERS = (Role.AUDIT_ADMINISTRATOR, Role.AUDITOR)


class AuditEventSet(models.QuerySet["AuditEvent"]):
    """Events, reached only through what an actor may read."""

    def visible_to(self, actor: Actor) -> AuditEventSet:
        """Those of the reader's place and of every place below it.

        What belongs to no place (work of the system itself, names that nobody has) is for audit administrators of a
        region or of the nation: whoever looks after a whole installation.
        """
        if actor.is_system:
            return self
        if not actor.has(*READERS) or not actor.place:
            return self.none()
        own = Q(place=actor.place)
        match actor.level:
            case PlaceLevel.NATION:
                within = Q()
            case PlaceLevel.REGION:
                below = Jurisdiction.objects.filter(
                    Q(parent_id=actor.place) | Q(parent__parent_id=actor.place)
                )
                within = own | Q(place__in=below.values("code"))
                if actor.has(Role.AUDIT_ADMINISTRATOR):
                    within |= Q(place="")
            case PlaceLevel.CITY:
                within = own | Q(place__in=Jurisdiction.objects.filter(parent_id=actor.place).values("code"))
            case _:
                within = own
        return self.filter(within)


class AuditResult(models.TextChoices):
    """How an attempt ended."""

    DONE = "done", "成功"
    REFUSED = "refused", "被拒绝"
    FAILED = "failed", "失败"


class AuditEvent(models.Model):
    """One thing that somebody did, or was refused. Triggers of the database refuse every change and removal.

    Persons and subjects are written as they were named at the time, without foreign keys: the record outlives them.
    ``previous`` and ``hash`` are SM3 in hexadecimal; ``hash`` covers every other field and ``previous``.
    """

    number = models.BigIntegerField("序号", primary_key=True)
    at = models.DateTimeField("时间")
    user_id = models.BigIntegerField("人员编号", null=True)
    user_name = models.CharField("人员", max_length=80)
    role = models.CharField("角色", max_length=30, blank=True)
    organisation_id = models.BigIntegerField("机构编号", null=True)
    organisation_name = models.CharField("机构", max_length=120, blank=True)
    delegated_by = models.CharField("代行", max_length=80, blank=True)
    address = models.CharField("网络地址", max_length=45, blank=True)
    action = models.CharField("动作", max_length=60)
    result = models.CharField("结果", max_length=8, choices=AuditResult)
    subject_type = models.CharField("对象类别", max_length=60, blank=True)
    subject_id = models.CharField("对象编号", max_length=40, blank=True)
    subject_label = models.CharField("对象", max_length=200, blank=True)
    place = models.CharField("地区", max_length=6, blank=True)
    enterprise_id = models.BigIntegerField("所涉企业", null=True)
    before_digest = models.CharField("改动前摘要", max_length=64, blank=True)
    after_digest = models.CharField("改动后摘要", max_length=64, blank=True)
    detail = models.TextField("详情", blank=True)
    previous = models.CharField("前一条摘要", max_length=64)
    hash = models.CharField("摘要", max_length=64)

    objects = AuditEventSet.as_manager()

    class Meta:
        ordering = ("-number",)
        verbose_name = verbose_name_plural = "操作记录"
        indexes = (
            models.Index(fields=("at",), name="audit_by_time"),
            models.Index(fields=("user_id", "number"), name="audit_by_person"),
            models.Index(fields=("organisation_id", "number"), name="audit_by_organisation"),
            models.Index(fields=("enterprise_id", "number"), name="audit_by_enterprise"),
            models.Index(fields=("subject_type", "subject_id", "number"), name="audit_by_subject"),
            models.Index(fields=("place", "number"), name="audit_by_place"),
            models.Index(fields=("action", "number"), name="audit_by_action"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.action}"


class ExportedBlock(models.Model):
    """Which of a block of neighbouring enterprise numbers were in the list that an event says was exported.

    A row for every block and not for every enterprise: a list of the whole registry is a row for each 63 of them. Bits
    of ``members`` are numbers within the block. Only added to, as the record itself; the event's ``after_digest``
    covers all numbers of its list.
    """

    SIZE = 63  # bits that a number of either database has without its sign

    pk = models.CompositePrimaryKey("block", "event")
    block = models.BigIntegerField("企业编号段")
    event = models.BigIntegerField("操作记录序号")
    members = models.BigIntegerField("所含企业")

    class Meta:
        verbose_name = verbose_name_plural = "导出所涉企业"

    def __str__(self) -> str:
        return f"{self.event} {self.block}"


class AuditHead(models.Model):
    """The end of the chain: one row, locked by whoever appends."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField("末条序号", default=0)
    hash = models.CharField("末条摘要", max_length=64, default="0" * 64)

    class Meta:
        verbose_name = verbose_name_plural = "操作记录链尾"
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="audit_head_is_one"),)

    def __str__(self) -> str:
        return str(self.number)
