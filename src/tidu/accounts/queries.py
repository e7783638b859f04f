"""What the pages about people and organisations read, always within the scope of whoever looks."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from tidu.accounts.models import Delegation, Interest, Membership, Organisation, User
from tidu.core.actor import Actor
from tidu.core.models import Jurisdiction
from tidu.core.models.jurisdictions import PlaceLevel
from tidu.core.roles import ADMINISTRATORS, OrganisationKind


def organisations(actor: Actor, *, q: str = "", kind: str = "", state: str = "") -> QuerySet[Organisation]:
    """Organisations in the actor's charge, each with ``holders``: how many people hold a role in it."""
    found = Organisation.objects.visible_to(actor).select_related("place")
    if q:
        found = found.filter(Q(name__icontains=q) | Q(short_name__icontains=q))
    if kind:
        found = found.filter(kind=kind)
    if state:
        found = found.filter(is_active=state == "active")
    holding = Q(memberships__ended_at__isnull=True, memberships__user__is_active=True)
    return found.annotate(holders=Count("memberships__user", filter=holding, distinct=True))


def open_organisations(actor: Actor, *, person: User | None = None) -> QuerySet[Organisation]:
    """The organisations that a select offers; of enterprises, which are many, those of ``person`` alone."""
    offered = ~Q(kind=OrganisationKind.ENTERPRISE)
    if person is not None:
        offered |= Q(pk=person.organisation_id) | Q(pk__in=person.memberships.values("organisation"))
    return Organisation.objects.visible_to(actor).filter(offered, is_active=True).order_by("kind", "name")


def people(actor: Actor, *, q: str = "", role: str = "", state: str = "") -> QuerySet[User]:
    """People whom the actor may look up, each with ``standing``: their roles within the actor's scope."""
    found = User.objects.visible_to(actor).select_related("organisation")
    if q:
        found = found.filter(
            Q(name__icontains=q)
            | Q(username__icontains=q)
            | Q(employee_no=q)
            | Q(organisation__name__icontains=q)
            | Q(organisation__short_name__icontains=q)
        )
    within = Membership.objects.visible_to(actor).active()
    if role == "none":
        found = found.filter(~Exists(within.filter(user=OuterRef("pk"))))
    elif role:
        found = found.filter(Exists(within.filter(user=OuterRef("pk"), role=role)))
    if state:
        found = found.filter(is_active=state == "active")
    return found.prefetch_related(
        Prefetch("memberships", within.select_related("organisation"), to_attr="standing")
    )


def roles_of(actor: Actor, person: User) -> QuerySet[Membership]:
    """Every role that the person holds or has held within the actor's scope, the present ones first."""
    return (
        Membership.objects.visible_to(actor)
        .filter(user=person)
        .select_related("organisation", "granted_by", "ended_by", "user")
        .order_by(F("ended_at").desc(nulls_first=True), "-granted_at")
    )


def interests(actor: Actor, *, q: str = "", ground: str = "", state: str = "") -> QuerySet[Interest]:
    """Declared interests that the actor may list, with whoever declared and ended them."""
    found = Interest.objects.visible_to(actor)
    if q:
        found = found.filter(Q(person__name__icontains=q) | Q(name__icontains=q) | Q(uscc=q.upper()))
    if ground:
        found = found.filter(ground=ground)
    if state:
        found = found.filter(ended_at__isnull=state != "ended")
    if state == "asked":
        found = found.filter(ending_asked_at__isnull=False)
    return found.select_related("person__organisation", "declared_by", "ended_by")


def places_in_charge(actor: Actor) -> QuerySet[Jurisdiction]:
    """The places that an administrator may set organisations up in."""
    places = Jurisdiction.objects.filter(valid_to__isnull=True)
    if actor.is_system or actor.level == PlaceLevel.NATION:
        return places
    inside = Q(pk=actor.place)
    if actor.level in {PlaceLevel.REGION, PlaceLevel.CITY}:
        inside |= Q(parent=actor.place)
    if actor.level == PlaceLevel.REGION:
        inside |= Q(parent__parent=actor.place)
    return places.filter(inside) if actor.place else places.none()


def colleagues(actor: Actor) -> QuerySet[User]:
    """Active people who hold a role in the actor's own organisation, without the actor."""
    holding = Membership.objects.active().filter(
        organisation_id=actor.organisation_id or 0, user=OuterRef("pk")
    )
    return (
        User.objects.filter(Exists(holding), is_active=True)
        .exclude(pk=actor.user_id or 0)
        .order_by("name", "pk")
    )


def possible_delegates(membership: Membership) -> QuerySet[User]:
    """Colleagues who may stand in: of the same organisation, active, and no administrators."""
    holding = Membership.objects.active().filter(organisation=membership.organisation_id, user=OuterRef("pk"))
    administering = Membership.objects.active().filter(user=OuterRef("pk"), role__in=sorted(ADMINISTRATORS))
    return (
        User.objects.filter(Exists(holding), ~Exists(administering), is_active=True)
        .exclude(pk=membership.user_id)
        .order_by("name", "pk")
    )


def delegations_of(user: User) -> QuerySet[Delegation]:
    """Those that the person has given and those they have been given, the latest first."""
    return (
        Delegation.objects.filter(Q(membership__user=user) | Q(delegate=user))
        .select_related("membership__organisation", "membership__user", "delegate")
        .order_by("-first_day", "-pk")[:50]
    )


def is_running(delegation: Delegation) -> bool:
    """Whether it has not ended: it counts today, or will."""
    return delegation.ended_at is None and delegation.last_day >= timezone.localdate()


def staff_of(actor: Actor) -> list[dict[str, Any]]:
    """The people of an enterprise as its manager sees them: each with the roles held there."""
    rows = (
        Membership.objects.active()
        .filter(organisation_id=actor.organisation_id or 0)
        .select_related("user", "organisation")
        .order_by("user__name", "user_id", "role")
    )
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        entry = found.setdefault(row.user_id, {"person": row.user, "roles": []})
        entry["roles"].append(row)
    return list(found.values())
