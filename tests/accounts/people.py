"""People for the tests of this part, made by the actions that make them in life."""

from __future__ import annotations

from tidu.accounts.actions.people import create_person
from tidu.accounts.actions.roles import grant_role
from tidu.accounts.identities import Identity, actor_of
from tidu.accounts.models import Membership, Organisation, User
from tidu.core.actor import SYSTEM, Actor
from tidu.core.models import Jurisdiction
from tidu.core.roles import ROLE_RULES, OrganisationKind, Role

PASSWORD = "Grau-Weide-2026"
REGION, BAOTOU, HOHHOT, KUNDULUN, SAIHAN = "150000", "150200", "150100", "150203", "150105"


def organisation(kind: OrganisationKind, place: str | None = BAOTOU, name: str = "") -> Organisation:
    found, _ = Organisation.objects.get_or_create(
        kind=kind,
        name=name or f"{place}{kind.label}",
        place=None if place is None else Jurisdiction.objects.get(pk=place),
    )
    return found


def person(username: str, *, home: Organisation | None = None, password: str = PASSWORD, **more: str) -> User:
    return create_person(
        actor=SYSTEM,
        username=username,
        name=more.pop("name", f"人员{username}"),
        password=password,
        organisation=home,
        **more,
    )


def holder(
    role: Role, *, place: str | None = BAOTOU, username: str = "", of: Organisation | None = None
) -> Membership:
    """Somebody who holds ``role`` in an organisation of the place."""
    body = of or organisation(min(ROLE_RULES[role].kinds), place)
    user = person(username or f"{role.value}.{body.pk}", home=body)
    return grant_role(actor=SYSTEM, person=user, organisation=body, role=role)


def acting(membership: Membership) -> Actor:
    """The actor that the holder of a membership is."""
    fresh = Membership.objects.select_related("organisation__place", "user").get(pk=membership.pk)
    return actor_of(fresh.user, Identity(fresh))
