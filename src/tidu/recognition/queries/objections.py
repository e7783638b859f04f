"""Reading objections: by the sender's code, and as the city's officers see them."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Collection
from typing import Final

from django.db.models import QuerySet

from tidu.accounts.models import Membership
from tidu.core.actor import Actor
from tidu.core.roles import Role
from tidu.recognition.models import Objection

#: Letters and digits that nobody confuses when they write a code down.
_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH, _GROUP = 16, 4


def new_code() -> str:
    """A code such as ``7K2M-QX9D-…`` (80 bits) that nobody guesses."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return "-".join(drawn[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def digest_of_code(code: str) -> str:
    """What is kept of a code. Small letters, spaces and dashes make no difference."""
    return hashlib.sha256(re.sub(r"[\s\-－—]", "", code).upper().encode()).hexdigest()


def objection_by_code(code: str) -> Objection | None:
    """The objection of whoever holds the code, with its item and notice; none where the code is wrong."""
    return (
        Objection.objects.select_related("item__notice__call", "deadline")
        .filter(code_digest=digest_of_code(code[:80]))
        .first()
    )


def objections_of(actor: Actor) -> QuerySet[Objection]:
    """The objections that the actor may see, with what a list shows of each."""
    return Objection.objects.visible_to(actor).select_related(
        "item__notice__call",
        "item__application",
        "deadline",
        "assigned_to__user",
        "proposed_by",
        "decided_by",
    )


def investigators(actor: Actor) -> QuerySet[Membership]:
    """The officers of the actor's bureau to whom an objection can be given, by name."""
    officers = Membership.objects.filter(
        organisation_id=actor.organisation_id or 0,
        role=Role.CITY_OFFICER,
        ended_at__isnull=True,
        user__is_active=True,
    )
    return officers.select_related("user").order_by("user__name")


def held_up(applications: Collection[int]) -> set[int]:
    """Those of these applications about which an objection is open, from whichever of their notices. One query."""
    return set(
        Objection.objects.open()
        .filter(item__application__in=applications)
        .values_list("item__application_id", flat=True)
    )
