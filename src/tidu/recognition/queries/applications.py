"""The applications of an enterprise, and the calls that it may answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.recognition.models import FINAL, Application, Call, Presence, Status
from tidu.recognition.queries.admission import Applicant
from tidu.registry.models import Enterprise

AWAKE = dt.timedelta(seconds=60)


def applications_of(actor: Actor) -> QuerySet[Application]:
    """The applications that the actor sees, with all that pages show of them."""
    return Application.objects.visible_to(actor).select_related(
        "call__organisation",
        "call__place",
        "enterprise__organisation",
        "enterprise__district",
        "district",
        "deadline",
        "correction",
        "reviewed_title",
        "title",
    )


def own_application(actor: Actor, pk: int) -> Application:
    """One application of the actor's enterprise. Raises Http404 for everybody else and for any other."""
    return _own(actor, applications_of(actor), pk)


def own_form(actor: Actor, pk: int) -> Application:
    """The same with no more than filling it in needs: a form is opened and saved again and again."""
    rows = Application.objects.visible_to(actor).select_related("call", "enterprise", "district")
    return _own(actor, rows, pk)


def _own(actor: Actor, rows: QuerySet[Application], pk: int) -> Application:
    if not actor.is_enterprise:
        raise Http404
    try:
        return rows.get(pk=pk)
    except Application.DoesNotExist:
        raise Http404("找不到这一件。") from None


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call as an enterprise sees it: whether it may apply, else why not; its application, if there is one."""

    call: Call
    refusal: str
    application: Application | None


def calls_for(applicant: Applicant) -> QuerySet[Call]:
    """The first calls of the enterprise's city that have not closed, and the re-reviews that it may begin anew.

    The first to close comes first.
    """
    return (
        Call.objects.filter(
            Q(kind=Call.Kind.FIRST) | Q(pk__in=applicant.reviewed),
            place_id=applicant.enterprise.city_id,
            state=Call.State.PUBLISHED,
            closes_at__gt=timezone.now(),
        )
        .select_related("organisation", "place")
        .order_by("closes_at", "pk")
    )


def enterprise_of(actor: Actor) -> Enterprise | None:
    """The enterprise that an enterprise's person acts for."""
    if not actor.is_enterprise:
        return None
    return Enterprise.objects.visible_to(actor).select_related("district", "city").first()


def others_here(application: Application, actor: Actor, now: dt.datetime | None = None) -> list[Presence]:
    """Who else has the application open at this moment. One query."""
    seen = Presence.objects.filter(application=application, seen_at__gt=(now or timezone.now()) - AWAKE)
    return list(seen.exclude(user_id=actor.user_number).select_related("user").order_by("-seen_at")[:10])


def running(applications: Iterable[Application]) -> list[Application]:
    """Those on which something still happens."""
    return [application for application in applications if Status(application.status) not in FINAL]
