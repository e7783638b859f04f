"""Making accounts, and looking after them."""

from __future__ import annotations

import secrets
from typing import Final

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.utils import timezone

from tidu.accounts.actions.roles import end_sessions_of
from tidu.accounts.lockout import unlock
from tidu.accounts.models import FormerPassword, Membership, Organisation, User
from tidu.accounts.models.scoping import in_charge_of
from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.refusals import Refused
from tidu.core.roles import ADMINISTRATORS, Role

# Without letters and digits that look alike on paper.
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz"
_DIGITS: Final = "23456789"


@transaction.atomic
def create_person(
    *,
    actor: Actor,
    username: str,
    name: str,
    password: str | None = None,
    organisation: Organisation | None = None,
    email: str = "",
    phone: str = "",
    employee_no: str = "",
) -> User:
    """A new account without any role. Without ``password`` nobody can sign in until one is issued.

    ``organisation`` is where the person belongs; administrators and enterprise managers can name only their own.
    Raises :class:`Refused` for a name that is taken or an organisation out of reach.
    """
    if not actor.is_system and actor.user_id:
        if not actor.has(Role.SYSTEM_ADMINISTRATOR, Role.ENTERPRISE_MANAGER):
            raise Refused("您没有新建人员的权限。")
        if (
            organisation is None
            or not Organisation.objects.visible_to(actor).filter(pk=organisation.pk).exists()
        ):
            raise Refused("请选择您管理范围内的机构。", field="organisation")
    if organisation is not None and not organisation.is_active:
        raise Refused("该机构已停用。", field="organisation")
    person = User(
        username=User.normalize_username(username.strip()),
        name=name.strip(),
        organisation=organisation,
        email=email.strip(),
        phone=phone.strip(),
        employee_no=employee_no.strip(),
    )
    person.set_password(password)
    if password is not None:
        person.password_changed_at = timezone.now()
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as error:
        taken = User.objects.filter(username__iexact=person.username).exists()
        field, words = ("username", "登录名") if taken else ("employee_no", "工号")
        raise Refused(f"这个{words}已经有人使用，请换一个。", field=field) from error
    if password is not None:
        FormerPassword.objects.create(user=person, password=person.password)
    record(
        actor=actor,
        action="accounts.person.created",
        subject=person,
        after={"username": person.username, "organisation": person.organisation_id},
        detail={"username": person.username},
    )
    return person


@transaction.atomic
def issue_password(*, actor: Actor, person: User, reason: str) -> str:
    """Give ``person`` a temporary password, which must be changed at the next sign-in, and return it once.

    Ends the person's sessions, lifts a lock and unties the single sign-on. Raises :class:`Refused`.
    """
    locked = in_reach(actor, person)
    if not reason.strip():
        raise Refused("请写明重置的理由。", field="reason")
    password = temporary_password()
    locked.set_password(password)
    locked.must_change_password, locked.password_changed_at = True, timezone.now()
    locked.save(update_fields=["password", "must_change_password", "password_changed_at"])
    FormerPassword.objects.create(user=locked, password=locked.password)  # nobody keeps it
    SocialAccount.objects.filter(user=locked).delete()  # whoever this is elsewhere is to be found out anew
    end_sessions_of(locked)
    unlock(locked.username)
    record(actor=actor, action="accounts.password.reset", subject=locked, detail={"reason": reason})
    return password


@transaction.atomic
def disable_person(*, actor: Actor, person: User, reason: str) -> None:
    """End the account at once, sessions included. Disabling twice does nothing. Raises :class:`Refused`."""
    locked = in_reach(actor, person)
    if not locked.is_active:
        return
    if locked.pk == actor.user_id:
        raise Refused("不能停用自己的账号。")
    if not reason.strip():
        raise Refused("请写明停用的理由。", field="reason")
    _keep_an_administrator(locked)
    locked.is_active, locked.disabled_at = False, timezone.now()
    locked.save(update_fields=["is_active", "disabled_at"])
    end_sessions_of(locked)
    record(actor=actor, action="accounts.person.disabled", subject=locked, detail={"reason": reason})


@transaction.atomic
def enable_person(*, actor: Actor, person: User, reason: str) -> None:
    """Let a disabled person sign in again. Raises :class:`Refused`."""
    locked = in_reach(actor, person)
    if locked.is_active:
        return
    if not reason.strip():
        raise Refused("请写明启用的理由。", field="reason")
    locked.is_active, locked.disabled_at = True, None
    locked.save(update_fields=["is_active", "disabled_at"])
    record(actor=actor, action="accounts.person.enabled", subject=locked, detail={"reason": reason})


@transaction.atomic
def unlock_person(*, actor: Actor, person: User, reason: str) -> int:
    """Lift the lock after failed sign-ins; gives the number of failures that were forgotten."""
    locked = in_reach(actor, person)
    if not reason.strip():
        raise Refused("请写明解锁的理由。", field="reason")
    failures = unlock(locked.username)
    record(
        actor=actor,
        action="accounts.sign_in.unlocked",
        subject=locked,
        detail={"reason": reason, "failures": failures},
    )
    return failures


def temporary_password() -> str:
    """Four groups of four, about 73 bits: letters of both cases, digits, and hyphens, easy to read out."""
    groups = [
        "".join(secrets.choice(_ALPHABET) for _ in range(3)) + secrets.choice(_DIGITS) for _ in range(4)
    ]
    first, *rest = groups
    return "-".join([first.capitalize(), *rest])


def in_reach(actor: Actor, person: User) -> User:
    """The person, locked, if the actor looks after all of the account: nobody climbs by resetting a password."""
    locked = User.objects.select_for_update().get(pk=person.pk)
    if actor.is_system:
        return locked
    memberships = Membership.objects.active().filter(user=locked)
    if actor.has(Role.ENTERPRISE_MANAGER):
        outside = memberships.exclude(organisation__in=Organisation.objects.visible_to(actor))
        if locked.organisation_id == actor.organisation_id and not outside.exists():
            return locked
        raise Refused("只能管理本企业的人员。")
    if not actor.has(Role.SYSTEM_ADMINISTRATOR):
        raise Refused("您没有管理账号的权限。")
    if not User.objects.visible_to(actor).filter(pk=locked.pk).exists():
        raise Refused("此人不在您的管理范围内。")
    inside = Organisation.objects.filter(in_charge_of(actor))
    if memberships.exclude(organisation__in=inside).exists():
        raise Refused("此人在您管理范围以外的机构任职，请由上级系统管理员办理。")
    return locked


def _keep_an_administrator(person: User) -> None:
    for held in Membership.objects.active().filter(user=person, role__in=ADMINISTRATORS):
        others = Membership.objects.active().filter(
            organisation=held.organisation, role=held.role, user__is_active=True
        )
        if not others.exclude(user=person).exists():
            raise Refused(f"此人是唯一的{held.get_role_display()}，请先安排接任的人，再停用。")
