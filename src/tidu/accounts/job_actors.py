"""Whether whoever started a job may still act when its turn comes."""

from __future__ import annotations

from tidu.accounts.identities import actor_of, identities_of
from tidu.accounts.models import User
from tidu.core.actor import Actor


def may_still_act(actor: Actor) -> bool:
    """The account is in use, and the role in which the job was started is held or lent today, for the same place."""
    user = None if actor.user_id is None else User.objects.filter(pk=actor.user_id, is_active=True).first()
    if user is None:
        return False
    if actor.membership_id is None:
        return actor.role is None
    held = [identity for identity in identities_of(user) if identity.membership.pk == actor.membership_id]
    return any(actor_of(user, identity).place == actor.place for identity in held)
