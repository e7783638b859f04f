"""Calls, notices and decisions that anybody may read, with what their pages show."""

from __future__ import annotations

import datetime as dt

from django.db.models import Case, Count, F, IntegerField, QuerySet, Value, When
from django.utils import timezone

from tidu.core.models import OfficialDocument
from tidu.recognition.models import Call, Cancellation, Notice, RecognitionDocument


def public_calls() -> QuerySet[Call]:
    """Published calls, those that take applications now first."""
    return Call.objects.public().select_related("organisation", "place", "document")


def by_standing(calls: QuerySet[Call], now: dt.datetime | None = None) -> QuerySet[Call]:
    """Open ones first, then those to come, then the past; each by its end, the past newest first."""
    at = now or timezone.now()
    rank = Case(
        When(state=Call.State.PUBLISHED, opens_at__lte=at, closes_at__gt=at, then=Value(0)),
        When(state=Call.State.PUBLISHED, opens_at__gt=at, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return calls.annotate(rank=rank).order_by("rank", F("closes_at").desc(), "-pk")


def running_calls(place: str = "", now: dt.datetime | None = None) -> QuerySet[Call]:
    """Calls that take applications now or will, the next to close first; of one place with the nation's."""
    at = now or timezone.now()
    calls = public_calls().filter(state=Call.State.PUBLISHED, closes_at__gt=at)
    return (calls.filter(place_id=place) if place else calls).order_by("closes_at", "pk")


def public_notices() -> QuerySet[Notice]:
    """Published notices with the number of their enterprises, the newest first."""
    return (
        Notice.objects.public()
        .select_related("call__organisation", "call__place", "document")
        .annotate(listed=Count("items"))
        .order_by("-published_at", "-pk")
    )


def running_notices(place: str = "", now: dt.datetime | None = None) -> QuerySet[Notice]:
    """Notices whose period runs, the next to end first."""
    at = now or timezone.now()
    notices = public_notices().filter(state=Notice.State.PUBLISHED, ends_at__gt=at)
    return (notices.filter(call__place_id=place) if place else notices).order_by("ends_at", "pk")


def public_recognitions() -> QuerySet[RecognitionDocument]:
    """Recognition documents that were issued and stand, the newest first."""
    issued = RecognitionDocument.objects.filter(
        issued_at__isnull=False, document__state=OfficialDocument.State.ISSUED
    )
    return issued.select_related("document").order_by("-issued_at")


def public_cancellations() -> QuerySet[Cancellation]:
    """Decisions by which a title was taken away, published with their documents, the newest first."""
    decided = Cancellation.objects.filter(
        state=Cancellation.State.CANCELLED,
        decided_at__isnull=False,
        decision__state=OfficialDocument.State.ISSUED,
    )
    return decided.select_related("decision", "enterprise", "title").order_by("-decided_at")
