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
    """Build the world in the database. Jurisdictions are there already: migrating seeds them."""
    world = World()
    for letter, (city, district) in ENTERPRISES.items():
        body = f"9115{ENTERPRISES[letter][1][2:]}MA0TDT{'ABCD'.index(letter) + 1}X"[:16]
        organisation = Organisation.objects.create(kind=OrganisationKind.ENTERPRISE, name=f"企业{letter}")
        world.organisations[letter] = organisation
        world.enterprises[letter] = Enterprise.objects.create(
            uscc=check_characters(body),
            name=f"某市试样{letter}科技有限公司",
            core_name=f"试样{letter}",
            city_id=city,
            district_id=district,
            organisation=organisation,
        )
    for person, (kind, place, role) in STAFF.items():
        organisation, _ = Organisation.objects.get_or_create(
            kind=kind, name=f"{Jurisdiction.objects.get(pk=place).name}{kind.label}", place_id=place
        )
        _person(world, person, organisation, role)
    for person, (letter, role) in PEOPLE.items():
        _person(world, person, world.organisations[letter], role)
    world.users[WITHOUT_ROLE] = User.objects.create_user(WITHOUT_ROLE, name="没有角色的人")
    return world


def _person(world: World, name: str, organisation: Organisation, role: Role) -> None:
    world.users[name] = User.objects.create_user(name, name=name)
    world.organisations[name] = organisation
    world.memberships[name] = Membership.objects.create(
        user=world.users[name], organisation=organisation, role=role
    )
