"""Which organisations and people an actor sees. Administrators see those of their organisation's place and below."""

from __future__ import annotations

from typing import TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from tidu.core.actor import Actor
from tidu.core.models.jurisdictions import PlaceLevel
from tidu.core.roles import ADMINISTRATORS

M = TypeVar("M", bound=models.Model)
_NOBODY = Q(pk__in=())


def in_charge_of(actor: Actor, prefix: str = "") -> Q:
    """The condition that ``actor`` administers an organisation; ``prefix`` leads to it, such as ``organisation__``."""
    if actor.is_system:
        return Q()
    return in_place_of(actor, prefix) if actor.has(*ADMINISTRATORS) else _NOBODY


def in_place_of(actor: Actor, prefix: str = "") -> Q:
    """The condition that an organisation lies in the actor's place, or below it."""
    if not actor.place:
        return _NOBODY
    place = f"{prefix}place"
    match actor.level:
        case PlaceLevel.NATION:
            return Q()
        case PlaceLevel.REGION:
            return (
                Q(**{place: actor.place})
                | Q(**{f"{place}__parent": actor.place})
                | Q(**{f"{place}__parent__parent": actor.place})
            )
        case PlaceLevel.CITY:
            return Q(**{place: actor.place}) | Q(**{f"{place}__parent": actor.place})
        case _:
            return Q(**{place: actor.place})


class OrganisationSet(models.QuerySet[M]):
    """Organisations."""

    def visible_to(self, actor: Actor) -> OrganisationSet[M]:
        """Those that the actor administers; for everybody else their own."""
        if actor.is_system or actor.has(*ADMINISTRATORS):
            return self.filter(in_charge_of(actor))
        return self.filter(pk=actor.organisation_id) if actor.organisation_id else self.none()


class MembershipSet(models.QuerySet[M]):
    """Roles of people in organisations."""

    def active(self) -> MembershipSet[M]:
        """Those that have not ended."""
        return self.filter(ended_at__isnull=True)

    def visible_to(self, actor: Actor) -> MembershipSet[M]:
        """Those in organisations that the actor administers; for everybody else those in their own."""
        if actor.is_system or actor.has(*ADMINISTRATORS):
            return self.filter(in_charge_of(actor, "organisation__"))
        return self.filter(organisation_id=actor.organisation_id) if actor.organisation_id else self.none()


def people_of(people: QuerySet[M], visible: QuerySet[models.Model], actor: Actor) -> QuerySet[M]:
    """The people whom the actor may look up: they belong to, or hold a role in, an organisation in the actor's charge.

    Everybody who is no administrator sees the people of their own organisation, and everybody themselves. ``visible``
    are the memberships that the actor sees.
    """
    if actor.is_system:
        return people
    holding = Exists(visible.filter(user=OuterRef("pk"), ended_at__isnull=True))
    if actor.has(*ADMINISTRATORS):
        return people.filter(in_charge_of(actor, "organisation__") | Q(holding) | Q(pk=actor.user_id))
    if not actor.organisation_id:
        return people.filter(pk=actor.user_id)
    return people.filter(Q(organisation_id=actor.organisation_id) | Q(holding) | Q(pk=actor.user_id))
