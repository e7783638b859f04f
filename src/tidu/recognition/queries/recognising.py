"""Who may be recognised now: the period of the notice is over by the server's clock, and no objection is open."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

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


@dataclass(frozen=True, slots=True)
class HeldBack:
    """An enterprise on notice that cannot be recognised yet, and why."""

    name: str
    why: str


def held_back(call: Call) -> list[HeldBack]:
    """Those of the call's enterprises on notice that cannot be recognised now, in the order of their numbers."""
    now = timezone.now()
    items = (
        NoticeItem.objects.filter(notice__call=call, recalled=False, application__status=Status.NOTICE)
        .select_related("notice")
        .annotate(waits=Exists(_open_objections("application")))
        .order_by("notice_id", "number")
    )
    found = []
    for item in items:
        if now < item.notice.ends_at:
            found.append(HeldBack(item.name, f"公示至 {item.notice.last_day:%Y-%m-%d} 24:00"))
        elif item.waits:
            found.append(HeldBack(item.name, "有异议没有办结"))
    return found
