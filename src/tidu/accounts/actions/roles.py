"""Giving and ending roles. Whatever changes a person's rights ends their sessions at once."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from tidu.accounts.granting import combination, grantable, misfit, refusal_to_grant
from tidu.accounts.models import Delegation, Membership, Organisation, User
from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.refusals import Refused
from tidu.core.roles import ADMINISTRATORS, OrganisationKind, Role


@transaction.atomic
def grant_role(
    *, actor: Actor, person: User, organisation: Organisation, role: Role, reason: str = ""
) -> Membership:
    """Give ``role`` in ``organisation`` to ``person``. Giving it a second time returns the one that stands.

    Raises :class:`Refused`: no right to give it, giving to oneself, a combination that 三员分立 forbids, an inactive
    person or organisation. The person's sessions end.
    """
    _check_scope(actor, organisation)
    locked = _locked(person)
    held = _held(locked)
    message = refusal_to_grant(
        actor,
        person_id=locked.pk,
        held=held,
        organisation_id=organisation.pk,
        kind=OrganisationKind(organisation.kind),
        role=role,
    )
    if message:
        raise Refused(message)
    if role in ADMINISTRATORS and _stands_in(locked):
        raise Refused("此人正在代理他人的角色，请先终止代理，再授予管理员角色。")
    if actor.has(Role.ENTERPRISE_MANAGER) and locked.organisation_id != organisation.pk:
        raise Refused("只能给本企业的人员设置角色。")
    return _give(actor, locked, organisation, role, reason)


@transaction.atomic
def admit_to_enterprise(
    *, actor: Actor, person: User, organisation: Organisation, reason: str, enterprise_id: int
) -> Membership:
    """Make ``person`` the manager of an enterprise, whose claim an officer has accepted.

    The caller has checked that the claim lies in the officer's district or city. Raises :class:`Refused`.
    """
    if not (actor.is_system or actor.has(Role.DISTRICT_OFFICER, Role.CITY_OFFICER)):
        raise Refused("您没有认领企业的审核权限。")
    role = Role.ENTERPRISE_MANAGER
    locked = _locked(person)
    message = misfit(role, OrganisationKind(organisation.kind)) or combination(role, _held(locked))
    if locked.pk == actor.user_id:
        message = "不能审核自己提出的认领。"
    if message:
        raise Refused(message)
    return _give(actor, locked, organisation, role, reason, enterprise_id=enterprise_id)


@transaction.atomic
def end_role(*, actor: Actor, membership: Membership, reason: str) -> None:
    """End a role now. Ending one that has ended does nothing. Raises :class:`Refused`. The person's sessions end."""
    person = _locked(membership.user)
    current = Membership.objects.select_for_update().select_related("organisation").get(pk=membership.pk)
    if current.ended_at is not None:
        return
    _check_scope(actor, current.organisation)
    role = Role(current.role)
    if role not in grantable(actor, current.organisation_id):
        raise Refused("您没有收回这个角色的权限。")
    if current.user_id == actor.user_id:
        raise Refused("不能收回自己的角色，请由另一位安全管理员办理。")
    if not reason.strip():
        raise Refused("请写明收回的理由。", field="reason")
    if role is Role.SECURITY_ADMINISTRATOR and not _others(current).exists():
        raise Refused("这是该机构唯一的安全管理员，请先授予另一人再收回。")
    now = timezone.now()
    current.ended_at, current.ended_by_id = now, actor.user_id
    current.save(update_fields=["ended_at", "ended_by"])
    Delegation.objects.filter(membership=current, ended_at__isnull=True).update(ended_at=now)
    if not Membership.objects.active().filter(user=person, organisation=current.organisation).exists():
        # Only a colleague stands in: whoever has left the organisation acts in nobody's role there.
        borrowed = Delegation.objects.filter(delegate=person, membership__organisation=current.organisation)
        borrowed.filter(ended_at__isnull=True).update(ended_at=now)
    end_sessions_of(person)
    record(
        actor=actor,
        action="accounts.role.ended",
        subject=current,
        subject_label=f"{person}：{current}",
        before={"role": role, "organisation": current.organisation_id},
        detail={"person": person.pk, "role": role.value, "reason": reason},
    )


def end_sessions_of(person: User) -> None:
    """Refuse every session of ``person`` from before now. Part of an action that records why."""
    User.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
    person.refresh_from_db(fields=["session_epoch"])


def _give(
    actor: Actor,
    person: User,
    organisation: Organisation,
    role: Role,
    reason: str,
    *,
    enterprise_id: int | None = None,
) -> Membership:
    if not person.is_active:
        raise Refused("此人已停用，请先启用再授权。")
    if not organisation.is_active:
        raise Refused("该机构已停用，不能再授予角色。")
    standing = Membership.objects.active().filter(user=person, organisation=organisation, role=role).first()
    if standing is not None:
        return standing
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                user=person,
                organisation=organisation,
                role=role,
                granted_by_id=actor.user_id,
                reason=reason[:200],
            )
    except IntegrityError as error:
        raise Refused("这个角色不能授予：与此人已有的角色冲突。") from error
    end_sessions_of(person)
    record(
        actor=actor,
        action="accounts.role.granted",
        subject=membership,
        subject_label=f"{person}：{membership}",
        enterprise_id=enterprise_id,
        after={"role": role, "organisation": organisation.pk},
        detail={"person": person.pk, "role": role.value, "reason": reason},
    )
    return membership


def _check_scope(actor: Actor, organisation: Organisation) -> None:
    if not Organisation.objects.visible_to(actor).filter(pk=organisation.pk).exists():
        raise Refused("该机构不在您的管理范围内。")


def _locked(person: User) -> User:
    return User.objects.select_for_update().get(pk=person.pk)


def _held(person: User) -> set[Role]:
    return {
        Role(value)
        for value in person.memberships.filter(ended_at__isnull=True).values_list("role", flat=True)
    }


def _stands_in(person: User) -> bool:
    return Delegation.objects.filter(
        delegate=person, ended_at__isnull=True, last_day__gte=timezone.localdate()
    ).exists()


def _others(membership: Membership) -> QuerySet[Membership]:
    return (
        Membership.objects.active()
        .filter(organisation=membership.organisation, role=membership.role, user__is_active=True)
        .exclude(pk=membership.pk)
    )
