"""What the calendar changes by itself: titles lapse, answers about three years grow old, a new year asks anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q

from tidu.core.actor import SYSTEM
from tidu.policy.dates import years_before
from tidu.registry.actions.columns import refresh_columns
from tidu.registry.actions.fact_endings import withdraw_facts
from tidu.registry.actions.facts import CHUNK, lock_enterprises
from tidu.registry.actions.standing import (
    ACCIDENT_FIELDS,
    INCIDENT_BASIS,
    LARGER,
    LARGER_COUNTS_YEARS,
    LARGER_INDICATOR,
)
from tidu.registry.models import Enterprise, Fact, Incident, Source, Title

_REFRESHED: Final = "registry.columns.refreshed_on"
_TWO_DAYS: Final = 2 * 24 * 60 * 60


def refresh_if_a_day_began(today: dt.date) -> tuple[int, int]:
    """Once a day: bring columns up to date and withdraw answers that no longer hold. How many changed of each.

    The whole registry is gone through where the year changed or nobody knows when it was done last; otherwise only
    enterprises of which a title begins, lapses or lapsed since.
    """
    done = cache.get(_REFRESHED)
    if done == today:
        return 0, 0
    expired = expire_answers(today)
    changed = 0
    for part in _parts(done, today):
        with transaction.atomic():
            lock_enterprises(part)
            changed += refresh_columns(part, today)
    cache.set(_REFRESHED, today, _TWO_DAYS)
    return changed, expired


def _parts(done: dt.date | None, today: dt.date) -> Iterator[list[int]]:
    rows = Enterprise.objects.all()
    if done is not None and done.year == today.year:
        moved = Title.objects.filter(
            Q(valid_until__gte=done, valid_until__lt=today)
            | Q(recognised_on__gt=done, recognised_on__lte=today),
            removed_at__isnull=True,
        )
        rows = rows.filter(pk__in=moved.values("enterprise_id"))
    after = 0
    while part := list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        yield part
        after = part[-1]


def expire_answers(today: dt.date) -> int:
    """Withdraw 近三年发生过较大及以上事故 where the incident behind it is older and no other has happened since."""
    limit = years_before(today, LARGER_COUNTS_YEARS)
    old = Fact.objects.filter(
        indicator=LARGER_INDICATOR,
        source=Source.IMPORTED,
        ended_at__isnull=True,
        basis__startswith=INCIDENT_BASIS,
        stated_on__lte=limit,
    ).select_related("enterprise")
    expired = 0
    for fact in old:
        recent = Incident.objects.filter(
            enterprise_id=fact.enterprise_id,
            field__in=ACCIDENT_FIELDS,
            severity__in=LARGER,
            happened_on__gt=limit,
            removed_at__isnull=True,
        )
        if not recent.exists():
            expired += withdraw_facts(
                actor=SYSTEM,
                enterprise=fact.enterprise,
                keys=[(LARGER_INDICATOR, 0)],
                source=Source.IMPORTED,
                reason=f"事故发生已满 {LARGER_COUNTS_YEARS} 年",
            )
    return expired
