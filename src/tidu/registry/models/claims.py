"""Somebody claims to act for an enterprise, and proves it by a letter that the district accepts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from tidu.core.actor import Actor
from tidu.core.models import Jurisdiction, StoredFile
from tidu.registry.models.enterprises import Enterprise
from tidu.registry.models.scoping import enterprises_in_scope


class ClaimState(models.TextChoices):
    """Where a claim stands."""

    OPEN = "open", "待核实"
    ACCEPTED = "accepted", "已通过"
    REFUSED = "refused", "未通过"
    WITHDRAWN = "withdrawn", "已撤回"


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Claims: the claimant sees their own, officers those on enterprises of their place."""

    def visible_to(self, actor: Actor) -> ClaimQuerySet:
        """Those that the actor may see."""
        own = Q(user_id=actor.user_id) if actor.user_id else Q(pk__in=())
        if actor.is_staff or actor.is_system:
            return self.filter(enterprises_in_scope(actor, "enterprise__"))
        return self.filter(own)


class Claim(models.Model):
    """A person's claim on an enterprise. Until it is accepted the claimant sees nothing but the claim itself."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="claims", verbose_name="申请人"
    )
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="claims")
    stated_name = models.CharField("所填企业名称", max_length=120)
    stated_place = models.ForeignKey(
        Jurisdiction, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所填注册地"
    )
    letter = models.OneToOneField(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="claim", verbose_name="授权书"
    )
    state = models.CharField("状态", max_length=10, choices=ClaimState, default=ClaimState.OPEN)
    created_at = models.DateTimeField("提交时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="核实人",
    )
    decided_at = models.DateTimeField("核实时间", null=True, blank=True)
    reason = models.CharField("理由", max_length=300, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = verbose_name_plural = "企业认领"
        indexes = (models.Index(fields=("state", "-id"), name="claim_by_state"),)
        constraints = (
            models.UniqueConstraint(
                fields=("user", "enterprise"), condition=Q(state=ClaimState.OPEN), name="one_open_claim_each"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("user")),
                name="nobody_accepts_their_own_claim",
            ),
            models.CheckConstraint(
                condition=~Q(state=ClaimState.REFUSED) | ~Q(reason=""), name="refused_claim_has_a_reason"
            ),
        )

    def __str__(self) -> str:
        return self.stated_name

    @property
    def phone(self) -> str:
        """Where the claimant can be called."""
        return str(self.user.phone)
