"""What somebody has to do, and what they are told."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q

from tidu.accounts.models import Organisation
from tidu.accounts.ties import Party, tie
from tidu.core.actor import Actor
from tidu.core.models import Deadline
from tidu.core.roles import Role


class TaskState(models.TextChoices):
    """Where a task stands."""

    OPEN = "open", "待办"
    DONE = "done", "已办"
    WITHDRAWN = "withdrawn", "已撤回"


class TaskQuerySet(models.QuerySet["Task"]):
    """Tasks, from the point of view of whoever asks."""

    def visible_to(self, actor: Actor) -> TaskQuerySet:
        """Those of the actor's role in the actor's organisation. The system sees all, nobody else sees another's.

        Nobody sees a task that is about an enterprise which they have to avoid.
        """
        if actor.is_system:
            return self
        if actor.organisation_id is None or actor.role is None:
            return self.none()
        avoided = tie(people=actor.people, organisation=OuterRef("about_id"), uscc=OuterRef("about_uscc"))
        return self.filter(~avoided, organisation_id=actor.organisation_id, role=actor.role)

    def open(self) -> TaskQuerySet:
        """Those that still have to be done, or known of."""
        return self.filter(state=TaskState.OPEN)


class Task(models.Model):
    """Something that a role of an organisation has to do (待办), or is to know of (抄送, ``copy``).

    It belongs to the organisation and the role, not to a person, so that nothing is lost when somebody leaves.
    ``subject_type`` and ``subject_id`` name what it is about; together with ``kind`` and the holder they are unique
    among open tasks, so that a job that runs twice makes one task. ``about`` and ``about_uscc`` name the enterprise
    whose affair it is, where whoever is tied to it is to keep away (回避); one without an account has the code alone.
    ``asked_by`` is who asks a colleague of the role to look at what they have written (审签): not theirs to do.
    """

    kind = models.CharField("种类", max_length=60)
    title = models.CharField("事项", max_length=200)
    url = models.CharField("办理地址", max_length=300)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="tasks", verbose_name="承办机构"
    )
    role = models.CharField("承办角色", max_length=30, choices=Role)
    copy = models.BooleanField("抄送", default=False)
    about = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所涉机构"
    )
    about_uscc = models.CharField("所涉企业", max_length=18, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="送审人",
    )
    subject_type = models.CharField("对象类别", max_length=60)
    subject_id = models.CharField("对象编号", max_length=40)
    subject_label = models.CharField("对象", max_length=200, blank=True)
    deadline = models.ForeignKey(
        Deadline, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="期限"
    )
    state = models.CharField("状态", max_length=10, choices=TaskState, default=TaskState.OPEN)
    outcome = models.CharField("结果", max_length=200, blank=True)
    created_at = models.DateTimeField("产生时间", auto_now_add=True)
    done_at = models.DateTimeField("办结时间", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="办理人",
    )

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = verbose_name_plural = "事项"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "role", "kind", "subject_type", "subject_id"),
                condition=Q(state=TaskState.OPEN),
                name="one_open_task_a_subject",
            ),
            models.CheckConstraint(
                condition=Q(state=TaskState.OPEN) | Q(done_at__isnull=False), name="task_ends_at_a_time"
            ),
        )
        indexes = (models.Index(fields=("organisation", "role", "state", "-id"), name="task_by_holder"),)

    def __str__(self) -> str:
        return self.title

    @property
    def party(self) -> Party | None:
        """The enterprise whose affair it is."""
        return Party(self.about_id, self.about_uscc) if self.about_id or self.about_uscc else None


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Messages, from the point of view of whoever asks."""

    def visible_to(self, actor: Actor) -> NotificationQuerySet:
        """Those of the person, whatever role they act in."""
        return self if actor.user_id is None else self.filter(user_id=actor.user_id)

    def unread(self) -> NotificationQuerySet:
        """Those not read yet."""
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """A message to one person. ``mailed_at`` is set when it went out by e-mail, alone or in a digest.

    ``key`` makes it one message however often the same thing is told; ``task`` is what it reminds of, so that nobody is
    reminded by e-mail of what has been done since.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications", verbose_name="收件人"
    )
    topic = models.CharField("类别", max_length=60)
    title = models.CharField("标题", max_length=200)
    body = models.CharField("内容", max_length=500, blank=True)
    url = models.CharField("链接", max_length=300, blank=True)
    created_at = models.DateTimeField("时间", auto_now_add=True)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    mailed_at = models.DateTimeField("邮件时间", null=True, blank=True)
    task = models.ForeignKey(
        Task, models.SET_NULL, null=True, blank=True, related_name="notifications", verbose_name="事项"
    )
    key = models.CharField("去重标识", max_length=120, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = verbose_name_plural = "消息"
        constraints = (
            models.UniqueConstraint(fields=("user", "key"), condition=~Q(key=""), name="told_once"),
        )
        indexes = (
            models.Index(fields=("id",), condition=Q(mailed_at__isnull=True), name="notification_unmailed"),
            models.Index(fields=("user", "-id"), name="notification_by_person"),
            models.Index(fields=("user",), condition=Q(read_at__isnull=True), name="notification_unread"),
        )

    def __str__(self) -> str:
        return self.title


class MailPace(models.TextChoices):
    """How often messages go out by e-mail."""

    AT_ONCE = "at_once", "每条立即发送"
    DAILY = "daily", "每天汇总一次"
    NEVER = "never", "不发邮件"


class Preference(models.Model):
    """How a person wants to be told, and to read: ``display`` holds the names of the display modes that are on.

    ``digest_on`` is the day of the last digest: there is one a day at most.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="preference"
    )
    mail = models.CharField("邮件", max_length=10, choices=MailPace, default=MailPace.DAILY)
    display = models.CharField("显示方式", max_length=40, blank=True)
    digest_on = models.DateField("最近汇总日", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "消息设置"

    def __str__(self) -> str:
        return self.get_mail_display()
