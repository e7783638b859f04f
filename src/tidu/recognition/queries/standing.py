"""Who holds a title on a day, and what bars an enterprise on a day: the contract for packages behind this one.

Whatever depends on a recognition (an entitlement, a fund, a service) asks here, by the day that its own rule names, and
keeps the answer with its case. Nothing else of recognition is meant to be read from outside, and nobody is told when an
answer changes: a title that was taken away stands on the days before its end as ever, and no longer from its end on.

Every answer names the pack and the clause that it rests on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from tidu.recognition.models import Cancellation
from tidu.recognition.process.window import end_of_day
from tidu.recognition.queries.title_rules import rule_of
from tidu.recognition.queries.titles import Standing, standing_as, title_state
from tidu.registry.models import Title


@dataclass(frozen=True, slots=True)
class StandingTitle:
    """A title of the ladder that counts on a day.

    ``until`` is the last day of its term, none where the document names no end; it counts beyond that while a re-review
    in time keeps it (``standing``). ``pack`` and ``cite`` name the clause on its term; they are empty where no pack at
    hand knows its tier.
    """

    id: int
    enterprise_id: int
    tier: str
    name: str
    document_no: str
    since: dt.date
    until: dt.date | None
    renewed: bool
    standing: Standing
    pack: str
    cite: str


@dataclass(frozen=True, slots=True)
class Bar:
    """What keeps an enterprise from applying, from the day of a decision to ``until`` inclusive.

    ``ground`` is the name that ``pack`` has for its ground, ``label`` the words, ``cite`` the clause; ``tier`` and
    ``title`` are what was taken away, by the decision ``document_no``.
    """

    enterprise_id: int
    since: dt.date
    until: dt.date
    ground: str
    label: str
    pack: str
    cite: str
    tier: str
    title: str
    document_no: str


def valid_titles(on: dt.date) -> QuerySet[Title]:
    """The titles of the ladder that count on a day, in their term or kept by a re-review; to be narrowed down."""
    ladder = Title.objects.filter(removed_at__isnull=True).exclude(tier="")
    return standing_as(ladder, Standing.HELD, on) | standing_as(ladder, Standing.IN_REVIEW, on)


def titles_on(
    on: dt.date, *, enterprises: Collection[int] | None = None, tier: str = ""
) -> list[StandingTitle]:
    """The titles that count on a day, of some enterprises or all, of one tier or all. One query.

    A tier is given once for each enterprise: by the title that was given last.
    """
    rows = valid_titles(on).select_related("enterprise", "application__call")
    if enterprises is not None:
        rows = rows.filter(enterprise__in=enterprises)
    if tier:
        rows = rows.filter(tier=tier)
    last = {(row.enterprise_id, row.tier): row for row in rows.order_by("recognised_on", "pk")}
    return [_standing(row, on) for row in last.values()]


def bars_on(on: dt.date, *, enterprises: Collection[int] | None = None) -> list[Bar]:
    """The bars in force on a day, of some enterprises or all, those that last longest first. One query."""
    rows = Cancellation.objects.filter(
        state=Cancellation.State.CANCELLED, decided_at__lt=end_of_day(on), barred_until__gte=on
    ).select_related("title", "decision")
    if enterprises is not None:
        rows = rows.filter(enterprise__in=enterprises)
    return [_bar(row) for row in rows.order_by("-barred_until", "pk")]


def _standing(title: Title, on: dt.date) -> StandingTitle:
    rule = rule_of(title)
    return StandingTitle(
        title.pk,
        title.enterprise_id,
        title.tier,
        title.name,
        title.document_no,
        title.recognised_on,
        title.valid_until,
        title.basis == Title.Basis.RE_REVIEW,
        title_state(title, on).standing,
        "" if rule is None else rule.pack.id,
        "" if rule is None else rule.recognition.valid_cite,
    )


def _bar(case: Cancellation) -> Bar:
    assert case.decided_at is not None  # noqa: S101 - the query asks for both
    assert case.barred_until is not None  # noqa: S101
    return Bar(
        case.enterprise_id,
        timezone.localdate(case.decided_at),
        case.barred_until,
        case.ground,
        case.ground_label,
        case.pack,
        case.cite,
        case.title.tier,
        case.title.name,
        case.decision.number if case.decision is not None else "",
    )
