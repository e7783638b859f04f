"""How many cases are kept from an officer who has to avoid the applicant, so that no list is silently short."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tidu.accounts.models import Membership
from tidu.accounts.ties import tie, tied
from tidu.core.actor import Actor
from tidu.core.roles import Role
from tidu.recognition.models.applications import FINAL, Application, ApplicationQuerySet
from tidu.registry.models import Enterprise


@dataclass(frozen=True, slots=True)
class Avoided:
    """So many cases are kept from the actor (回避); ``stuck`` of those under way from all their colleagues too."""

    number: int = 0
    stuck: int = 0
    role: str = ""
    noun: str = "申报"

    @property
    def words(self) -> str:
        """The same as a line in a file; empty where there is none."""
        return f"另有 {self.number} 件，您应当回避，没有列入" if self.number else ""


def avoided_in(actor: Actor, rows: ApplicationQuerySet) -> Avoided:
    """What of ``rows`` the actor has to avoid. One query, none for whoever never has to."""
    if actor.is_system or actor.is_enterprise or actor.role is None:
        return Avoided()
    avoids = tie(
        people=OuterRef("user_id"),
        organisation=OuterRef(OuterRef("enterprise__organisation_id")),
        uscc=OuterRef(OuterRef("enterprise__uscc")),
    )
    free = Membership.objects.filter(
        ~avoids,
        organisation_id=actor.organisation_id or 0,
        role=actor.role,
        ended_at__isnull=True,
        user__is_active=True,
    )
    acts = actor.has(Role.CITY_OFFICER, Role.DISTRICT_OFFICER)
    counted = (
        rows.avoided_by(actor)
        .order_by()
        .aggregate(
            number=Count("pk"),
            stuck=Count("pk", filter=~Exists(free) & ~Q(status__in=tuple(FINAL))),
        )
    )
    return Avoided(counted["number"], counted["stuck"] if acts else 0, actor.role.label)


def enterprises_avoided(actor: Actor) -> QuerySet[Enterprise, Any]:
    """The numbers of the enterprises which the actor has to avoid."""
    return Enterprise.objects.filter(tied(actor)).values("pk")


def avoided_of(actor: Actor, **scope: object) -> Avoided:
    """The same of all applications that fit, such as ``call=call``."""
    return avoided_in(actor, Application.objects.filter(**scope))
