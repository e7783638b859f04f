"""Which enterprises a person has a declared interest in, and therefore keeps away from (回避)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from tidu.accounts.models.organisations import Membership
from tidu.accounts.models.scoping import in_place_of
from tidu.core.actor import Actor
from tidu.core.crypto.fields import EncryptedTextField
from tidu.core.roles import Role


class Ground(models.TextChoices):
    """What ties a person to an enterprise."""

    WORK = "work", "任职或曾任职"
    FAMILY = "family", "近亲属任职或持股"
    SHARES = "shares", "本人持股"
    ADVICE = "advice", "有偿顾问"
    OTHER = "other", "其他利害关系"


class InterestQuerySet(models.QuerySet["Interest"]):
    """Declared interests, from the point of view of whoever asks."""

    def visible_to(self, actor: Actor) -> InterestQuerySet:
        """One's own; the security administrator and the auditor see those of the people of their place too."""
        if actor.is_system:
            return self
        own = Q(person_id=actor.user_id)
        if not actor.has(Role.SECURITY_ADMINISTRATOR, Role.AUDITOR):
            return self.filter(own)
        roles = Membership.objects.active().filter(
            in_place_of(actor, "organisation__"), user=OuterRef("person")
        )
        return self.filter(own | in_place_of(actor, "person__organisation__") | Q(Exists(roles)))

    def current(self) -> InterestQuerySet:
        """Those that count: nobody has ended them."""
        return self.filter(ended_at__isnull=True)


class Interest(models.Model):
    """One tie of one person to one enterprise, from being declared to being ended; never changed, never removed.

    It names the enterprise by its USCC, so that one without an account, or unknown to the books, can be named as well.
    Nobody ends their own: the person asks (``ending_asked_at``, ``ending_reason``), an administrator ends it or
    keeps it and says why (``kept_because``). Until then it counts.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="interests", verbose_name="人员"
    )
    uscc = models.CharField("统一社会信用代码", max_length=18)
    name = models.CharField("企业名称", max_length=120)
    ground = models.CharField("情形", max_length=10, choices=Ground)
    note = EncryptedTextField("说明", blank=True)
    since = models.DateField("自")
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申报人"
    )
    declared_at = models.DateTimeField("申报时间", auto_now_add=True)
    ending_asked_at = models.DateTimeField("请求终止时间", null=True, blank=True)
    ending_reason = models.CharField("请求终止的理由", max_length=200, blank=True)
    kept_because = models.CharField("不同意终止的理由", max_length=200, blank=True)
    ended_at = models.DateTimeField("终止时间", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="终止人",
    )
    ended_reason = models.CharField("终止理由", max_length=200, blank=True)

    objects = InterestQuerySet.as_manager()

    class Meta:
        ordering = (F("ended_at").desc(nulls_first=True), "-id")
        verbose_name = verbose_name_plural = "回避申报"
        constraints = (
            # Its index also finds what a person has declared about an enterprise.
            models.UniqueConstraint(
                fields=("person", "uscc", "ground"),
                condition=Q(ended_at__isnull=True),
                name="interest_declared_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(ended_reason=""), name="interest_ends_for_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}（{self.get_ground_display()}）"

    @property
    def own(self) -> bool:
        """Whether the person has declared it themselves."""
        return self.declared_by_id == self.person_id
