"""Calls as lists and pages show them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Count, Q
from django.utils import timezone

from tidu.accounts.models import Organisation, User
from tidu.core.actor import Actor
from tidu.core.roles import OrganisationKind, Role
from tidu.recognition.models import Application, Call, Notice, Status
from tidu.recognition.models.calls import CallQuerySet

#: Days before a call closes from which on officers are reminded on their home page.
SOON = dt.timedelta(days=7)
_ON_A_HOME: Final = 5


@dataclass(slots=True)
class Tally:
    """How many applications of one call stand where."""

    by_status: dict[Status, int] = field(default_factory=dict)

    @property
    def started(self) -> int:
        """Begun and not handed in."""
        return self.by_status.get(Status.DRAFT, 0)

    @property
    def handed_in(self) -> int:
        """Handed in, whatever became of them. Those withdrawn or lapsed as drafts are not among them."""
        never = {Status.DRAFT, Status.WITHDRAWN, Status.LAPSED}
        return sum(number for status, number in self.by_status.items() if status not in never)

    @property
    def rows(self) -> list[tuple[Status, int]]:
        """In the order of the process."""
        return [(status, self.by_status[status]) for status in Status if self.by_status.get(status)]


def calls_for(actor: Actor) -> CallQuerySet:
    """The calls that the actor works with, with what a list shows of them. Re-reviews stand with the titles."""
    return (
        Call.objects.visible_to(actor)
        .filter(kind=Call.Kind.FIRST)
        .select_related("organisation", "place", "written_by", "approved_by", "document")
    )


def tallies(calls: Iterable[Call], actor: Actor) -> dict[int, Tally]:
    """How many applications stand where, for each of the calls: one query. A district counts its own."""
    found = {call.pk: Tally() for call in calls}
    rows = Application.objects.filter(call_id__in=list(found))
    if actor.has(Role.DISTRICT_OFFICER):
        rows = rows.filter(district_id=actor.place)
    for call, status, number in rows.order_by().values_list("call_id", "status").annotate(Count("pk")):
        found[call].by_status[Status(status)] = number
    return found


def earlier_calls(actor: Actor, tier: str, year: int) -> int:
    """How many calls for a tier the actor's bureau has had, or is preparing, in a year."""
    calls = Call.objects.filter(
        organisation_id=actor.organisation_id or 0, tier=tier, kind=Call.Kind.FIRST, year=year
    )
    return calls.exclude(state=Call.State.WITHDRAWN).count()


def bureaus_of(call: Call) -> list[Organisation]:
    """The district bureaus that review for a call."""
    bureaus = Organisation.objects.filter(
        kind=OrganisationKind.DISTRICT_BUREAU, is_active=True, place__parent_id=call.place_id
    )
    if call.districts:
        bureaus = bureaus.filter(place_id__in=call.districts)
    return list(bureaus)


def officers_concerned(call: Call) -> list[User]:
    """Who has to know of a change to a call: the officers of its districts."""
    return _people(Q(memberships__role=Role.DISTRICT_OFFICER, memberships__organisation__in=bureaus_of(call)))


def applicants_concerned(call: Call) -> list[User]:
    """Who has to know of a change to a call: the managers of those who have begun."""
    rows = Application.objects.filter(call=call).exclude(status=Status.WITHDRAWN)
    own = rows.values("enterprise__organisation_id")
    return _people(Q(memberships__role=Role.ENTERPRISE_MANAGER, memberships__organisation__in=own))


def people_called(call: Call) -> list[User]:
    """Who is told that a call is open: the district's officers, and the managers of the enterprises that may answer."""
    own = Q(memberships__organisation__enterprise__city_id=call.place_id)
    if call.districts:
        own = Q(memberships__organisation__enterprise__district_id__in=call.districts)
    return _people(
        Q(memberships__role=Role.DISTRICT_OFFICER, memberships__organisation__in=bureaus_of(call))
        | own & Q(memberships__role=Role.ENTERPRISE_MANAGER)
    )


def _people(office: Q) -> list[User]:
    rows = User.objects.filter(office, memberships__ended_at__isnull=True, is_active=True)
    return list(rows.distinct())


def closing_soon(actor: Actor, now: dt.datetime | None = None) -> list[Call]:
    """Open calls that close within :data:`SOON`, the next first."""
    at = now or timezone.now()
    return list(
        calls_for(actor)
        .filter(state=Call.State.PUBLISHED, opens_at__lte=at, closes_at__gt=at, closes_at__lte=at + SOON)
        .order_by("closes_at")
    )


def open_now(actor: Actor, now: dt.datetime | None = None) -> CallQuerySet:
    """Calls whose window is open."""
    at = now or timezone.now()
    return calls_for(actor).filter(state=Call.State.PUBLISHED, opens_at__lte=at, closes_at__gt=at)


def under_way(actor: Actor) -> list[Call]:
    """The newest of the calls that are neither finished nor withdrawn."""
    ended = (Call.State.FINISHED, Call.State.WITHDRAWN)
    return list(calls_for(actor).exclude(state__in=ended).order_by("-opens_at", "-pk")[:_ON_A_HOME])


def notice_ends(calls: Iterable[Call]) -> dict[int, dt.datetime]:
    """When the last notice of each of the calls is over, for those that have one. One query."""
    standing = Notice.objects.filter(call__in=list(calls), state=Notice.State.PUBLISHED)
    return dict(standing.order_by("ends_at").values_list("call_id", "ends_at"))
