"""The first three administrators of a platform, and helping one who can no longer sign in: both on the server alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from tidu.accounts.actions.people import create_person, issue_password
from tidu.accounts.actions.roles import grant_role
from tidu.accounts.actions.second_factor import reset_second_factor
from tidu.accounts.models import Membership, Organisation, User
from tidu.core.actor import SYSTEM
from tidu.core.audit.recording import record
from tidu.core.models import AuditHead, Jurisdiction
from tidu.core.refusals import Refused
from tidu.core.roles import ADMINISTRATORS, OrganisationKind, Role

TRIO: Final = (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class FirstAdministrator:
    """One of the three, with the temporary password that is shown once."""

    role: Role
    username: str
    name: str
    password: str


@transaction.atomic
def create_first_administrators(
    *, place: Jurisdiction, people: Mapping[Role, tuple[str, str]]
) -> list[FirstAdministrator]:
    """Make the three administrators of ``place``; ``people`` gives login name and name of each.

    Raises :class:`Refused` where the place has administrators already, or two of the three are one person.
    """
    AuditHead.objects.select_for_update().get_or_create(pk=1)  # two runs at once make one trio
    standing = Membership.objects.active().filter(role__in=sorted(ADMINISTRATORS), organisation__place=place)
    if standing.exists():
        raise Refused(
            f"{place}已有管理员，不再建立。需要更换时由现任管理员办理，或用 tidu admins reset 重置。"
        )
    logins = [people[role][0].strip().lower() for role in TRIO]
    if len(set(logins)) != len(TRIO):
        raise Refused("三员必须是三个不同的人，登录名不能相同。")
    platform, _ = Organisation.objects.get_or_create(
        kind=OrganisationKind.PLATFORM, place=place, name=f"{place}平台管理"
    )
    made = []
    for role in TRIO:
        username, name = people[role]
        person = create_person(actor=SYSTEM, username=username, name=name, organisation=platform)
        grant_role(actor=SYSTEM, person=person, organisation=platform, role=role, reason="首任")
        password = issue_password(actor=SYSTEM, person=person, reason="首任管理员")
        made.append(FirstAdministrator(role, person.username, person.name, password))
    return made


@transaction.atomic
def rescue_administrator(*, username: str, reason: str) -> str:
    """A new temporary password for an administrator, without the lost second factor. Raises :class:`Refused`."""
    person = User.objects.filter(username__iexact=username).first()
    holding = Membership.objects.active().filter(user=person, role__in=sorted(ADMINISTRATORS))
    if person is None or not holding.exists():
        raise Refused(f"没有名为“{username}”的管理员。其他人员由系统管理员和安全管理员在页面上办理。")
    if not person.is_active:
        person.is_active, person.disabled_at = True, None
        person.save(update_fields=["is_active", "disabled_at"])
        record(actor=SYSTEM, action="accounts.person.enabled", subject=person, detail={"reason": reason})
    reset_second_factor(actor=SYSTEM, person=person, reason=reason)
    return issue_password(actor=SYSTEM, person=person, reason=reason)
