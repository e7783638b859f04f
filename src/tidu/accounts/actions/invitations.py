"""A new account together with its first password, and a role where the inviter may give one."""

from __future__ import annotations

from django.db import transaction

from tidu.accounts.actions.people import create_person, issue_password
from tidu.accounts.actions.roles import grant_role
from tidu.accounts.models import Organisation, User
from tidu.core.actor import Actor
from tidu.core.roles import Role


@transaction.atomic
def invite(
    *,
    actor: Actor,
    username: str,
    name: str,
    organisation: Organisation,
    email: str = "",
    phone: str = "",
    employee_no: str = "",
    role: Role | None = None,
) -> tuple[User, str]:
    """Make the account and give it a temporary password, which is returned this once. Raises :class:`Refused`."""
    person = create_person(
        actor=actor,
        username=username,
        name=name,
        organisation=organisation,
        email=email,
        phone=phone,
        employee_no=employee_no,
    )
    if role is not None:
        grant_role(actor=actor, person=person, organisation=organisation, role=role, reason="邀请")
    return person, issue_password(actor=actor, person=person, reason="新建账号")
