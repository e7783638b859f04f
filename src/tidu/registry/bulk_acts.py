"""What can be done to several enterprises at once from their list. Other parts of the registry add their own.

A part declares its act where its views are imported::

    @bulk_act("confirm", "送部门确认", icon="send", roles={Role.CITY_OFFICER})
    def confirm(request, chosen):          # chosen: a scoped queryset, in the order of the list
        ...
        return redirect(...)
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponseBase

from tidu.core.requests import ActorRequest
from tidu.core.roles import Role
from tidu.registry.models.enterprises import EnterpriseQuerySet

Work = Callable[[ActorRequest, EnterpriseQuerySet], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class BulkAct:
    """One button of the list's bulk bar."""

    name: str
    label: str
    icon: str
    roles: frozenset[Role]
    work: Work


BULK_ACTS: Final[dict[str, BulkAct]] = {}


def bulk_act(name: str, label: str, *, icon: str, roles: Collection[Role]) -> Callable[[Work], Work]:
    """Register an act for these roles."""

    def register(work: Work) -> Work:
        BULK_ACTS[name] = BulkAct(name, label, icon, frozenset(roles), work)
        return work

    return register


def acts_for(role: Role | None) -> tuple[BulkAct, ...]:
    """The acts that a role has, in the order in which they were declared."""
    return tuple(act for act in BULK_ACTS.values() if role in act.roles)
