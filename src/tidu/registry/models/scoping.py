"""Which enterprises an actor sees. Everything that hangs on an enterprise is scoped through this one place."""

from __future__ import annotations

from typing import TypeVar

from django.db import models
from django.db.models import Q

from tidu.core.actor import Actor
from tidu.core.models.jurisdictions import PlaceLevel
from tidu.core.roles import TERRITORIAL

M = TypeVar("M", bound=models.Model)
_NOBODY = Q(pk__in=())


def enterprises_in_scope(actor: Actor, prefix: str = "") -> Q:
    """The condition that ``actor`` may see an enterprise; ``prefix`` leads to it, such as ``enterprise__``.

    An enterprise's people see their own. Officers and auditors see those registered in their place. Everybody else
    sees none here: departments, experts and institutions see only what was sent or assigned to them, each through
    queries of its own, and administrators see no enterprise at all.
    """
    if actor.is_system:
        return Q()
    if actor.is_enterprise:
        return Q(**{f"{prefix}organisation_id": actor.organisation_id})
    if not actor.has(*TERRITORIAL) or not actor.place:
        return _NOBODY
    match actor.level:
        case PlaceLevel.NATION:
            return Q()
        case PlaceLevel.REGION:
            return Q(**{f"{prefix}city__parent_id": actor.place})
        case PlaceLevel.CITY:
            return Q(**{f"{prefix}city_id": actor.place})
        case PlaceLevel.DISTRICT | PlaceLevel.ZONE:
            return Q(**{f"{prefix}district_id": actor.place})
        case _:
            return _NOBODY


class EnterpriseScoped(models.QuerySet[M]):
    """Rows that belong to an enterprise through a foreign key named ``enterprise``."""

    def visible_to(self, actor: Actor) -> EnterpriseScoped[M]:
        """Those whose enterprise the actor may see."""
        return self.filter(enterprises_in_scope(actor, "enterprise__"))
