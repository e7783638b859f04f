"""Organisations, who works for them in which role, and who stands in for whom."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tidu.accounts.models.scoping import MembershipSet, OrganisationSet
from tidu.core.models import Jurisdiction
from tidu.core.roles import ADMINISTRATORS, OrganisationKind, Role


class Organisation(models.Model):
    """A body that takes part. An enterprise's organisation is linked from its record in the registry.

    ``place`` bounds what its people see. ``document_word`` begins the numbers of its documents (呼工信〔2026〕12号);
    where it is blank, the short name does. ``confirms`` lists the confirmers of the vocabulary (``tax`` …) that a
    department answers for.
    """

    kind = models.CharField("类别", max_length=20, choices=OrganisationKind)
    name = models.CharField("名称", max_length=120)
    short_name = models.CharField("简称", max_length=40, blank=True)
    document_word = models.CharField("发文字号", max_length=40, blank=True)
    place = models.ForeignKey(
        Jurisdiction, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="辖区"
    )
    confirms = models.JSONField("可确认的事项", default=list, blank=True)
    is_active = models.BooleanField("启用", default=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    objects = OrganisationSet["Organisation"].as_manager()

    class Meta:
        ordering = ("kind", "name")
        verbose_name = verbose_name_plural = "机构"
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "name", "place"),
                condition=~Q(kind=OrganisationKind.ENTERPRISE),
                name="organisation_named_once_in_its_place",
            ),
            models.CheckConstraint(
                condition=Q(kind=OrganisationKind.ENTERPRISE) | Q(place__isnull=False),
                name="authority_has_a_place",
            ),
        )

    def __str__(self) -> str:
        return self.short_name or self.name


class Membership(models.Model):
    """One role of one person in one organisation, from being granted to being ended; never deleted."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships", verbose_name="人员"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name="机构"
    )
    role = models.CharField("角色", max_length=30, choices=Role)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="授权人"
    )
    granted_at = models.DateTimeField("授权时间", auto_now_add=True)
    reason = models.CharField("理由", max_length=200, blank=True)
    ended_at = models.DateTimeField("终止时间", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="终止人",
    )

    objects = MembershipSet["Membership"].as_manager()

    class Meta:
        ordering = ("organisation__name", "role", "id")
        verbose_name = verbose_name_plural = "任职"
        constraints = (
            models.UniqueConstraint(
                fields=("user", "organisation", "role"),
                condition=Q(ended_at__isnull=True),
                name="role_held_once",
            ),
            models.UniqueConstraint(  # 三员分立
                fields=("user",),
                condition=Q(ended_at__isnull=True, role__in=sorted(ADMINISTRATORS)),
                name="one_administrator_role_a_person",
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("user")),
                name="nobody_grants_a_role_to_themselves",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation} · {self.get_role_display()}"


class Delegation(models.Model):
    """A colleague stands in: from the first to the last day they may choose the absent person's role."""

    membership = models.ForeignKey(
        Membership, models.PROTECT, related_name="delegations", verbose_name="被代理的任职"
    )
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="delegations", verbose_name="代理人"
    )
    first_day = models.DateField("自")
    last_day = models.DateField("至")
    reason = models.CharField("事由", max_length=200)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    ended_at = models.DateTimeField("提前终止时间", null=True, blank=True)

    class Meta:
        ordering = ("-first_day", "-id")
        verbose_name = verbose_name_plural = "代理"
        constraints = (
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="delegation_dates_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.delegate}代{self.membership}"
