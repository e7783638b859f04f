"""A small world with somebody in every position: two cities, four districts, an enterprise in each, every role.

The persons are named after what they are. ``A`` is the enterprise that rows are about, in 昆都仑区 of Baotou; rows
about recognition are about ``C`` in 赛罕区 of Hohhot, the city that recognises by a document of its own. What a row
opens belongs to that enterprise, or to the organisation of the person named in the row, so that all others stand
outside.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils import timezone

from tidu.accounts.identities import Identity, actor_of
from tidu.accounts.models import Delegation, Membership, Organisation, User
from tidu.core.actor import Actor
from tidu.core.models import Jurisdiction
from tidu.core.roles import OrganisationKind, Role
from tidu.core.uscc import check_characters
from tidu.registry.models import Enterprise

REGION, BAOTOU, HOHHOT = "150000", "150200", "150100"
KUNDULUN, QINGSHAN, SAIHAN, HUIMIN = "150203", "150204", "150105", "150103"

#: Person → kind of organisation, its place, role. Persons of one line's organisation share it.
STAFF: dict[str, tuple[OrganisationKind, str, Role]] = {
    "district_kundulun": (OrganisationKind.DISTRICT_BUREAU, KUNDULUN, Role.DISTRICT_OFFICER),
    "district_qingshan": (OrganisationKind.DISTRICT_BUREAU, QINGSHAN, Role.DISTRICT_OFFICER),
    "district_saihan": (OrganisationKind.DISTRICT_BUREAU, SAIHAN, Role.DISTRICT_OFFICER),
    "district_saihan_second": (OrganisationKind.DISTRICT_BUREAU, SAIHAN, Role.DISTRICT_OFFICER),
    "district_huimin": (OrganisationKind.DISTRICT_BUREAU, HUIMIN, Role.DISTRICT_OFFICER),
    "city_baotou": (OrganisationKind.CITY_BUREAU, BAOTOU, Role.CITY_OFFICER),
    "city_hohhot": (OrganisationKind.CITY_BUREAU, HOHHOT, Role.CITY_OFFICER),
    "city_hohhot_second": (OrganisationKind.CITY_BUREAU, HOHHOT, Role.CITY_OFFICER),
    "tax_baotou": (OrganisationKind.DEPARTMENT, BAOTOU, Role.DEPARTMENT_OFFICER),
    "tax_hohhot": (OrganisationKind.DEPARTMENT, HOHHOT, Role.DEPARTMENT_OFFICER),
    "bank_baotou": (OrganisationKind.INSTITUTION, BAOTOU, Role.INSTITUTION_OFFICER),
    "expert_baotou": (OrganisationKind.EXPERT_BODY, BAOTOU, Role.EXPERT),
    "expert_hohhot": (OrganisationKind.EXPERT_BODY, HOHHOT, Role.EXPERT),
    "expert_hohhot_second": (OrganisationKind.EXPERT_BODY, HOHHOT, Role.EXPERT),
    "expert_hohhot_third": (OrganisationKind.EXPERT_BODY, HOHHOT, Role.EXPERT),
    "auditor_baotou": (OrganisationKind.AUDIT_BODY, BAOTOU, Role.AUDITOR),
    "auditor_hohhot": (OrganisationKind.AUDIT_BODY, HOHHOT, Role.AUDITOR),
    "system_administrator": (OrganisationKind.PLATFORM, BAOTOU, Role.SYSTEM_ADMINISTRATOR),
    "security_administrator": (OrganisationKind.PLATFORM, BAOTOU, Role.SECURITY_ADMINISTRATOR),
    "audit_administrator": (OrganisationKind.PLATFORM, BAOTOU, Role.AUDIT_ADMINISTRATOR),
    "system_administrator_hohhot": (OrganisationKind.PLATFORM, HOHHOT, Role.SYSTEM_ADMINISTRATOR),
    "security_administrator_hohhot": (OrganisationKind.PLATFORM, HOHHOT, Role.SECURITY_ADMINISTRATOR),
    "audit_administrator_hohhot": (OrganisationKind.PLATFORM, HOHHOT, Role.AUDIT_ADMINISTRATOR),
}
#: Person → letter of the enterprise, role.
PEOPLE: dict[str, tuple[str, Role]] = {
    "manager_a": ("A", Role.ENTERPRISE_MANAGER),
    "editor_a": ("A", Role.ENTERPRISE_EDITOR),
    "manager_b": ("B", Role.ENTERPRISE_MANAGER),
    "manager_c": ("C", Role.ENTERPRISE_MANAGER),
    "editor_c": ("C", Role.ENTERPRISE_EDITOR),
    "manager_d": ("D", Role.ENTERPRISE_MANAGER),
}
ENTERPRISES = {"A": (BAOTOU, KUNDULUN), "B": (BAOTOU, QINGSHAN), "C": (HOHHOT, SAIHAN), "D": (HOHHOT, HUIMIN)}
#: Person → role.
ROLES = {person: role for person, (_, _, role) in STAFF.items()} | {
    person: role for person, (_, role) in PEOPLE.items()
}
WITHOUT_ROLE = "person_without_role"
SIGNED_IN = frozenset({*STAFF, *PEOPLE, WITHOUT_ROLE})
ANYONE = "visitor"

#: Sets that rows are written with.
ENTERPRISE_A = frozenset({"manager_a", "editor_a"})
ENTERPRISES_ALL = frozenset(PEOPLE)
OFFICERS_OF_A = frozenset({"district_kundulun", "city_baotou"})
OFFICERS = frozenset(name for name in STAFF if name.startswith(("district_", "city_")))
AUDITOR_OF_A = frozenset({"auditor_baotou"})
AUDITORS = frozenset({"auditor_baotou", "auditor_hohhot"})
SYSTEM_ADMINISTRATORS = frozenset(name for name in STAFF if name.startswith("system_administrator"))
SECURITY_ADMINISTRATORS = frozenset(name for name in STAFF if name.startswith("security_administrator"))
AUDIT_ADMINISTRATORS = frozenset(name for name in STAFF if name.startswith("audit_administrator"))


@dataclass(slots=True)
class World:
    """Everybody and everything in it, by name."""

    users: dict[str, User] = field(default_factory=dict)
    memberships: dict[str, Membership] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    enterprises: dict[str, Enterprise] = field(default_factory=dict)

    @property
    def a(self) -> Enterprise:
        """The enterprise that rows are about."""
        return self.enterprises["A"]

    def actor(self, person: str) -> Actor:
        """The person as actions see them."""
        return actor_of(self.users[person], Identity(self.memberships[person]))

    def standing_in(self, person: str, absent: str) -> Actor:
        """The person in the role of an absent colleague, as long as nobody ends it."""
        today = timezone.localdate()
        lent = Delegation.objects.create(
            membership=self.memberships[absent],
            delegate=self.users[person],
            first_day=today,
            last_day=today,
            reason="出差",
        )
        return actor_of(self.users[person], Identity(self.memberships[absent], lent))

    def put_the_platform_above_both_cities(self) -> None:
        """From now on the first three administrators work for the whole region."""
        platform = self.organisations["system_administrator"]
        platform.place_id = REGION
        platform.save(update_fields=["place"])


def make_world() -> World:
    """Build the world in the database, each kind at a stroke. Jurisdictions are there already: migrating seeds them."""
    world = World()
    names = dict(
        Jurisdiction.objects.filter(pk__in={place for _, place, _ in STAFF.values()}).values_list(
            "pk", "name"
        )
    )
    offices = {
        (kind, place): Organisation(kind=kind, name=f"{names[place]}{kind.label}", place_id=place)
        for kind, place, _ in STAFF.values()
    }
    companies = {
        letter: Organisation(kind=OrganisationKind.ENTERPRISE, name=f"企业{letter}") for letter in ENTERPRISES
    }
    Organisation.objects.bulk_create([*companies.values(), *offices.values()])
    world.organisations = companies | {
        person: offices[kind, place] for person, (kind, place, _) in STAFF.items()
    }
    world.organisations |= {person: companies[letter] for person, (letter, _) in PEOPLE.items()}
    world.enterprises = {
        letter: Enterprise(
            uscc=check_characters(f"9115{district[2:]}MA0TDT{number}X"),
            name=f"某市试样{letter}科技有限公司",
            core_name=f"试样{letter}",
            city_id=city,
            district_id=district,
            organisation=companies[letter],
        )
        for number, (letter, (city, district)) in enumerate(ENTERPRISES.items(), start=1)
    }
    Enterprise.objects.bulk_create(world.enterprises.values())
    world.users = {person: User(username=person, name=person) for person in ROLES}
    world.users[WITHOUT_ROLE] = User(username=WITHOUT_ROLE, name="没有角色的人")
    for user in world.users.values():
        user.set_unusable_password()
    User.objects.bulk_create(world.users.values())
    world.memberships = {
        person: Membership(user=world.users[person], organisation=world.organisations[person], role=role)
        for person, role in ROLES.items()
    }
    Membership.objects.bulk_create(world.memberships.values())
    return world
