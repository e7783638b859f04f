"""Who keeps away from what (回避): nobody handles an enterprise for which they work or worked, or have declared a tie.

An enterprise is known here by its organisation, where it has an account, and by its USCC. Whoever acts in the role of
an absent colleague avoids what either of the two has to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.dispatch import Signal

from tidu.accounts.models import Ground, Interest, Membership
from tidu.core.actor import Actor
from tidu.core.refusals import Refused

Reference = Any  # an ``OuterRef``, or a value
People = OuterRef | Collection[int]
#: The ground where it is the absent colleague who has to avoid the enterprise.
LENT: Final = "委托您代理的同事应当回避"


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


@dataclass(frozen=True, slots=True)
class Ties:
    """What somebody has to avoid: the ground by the account of an enterprise, and by its code."""

    accounts: Mapping[int, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)

    def ground(self, *enterprises: Concerned) -> str:
        """On what ground one of the enterprises is to be avoided; empty where none is."""
        by_account = (self.accounts.get(named.organisation_id or 0, "") for named in enterprises)
        by_code = (self.codes.get(named.uscc, "") for named in enterprises)
        return next(filter(None, (*by_account, *by_code)), "")


def tie(*, people: People, organisation: Reference, uscc: Reference) -> Q:
    """That one of the people works or worked, in any role, for the enterprise, or has declared an interest in it."""
    posts, declared = _standing(people)
    return Q(Exists(posts.filter(organisation_id=organisation))) | Q(Exists(declared.filter(uscc=uscc)))


def tied(actor: Actor, prefix: str = "") -> Q:
    """The condition that the actor has to avoid a row; ``prefix`` leads to its enterprise, such as ``enterprise__``."""
    return tie(
        people=actor.people,
        organisation=OuterRef(f"{prefix}organisation_id"),
        uscc=OuterRef(f"{prefix}uscc"),
    )


def ties(people: Collection[int]) -> dict[int, Ties]:
    """What each of these people has to avoid. Two queries for any number."""
    posts, declared = _standing(people)
    accounts: dict[int, dict[int, str]] = {}
    codes: dict[int, dict[str, str]] = {}
    for person, organisation in posts.order_by().values_list("user_id", "organisation_id"):
        accounts.setdefault(person, {})[organisation] = Ground.WORK.label
    for person, code, ground in declared.order_by("id").values_list("person_id", "uscc", "ground"):
        codes.setdefault(person, {})[code] = Ground(ground).label
    return {person: Ties(accounts.get(person, {}), codes.get(person, {})) for person in people}


def ties_of(actor: Actor) -> Ties:
    """What the actor has to avoid, by their own ties and by those of the colleague in whose role they act.

    Which ties a colleague has is not said. Two queries; none for whoever never has to.
    """
    if actor.user_id is None or actor.is_enterprise:
        return Ties()
    found = ties(actor.people)
    own = found[actor.user_id]
    lent = found[actor.delegator_id] if actor.delegator_id is not None else Ties()
    return Ties(
        {**dict.fromkeys(lent.accounts, LENT), **own.accounts},
        {**dict.fromkeys(lent.codes, LENT), **own.codes},
    )


def refuse_tied(actor: Actor, *enterprises: Concerned) -> None:
    """Raise :class:`Refused`, with the ground, where the actor has to avoid one of the enterprises."""
    ground = ties_of(actor).ground(*enterprises)
    if ground:
        raise Refused(f"您应当回避这家企业（{ground}）。请转给同事。")


def _standing(people: People) -> tuple[QuerySet[Membership], QuerySet[Interest]]:
    """The rule itself: posts, held now or once, and declared interests."""
    are = "" if isinstance(people, OuterRef) else "__in"
    posts = Membership.objects.filter(**{f"user_id{are}": people})
    return posts, Interest.objects.current().filter(**{f"person_id{are}": people})


#: Sent, with ``actor`` and ``interest``, in the transaction in which one is declared, asked to be ended, ended or kept.
interest_changed = Signal()
