"""The roles that a person can choose among, and the actor that the chosen one makes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from tidu.accounts.models import Delegation, Membership, User
from tidu.core.actor import Actor
from tidu.core.roles import Role

SESSION_KEY = "identity"


@dataclass(frozen=True, slots=True)
class Identity:
    """One role that a person may act in: their own membership, or that of a colleague they stand in for."""

    membership: Membership
    delegation: Delegation | None = None

    @property
    def key(self) -> str:
        """What the session remembers."""
        return f"{self.membership.pk}"

    @property
    def role(self) -> Role:
        """The role."""
        return Role(self.membership.role)

    @property
    def label(self) -> str:
        """The words of the selection list: 赛罕区工信局 · 区县审核岗."""
        words = str(self.membership)
        return f"{words}（代{self.membership.user}）" if self.delegation else words


def identities_of(user: User, *, on: dt.date | None = None) -> list[Identity]:
    """Every role that ``user`` may act in on the day: own roles first, then those of absent colleagues."""
    day = on or timezone.localdate()
    lent: dict[int, Delegation] = {}
    for item in Delegation.objects.filter(
        delegate=user, first_day__lte=day, last_day__gte=day, ended_at__isnull=True
    ):
        lent.setdefault(item.membership_id, item)
    active = Membership.objects.filter(
        Q(user=user) | Q(pk__in=lent),
        ended_at__isnull=True,
        organisation__is_active=True,
        user__is_active=True,
    ).select_related("organisation__place", *(["user"] if lent else []))
    held = {membership.pk: membership for membership in active}
    own = [Identity(membership) for membership in held.values() if membership.user_id == user.pk]
    others = [(held[pk], item) for pk, item in lent.items() if pk in held and held[pk].user_id != user.pk]
    return own + [Identity(membership, item) for membership, item in others]


def actor_of(user: User, identity: Identity | None, *, address: str = "") -> Actor:
    """The actor that ``user`` is in ``identity``; without one a person without any role."""
    if identity is None:
        return Actor(user_id=user.pk, name=str(user), address=address)
    organisation = identity.membership.organisation
    place = organisation.place
    return Actor(
        user_id=user.pk,
        name=str(user),
        role=identity.role,
        membership_id=identity.membership.pk,
        organisation_id=organisation.pk,
        organisation=str(organisation),
        place="" if place is None else place.code,
        level="" if place is None else place.level,
        delegated_by=str(identity.membership.user) if identity.delegation else "",
        delegator_id=identity.membership.user_id if identity.delegation else None,
        address=address,
    )


def chosen_identity(request: HttpRequest, identities: list[Identity]) -> Identity | None:
    """The identity that the session names, or the first; a role that has ended since is never kept."""
    wanted = request.session.get(SESSION_KEY)
    return next((item for item in identities if item.key == wanted), identities[0] if identities else None)
