"""Choosing in which role to act."""

from __future__ import annotations

from django.db import transaction

from tidu.accounts.identities import Identity, actor_of
from tidu.accounts.models import User
from tidu.core.actor import Actor
from tidu.core.audit.recording import record


@transaction.atomic
def choose_identity(*, actor: Actor, user: User, identity: Identity) -> Actor:
    """Record that ``user`` acts in another role from now on, and give the actor that this makes."""
    chosen = actor_of(user, identity, address=actor.address)
    record(
        actor=chosen,
        action="accounts.identity.chosen",
        subject=identity.membership,
        before={"membership": actor.membership_id},
        after={"membership": chosen.membership_id},
    )
    return chosen
