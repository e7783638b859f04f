"""Claims on enterprises: who is to check them, and what the checker compares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from tidu.accounts.models import Membership, Organisation
from tidu.core.actor import Actor
from tidu.core.models import Jurisdiction
from tidu.core.models.jurisdictions import PlaceLevel
from tidu.core.roles import OrganisationKind, Role
from tidu.core.typed_values import shown_place
from tidu.registry.models import Claim, ClaimState, Enterprise

#: Who checks claims: the district's officer, and the city's where no district does.
CHECKERS: Final = (Role.DISTRICT_OFFICER, Role.CITY_OFFICER)


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing that the claimant has stated, beside what is on the books."""

    label: str
    stated: str
    known: str

    @property
    def differs(self) -> bool:
        """Whether both are there and not the same."""
        return bool(self.stated and self.known) and self.stated != self.known


def manned(kind: OrganisationKind, role: Role) -> QuerySet[Organisation]:
    """The active organisations of a kind in which somebody holds the role."""
    holders = Membership.objects.filter(
        organisation=OuterRef("pk"), role=role, ended_at__isnull=True, user__is_active=True
    )
    return Organisation.objects.filter(Exists(holders), kind=kind, is_active=True)


def checking_body(enterprise: Enterprise) -> tuple[Organisation, Role] | None:
    """Whose work a claim on the enterprise is: the district's, else the city's, else nobody's yet."""
    for kind, role, place in (
        (OrganisationKind.DISTRICT_BUREAU, Role.DISTRICT_OFFICER, enterprise.district_id),
        (OrganisationKind.CITY_BUREAU, Role.CITY_OFFICER, enterprise.city_id),
    ):
        found = manned(kind, role).filter(place_id=place).order_by("pk").first() if place else None
        if found is not None:
            return found, role
    return None


def may_check(actor: Actor, enterprise: Enterprise) -> bool:
    """Whether claims on the enterprise are the actor's to decide.

    They are the district officer's. The city's officer decides where the enterprise has no district, or the district
    has nobody.
    """
    if actor.has(Role.DISTRICT_OFFICER):
        return bool(actor.place) and actor.place == enterprise.district_id
    if not actor.has(Role.CITY_OFFICER) or not actor.place or actor.place != enterprise.city_id:
        return False
    districts = manned(OrganisationKind.DISTRICT_BUREAU, Role.DISTRICT_OFFICER)
    return enterprise.district_id is None or not districts.filter(place_id=enterprise.district_id).exists()


def claims_seen(actor: Actor) -> QuerySet[Claim]:
    """The claims that an officer sees, with what a list shows of each."""
    return Claim.objects.visible_to(actor).select_related("user", "enterprise__district", "enterprise__city")


def waiting(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Those that can be decided: open, and with a letter."""
    return claims.filter(state=ClaimState.OPEN, letter__isnull=False)


def own_claims(actor: Actor) -> QuerySet[Claim]:
    """The claims of the person, the newest first. The enterprise behind them is not theirs to see."""
    return Claim.objects.filter(user_id=actor.user_id or 0).select_related("letter").order_by("-pk")


def compared(claim: Claim) -> tuple[Compared, ...]:
    """What the claimant has stated beside the books."""
    enterprise = claim.enterprise
    known = enterprise.district_id or enterprise.city_id or ""
    return (
        Compared("企业名称", claim.stated_name, enterprise.name),
        Compared("注册地", _place(claim.stated_place_id), _place(known)),
    )


def other_accounts(claim: Claim) -> QuerySet[Membership]:
    """Who acts for the enterprise already."""
    return (
        Membership.objects.filter(
            organisation_id=claim.enterprise.organisation_id or 0, ended_at__isnull=True
        )
        .exclude(user_id=claim.user_id)
        .select_related("user")
        .order_by("granted_at")
    )


def other_claims(claim: Claim) -> QuerySet[Claim]:
    """The other claims on the same enterprise, the newest first."""
    return (
        Claim.objects.filter(enterprise_id=claim.enterprise_id)
        .exclude(pk=claim.pk)
        .select_related("user", "decided_by")
        .order_by("-pk")
    )


def places_to_choose() -> Mapping[str, str]:
    """Code → name of every district and zone whose city takes part, city by city; then the cities themselves."""
    cities = Organisation.objects.filter(kind=OrganisationKind.CITY_BUREAU, is_active=True).values("place")
    found = Jurisdiction.objects.filter(
        Q(level__in=(PlaceLevel.DISTRICT, PlaceLevel.ZONE), parent__in=cities)
        | Q(level=PlaceLevel.CITY, pk__in=cities)
    ).select_related("parent")
    ordered = sorted(found, key=lambda place: (_city(place), place.level == PlaceLevel.CITY, place.code))
    return {
        place.code: f"{place.name}（不清楚旗县区）"
        if place.level == PlaceLevel.CITY
        else f"{place.parent} {place.name}"
        for place in ordered
    }


def _city(place: Jurisdiction) -> str:
    return place.code if place.level == PlaceLevel.CITY else place.parent_id or ""


def _place(code: str | None) -> str:
    return shown_place(code) if code else ""
