"""Who may be recognised now: the period of the notice is over by the server's clock, and no objection is open."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.models import OfficialDocument
from tidu.policy.documents.route import Route
from tidu.recognition.models import (
    Application,
    Call,
    Notice,
    NoticeItem,
    Objection,
    RecognitionDocument,
    Status,
)
from tidu.recognition.models.applications import ApplicationQuerySet
from tidu.recognition.process.rules import route_of_call


def recognisable(notice: Notice, *, at: dt.datetime | None = None) -> QuerySet[NoticeItem]:
    """The enterprises of a notice that can be recognised at a moment (now): none before its period is over."""
    now = at or timezone.now()
    items = notice.items.select_related("application__enterprise").filter(
        recalled=False, application__status=Status.NOTICE
    )
    if notice.state == Notice.State.RECALLED or now < notice.ends_at:
        return items.none()
    return items.exclude(Exists(_open_objections("application")))


def ready(call: Call, *, at: dt.datetime | None = None) -> ApplicationQuerySet:
    """The applications of a call that can be recognised at a moment (now), from all its notices; see ``recognisable``.

    Where the call's way has no notice, those that were selected.
    """
    return _ready(call, route_of_call(call), at or timezone.now())


def _ready(call: Call, route: Route, now: dt.datetime) -> ApplicationQuerySet:
    rows = Application.objects.filter(call=call).exclude(Exists(_open_objections("pk")))
    if "notice" not in route.stages:
        return rows.filter(status=Status.SELECTED)
    over = NoticeItem.objects.filter(
        application=OuterRef("pk"), recalled=False, notice__ends_at__lte=now
    ).exclude(notice__state=Notice.State.RECALLED)
    return rows.filter(Exists(over), status=Status.NOTICE)


def recognisable_number(call: Call, route: Route) -> int:
    """How many applications of the call can be recognised now. One query."""
    return _ready(call, route, timezone.now()).count()


def drafts_of(call: Call) -> QuerySet[RecognitionDocument]:
    """The recognition documents of a call that were not taken back, the newest first."""
    return (
        call.recognition_documents.exclude(document__state=OfficialDocument.State.VOID)
        .select_related("document", "made_by", "issued_by")
        .order_by("-id")
    )


def _open_objections(application: str) -> QuerySet[Objection]:
    return Objection.objects.open().filter(item__application=OuterRef(application))


def running_notices(call: Call) -> list[Notice]:
    """The notices of a call whose period runs, each with ``waiting``, how many enterprises wait for its end."""
    waiting = Q(items__recalled=False, items__application__status=Status.NOTICE)
    rows = call.notices.filter(state=Notice.State.PUBLISHED, ends_at__gt=timezone.now())
    return list(
        rows.select_related("document")
        .annotate(waiting=Count("items", filter=waiting))
        .filter(waiting__gt=0)
        .order_by("ends_at")
    )


def objections_in_the_way(actor: Actor, call: Call) -> list[Objection]:
    """The open objections against enterprises of a call that are on notice, as far as the actor reads objections."""
    rows = Objection.objects.visible_to(actor).open()
    rows = rows.filter(item__notice__call=call, item__application__status=Status.NOTICE)
    return list(rows.select_related("item", "deadline", "assigned_to__user").order_by("pk"))
