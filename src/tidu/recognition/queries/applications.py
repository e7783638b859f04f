"""The applications of an enterprise, and the calls that it may answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.recognition.models import (
    FINAL,
    Application,
    Call,
    Cancellation,
    Presence,
    Status,
)
from tidu.registry.models import Enterprise

AWAKE = dt.timedelta(seconds=60)


def applications_of(actor: Actor) -> QuerySet[Application]:
    """The applications that the actor sees, with all that pages show of them."""
    return Application.objects.visible_to(actor).select_related(
        "call__version",
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
    if not actor.is_enterprise:
        raise Http404
    found = applications_of(actor).filter(pk=pk).first()
    if found is None:
        raise Http404("找不到这件申报。")
    return found


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call as an enterprise sees it: whether it may apply, else why not; its application, if there is one."""

    call: Call
    refusal: str
    bar: Cancellation | None
    application: Application | None


def calls_for(actor: Actor) -> QuerySet[Call]:
    """The published first calls of the enterprise's city that have not closed, the first to close first."""
    return (
        Call.objects.visible_to(actor)
        .filter(state=Call.State.PUBLISHED, kind=Call.Kind.FIRST, closes_at__gt=timezone.now())
        .select_related("version", "organisation", "place")
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
