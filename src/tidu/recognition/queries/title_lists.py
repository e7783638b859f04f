"""Titles as officers and their holders see them, with what goes on about each. Constant numbers of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, Final, TypeVar

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery

from tidu.accounts.ties import tied
from tidu.core.actor import Actor
from tidu.core.listing import By
from tidu.recognition.models import FINAL, Application, Cancellation, ChangeReport
from tidu.recognition.process.changes import CHANGE_OPEN
from tidu.recognition.queries.titles import ENDING, by_urgency, in_state
from tidu.registry.models import Enterprise, Title
from tidu.registry.queries.enterprises import search_condition

R = TypeVar("R", ChangeReport, Cancellation)
#: Values of the filter by what is under way with a title.
IN_REVIEW, IN_CHANGE, IN_CASE, NOTHING = "review", "change", "case", "none"
DEFAULT_SORT: Final = "until"


def sorts(on: dt.date) -> Mapping[str, tuple[By, ...]]:
    """The orders of a list of titles."""
    return {"name": ("enterprise__name",), "until": by_urgency(on), "recognised": ("recognised_on",)}


def titles_seen(actor: Actor) -> QuerySet[Title]:
    """The titles of the ladder that an actor may see, with their enterprises and what they came of."""
    return (
        Title.objects.visible_to(actor)
        .filter(removed_at__isnull=True)
        .exclude(tier="")
        .select_related(
            "enterprise__district",
            "enterprise__city",
            "enterprise__organisation",
            "application__call",
        )
    )


def with_work(actor: Actor, titles: QuerySet[Title]) -> Any:  # noqa: ANN401 - a queryset with annotations
    """Titles, each with what is open about it: ``review_status``, ``open_change``, ``open_case``, ``renewed``.

    Only what the actor may know of: a title is public, what goes on about it is not.
    """
    review = _running_review(actor)
    newer = Title.objects.filter(
        enterprise=OuterRef("enterprise"),
        tier=OuterRef("tier"),
        removed_at__isnull=True,
        recognised_on__gt=OuterRef("recognised_on"),
    )
    return titles.annotate(
        review_status=Subquery(review.order_by("-pk").values("status")[:1], output_field=CharField()),
        open_change=Exists(_open_change(actor)),
        open_case=Exists(_open_case(actor)),
        renewed=Exists(newer),
    )


def narrowed(actor: Actor, titles: QuerySet[Title], on: Mapping[str, Any], today: dt.date) -> QuerySet[Title]:
    """``titles`` under the filters that are on."""
    if "tier" in on:
        titles = titles.filter(tier=on["tier"])
    if "place" in on:
        titles = titles.filter(enterprise__district_id=on["place"])
    if "state" in on:
        titles = in_state(titles, on["state"], today)
    if "ends" in on:
        titles = titles.filter(valid_until__year=int(on["ends"]))
    match on.get("work"):
        case "review":
            titles = titles.filter(Exists(_running_review(actor)))
        case "change":
            titles = titles.filter(Exists(_open_change(actor)))
        case "case":
            titles = titles.filter(Exists(_open_case(actor)))
    if on.get("q"):
        named = Enterprise.objects.filter(search_condition(on["q"])).values("pk")
        titles = titles.filter(enterprise__in=named)
    return titles


def ending_years(titles: QuerySet[Title]) -> list[int]:
    """The years in which some of the titles end. One query."""
    days = titles.filter(valid_until__isnull=False).order_by().values_list("valid_until__year", flat=True)
    return sorted(set(days.distinct()))


def life_figures(actor: Actor, today: dt.date) -> dict[str, int]:
    """What the home page of an officer shows: titles that end soon, open changes, open cases. Three queries."""
    ending = in_state(Title.objects.visible_to(actor).filter(removed_at__isnull=True), ENDING, today)
    return {
        "ending": ending.exclude(tier="").count(),
        "changes": ChangeReport.objects.visible_to(actor).filter(state__in=CHANGE_OPEN).count(),
        "cases": Cancellation.objects.visible_to(actor).filter(state__in=Cancellation.OPEN_STATES).count(),
    }


def cases_seen(actor: Actor) -> QuerySet[Cancellation]:
    """The cancellations that an actor may see. An enterprise learns of one when it is told: not before the notice."""
    rows = Cancellation.objects.visible_to(actor)
    if actor.is_enterprise:
        rows = rows.filter(Q(deadline__isnull=False) | Q(state=Cancellation.State.CANCELLED))
    return rows.select_related(
        "enterprise__district",
        "enterprise__organisation",
        "title__enterprise",
        "title__application__call",
        "organisation",
        "deadline",
        "notice",
        "decision",
        "proposed_by",
        "decided_by",
        "opened_by",
        "incident",
        "application__call",
        "change",
    )


def changes_seen(actor: Actor) -> QuerySet[ChangeReport]:
    """The change reports that an actor may see. One that was taken back is the enterprise's own business."""
    rows = ChangeReport.objects.visible_to(actor)
    if not actor.is_enterprise:
        rows = rows.exclude(state=ChangeReport.State.WITHDRAWN)
    return rows.select_related(
        "enterprise__district",
        "enterprise__organisation",
        "title__enterprise",
        "title__application__call",
        "deadline",
        "document",
        "reported_by",
        "decided_by",
        "new_place",
    )


def _running_review(actor: Actor) -> QuerySet[Application]:
    """The re-review that runs, also one that has not been handed in yet; not what the actor has to avoid."""
    rows = Application.objects.filter(reviewed_title=OuterRef("pk")).exclude(status__in=FINAL)
    return rows if actor.is_enterprise else rows.filter(~tied(actor, "enterprise__"))


def _open_change(actor: Actor) -> QuerySet[ChangeReport]:
    rows = changes_seen(actor).select_related(None)
    return rows.filter(title=OuterRef("pk"), state__in=CHANGE_OPEN)


def _open_case(actor: Actor) -> QuerySet[Cancellation]:
    rows = cases_seen(actor).select_related(None)
    return rows.filter(title=OuterRef("pk"), state__in=Cancellation.OPEN_STATES)


def cases_narrowed(rows: QuerySet[R], on: Mapping[str, Any], *, open_states: Collection[str]) -> QuerySet[R]:
    """What the filters leave of cases or reports: by state (``open``: any of ``open_states``), by name, by column.

    ``on`` comes from :func:`tidu.core.listing.chosen`, so every other key is the name of a column.
    """
    wanted = dict(on)
    if (state := wanted.pop("state", "")) and state == "open":
        rows = rows.filter(state__in=open_states)
    elif state:
        rows = rows.filter(state=state)
    if name := wanted.pop("q", ""):
        rows = rows.filter(enterprise__name__icontains=name)
    return rows.filter(**wanted)
