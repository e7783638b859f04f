"""Whether an administrator's place takes in every authority on the platform."""

from __future__ import annotations

from tidu.accounts.models import Organisation
from tidu.core.actor import Actor
from tidu.core.models.jurisdictions import PlaceLevel
from tidu.core.reach import answer_for_reach
from tidu.core.roles import OrganisationKind

_DIGITS = {PlaceLevel.NATION.value: 0, PlaceLevel.REGION.value: 2, PlaceLevel.CITY.value: 4}


def covers_every_authority(actor: Actor) -> bool:
    """True for the system; else whether all authorities in use lie in the actor's place. One query."""
    if actor.is_system:
        return True
    digits = _DIGITS.get(actor.level)
    if digits is None:
        return False
    authorities = Organisation.objects.filter(is_active=True).exclude(kind=OrganisationKind.ENTERPRISE)
    return not authorities.exclude(place__code__startswith=actor.place[:digits]).exists()


answer_for_reach(covers_every_authority)
