"""Who keeps away from what (回避): nobody handles an enterprise for which they work or worked, or have declared a tie.

An enterprise is known here by its organisation, where it has an account, and by its USCC.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Exists, OuterRef, Q
from django.dispatch import Signal

from tidu.accounts.models import Ground, Interest, Membership
from tidu.core.actor import Actor
from tidu.core.refusals import Refused

Reference = Any  # an ``OuterRef``, or a value


class Concerned(Protocol):
    """An enterprise, as far as this layer knows it."""

    @property
    def organisation_id(self) -> int | None:
        """Its account's organisation."""

    @property
    def uscc(self) -> str:
        """Its code."""


@dataclass(frozen=True, slots=True)
class Party:
    """An enterprise whose affair something is, as it was written down."""

    organisation_id: int | None
    uscc: str


def tie(*, person: Reference, organisation: Reference, uscc: Reference) -> Q:
    """That a person works or worked, in any role, for the enterprise, or has declared an interest in it."""
    return Q(Exists(Membership.objects.filter(user_id=person, organisation_id=organisation))) | Q(
        Exists(Interest.objects.current().filter(person_id=person, uscc=uscc))
    )


def tied(actor: Actor, prefix: str = "") -> Q:
    """The condition that the actor has to avoid a row; ``prefix`` leads to its enterprise, such as ``enterprise__``."""
    return tie(
        person=actor.user_id or 0,
        organisation=OuterRef(f"{prefix}organisation_id"),
        uscc=OuterRef(f"{prefix}uscc"),
    )


def grounds(people: Collection[int], *enterprises: Concerned) -> dict[int, str]:
    """Who of these people has to avoid one of the enterprises, and on what ground. Two queries for any number."""
    accounts = {named.organisation_id for named in enterprises if named.organisation_id is not None}
    works = Membership.objects.filter(user_id__in=people, organisation_id__in=accounts)
    found = dict.fromkeys(works.values_list("user_id", flat=True), Ground.WORK.label)
    declared = Interest.objects.current().filter(
        person_id__in=people, uscc__in={named.uscc for named in enterprises}
    )
    for person, ground in declared.order_by("-id").values_list("person_id", "ground"):
        found.setdefault(person, Ground(ground).label)
    return found


def ground_of(actor: Actor, *enterprises: Concerned) -> str:
    """On what ground the actor has to avoid one of the enterprises; empty where they need not. Two queries."""
    if actor.user_id is None or actor.is_enterprise:
        return ""
    return grounds([actor.user_id], *enterprises).get(actor.user_id, "")


def refuse_tied(actor: Actor, *enterprises: Concerned) -> None:
    """Raise :class:`Refused`, with the ground, where the actor has to avoid one of the enterprises."""
    ground = ground_of(actor, *enterprises)
    if ground:
        raise Refused(f"您与这家企业有利害关系（{ground}），应当回避。请转给同事。")


#: Sent in the same transaction once an interest was declared or ended, with ``actor`` and ``interest``.
interest_changed = Signal()
