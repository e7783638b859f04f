"""Who may give which role to whom: 三员分立 and its neighbours, as functions of plain values."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from tidu.core.actor import Actor
from tidu.core.roles import ADMINISTRATORS, ENTERPRISE_ROLES, ROLE_RULES, OrganisationKind, Role

#: Roles that a colleague may hold for a while. The powers of administrators are never lent.
DELEGABLE: Final = frozenset(Role) - ADMINISTRATORS


def misfit(role: Role, kind: OrganisationKind) -> str:
    """Why an organisation of this kind cannot give the role, or nothing."""
    if kind in ROLE_RULES[role].kinds:
        return ""
    fitting = "、".join(sorted(item.label for item in ROLE_RULES[role].kinds))
    return f"“{role.label}”只能设在{fitting}，不能设在{kind.label}。"


def combination(role: Role, held: Collection[Role]) -> str:
    """Why nobody who holds ``held`` may hold ``role`` too, or nothing: 三员分立."""
    others = set(held) - {role}
    if role in ADMINISTRATORS:
        if others & ADMINISTRATORS:
            return "一人只能担任三员中的一员，请先收回已有的管理员角色。"
        if others:
            return "管理员不得兼任业务角色，请先收回其业务角色，或者另选一人。"
    elif others & ADMINISTRATORS:
        return "此人是管理员，管理员不得兼任业务角色。"
    return ""


def grantable(actor: Actor, organisation_id: int | None) -> frozenset[Role]:
    """The roles that the actor may give in an organisation. Whether they see it is the scope's matter."""
    if actor.is_system or actor.has(Role.SECURITY_ADMINISTRATOR):
        return frozenset(Role)
    if (
        actor.has(Role.ENTERPRISE_MANAGER)
        and organisation_id is not None
        and organisation_id == actor.organisation_id
    ):
        return ENTERPRISE_ROLES
    return frozenset()


def refusal_to_grant(
    actor: Actor,
    *,
    person_id: int | None,
    held: Collection[Role],
    organisation_id: int | None,
    kind: OrganisationKind,
    role: Role,
) -> str:
    """Why ``actor`` may not give ``role`` to the person, who holds ``held``, or nothing."""
    if role not in grantable(actor, organisation_id):
        return "您没有授予这个角色的权限。"
    if person_id is not None and person_id == actor.user_id:
        return "不能给自己授权，请由另一位安全管理员办理。"
    return misfit(role, kind) or combination(role, held)
