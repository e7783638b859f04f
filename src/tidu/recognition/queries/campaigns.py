"""Whose titles a re-review may be about, and how those of a campaign stand."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Sequence

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from tidu.accounts.ties import tied
from tidu.core.actor import Actor
from tidu.recognition.models import FINAL, Application, Call, Campaign, Cancellation
from tidu.recognition.models.calls import CallQuerySet
from tidu.registry.models import Title
from tidu.registry.models.standing import TitleState


def campaigns_for(actor: Actor) -> CallQuerySet:
    """The re-reviews that the actor works with, the newest first."""
    return (
        Call.objects.visible_to(actor)
        .filter(kind=Call.Kind.RE_REVIEW, campaign__isnull=False)
        .select_related("organisation", "place", "written_by", "approved_by", "document", "campaign")
    )


def is_spot_check(call: Call) -> bool:
    """Whether a call is a re-review of titles that were drawn while their term runs: passing it renews nothing.

    One query for a call that was read without its ``campaign``, however often it is asked.
    """
    campaign: Campaign | None = getattr(call, "campaign", None) if call.kind == Call.Kind.RE_REVIEW else None
    return campaign is not None and campaign.way == Campaign.Way.SAMPLE


def page_of(call: Call) -> str:
    """The officers' page of a call: re-reviews stand with the titles."""
    name = "campaign" if call.kind == Call.Kind.RE_REVIEW else "call"
    return reverse(f"recognition:{name}", args=[call.pk])


def reviewable(city: str, tier: str) -> QuerySet[Title]:
    """The titles of a tier in a city that can be reviewed: held, the newest of their enterprise, in no review now."""
    newer = Title.objects.filter(
        enterprise=OuterRef("enterprise"),
        tier=OuterRef("tier"),
        state=TitleState.HELD,
        removed_at__isnull=True,
        recognised_on__gt=OuterRef("recognised_on"),
    )
    running = Application.objects.filter(reviewed_title=OuterRef("pk")).exclude(status__in=FINAL)
    planned = Campaign.objects.filter(
        titles=OuterRef("pk"), call__state__in=(Call.State.DRAFT, Call.State.APPROVAL)
    )
    accused = Cancellation.objects.filter(title=OuterRef("pk"), state__in=Cancellation.OPEN_STATES)
    return (
        Title.objects.filter(
            enterprise__city_id=city, tier=tier, state=TitleState.HELD, removed_at__isnull=True
        )
        .exclude(Exists(newer))
        .exclude(Exists(running))
        .exclude(Exists(planned))
        .exclude(Exists(accused))
    )


def ending(city: str, tier: str, since: dt.date, until: dt.date) -> QuerySet[Title]:
    """Those that can be reviewed and whose term ends between two days, both included."""
    return reviewable(city, tier).filter(valid_until__gte=since, valid_until__lte=until)


def drawable(city: str, tier: str, on: dt.date) -> QuerySet[Title]:
    """Those from which a sample is drawn: whose term runs on a day."""
    return reviewable(city, tier).filter(valid_until__gte=on, recognised_on__lte=on)


def drawn(candidates: Collection[int], number: int, seed: str) -> list[int]:
    """``number`` of the candidates, the same whenever and by whomever it is drawn again with this seed."""
    ranked = sorted(candidates, key=lambda pk: hashlib.sha256(f"{seed}:{pk}".encode()).hexdigest())
    return sorted(ranked[:number])


def titles_of(campaign: Campaign) -> list[Title]:
    """The titles of a campaign with their enterprises, by district and name."""
    rows = campaign.titles.select_related("enterprise__district", "enterprise__organisation")
    return list(rows.order_by("enterprise__district_id", "enterprise__name", "pk"))


def applications_of(call: Call) -> dict[int, Application]:
    """The application of each title of a re-review; where one was withdrawn and begun anew, the newer."""
    rows = Application.objects.filter(call=call, reviewed_title__isnull=False).select_related("deadline")
    return {row.reviewed_title_id: row for row in rows.order_by("pk") if row.reviewed_title_id}


def kept_from(actor: Actor, titles: Iterable[Title]) -> set[int]:
    """The numbers of titles whose review the actor has to avoid: that they are held is public, how it goes is not."""
    numbers = [title.pk for title in titles]
    rows = Title.objects.filter(tied(actor, "enterprise__"), pk__in=numbers)
    return set(rows.values_list("pk", flat=True))


def cases_of(applications: Sequence[Application]) -> dict[int, Cancellation]:
    """The cases that re-reviews have led to, by application."""
    rows = Cancellation.objects.filter(application__in=[row.pk for row in applications])
    return {row.application_id: row for row in rows if row.application_id}
