"""When nobody could reach the platform: the gaps between the stretches of time that periodic work has marked.

Nothing is known of the time before the first mark. Of a day an interruption costs what lies in the hours of business,
as these end a period before midnight does (Civil Code, art. 203): a machine that is switched off at night costs nobody
anything.
"""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone

from tidu.core.models import ServiceTime

#: A longer time without a mark counts as an interruption, for which people get time back; restarts and updates do not.
SHORTEST: Final = dt.timedelta(hours=1)
BUSINESS: Final = (dt.time(8, 30), dt.time(17, 30))
#: How far back the last mark before an interruption is looked for.
_LONGEST: Final = dt.timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Interruption:
    """From the last mark before it to the first one behind it."""

    began_at: dt.datetime
    ended_at: dt.datetime

    @property
    def words(self) -> str:
        """When it was: 11-20 21:00 至 11-22 08:30."""
        began, ended = timezone.localtime(self.began_at), timezone.localtime(self.ended_at)
        return f"{began:%m-%d %H:%M} 至 {ended:%m-%d %H:%M}"

    def costs(self, day: dt.date, until: dt.datetime | None = None) -> bool:
        """Whether it took enough of a day's hours of business, before a moment where one is given."""
        opens, closes = (timezone.make_aware(dt.datetime.combine(day, time)) for time in BUSINESS)
        end = min(closes, self.ended_at, until or closes)
        return end - max(opens, self.began_at) >= SHORTEST


@transaction.atomic
def mark(now: dt.datetime | None = None) -> None:
    """Note that the platform is up: the stretch goes on, or another begins. Of two at once the later finds it done."""
    moment = now or timezone.now()
    list(ServiceTime.objects.select_for_update().order_by("-pk")[:1])
    last = ServiceTime.objects.order_by("-pk").first()
    if last is None or moment - last.seen_at > SHORTEST:
        ServiceTime.objects.create(began_at=moment, seen_at=moment)
    elif moment > last.seen_at:
        last.seen_at = moment
        last.save(update_fields=["seen_at"])


def interruptions(since: dt.datetime, now: dt.datetime | None = None) -> list[Interruption]:
    """Those that ended after ``since``; one that nobody has marked the end of yet ends now. One query."""
    moment = now or timezone.now()
    rows = list(
        ServiceTime.objects.filter(began_at__lte=moment, seen_at__gte=since - _LONGEST).order_by("pk")
    )
    ends = [(row.began_at, row.seen_at) for row in rows] + ([(moment, moment)] if rows else [])
    return [
        Interruption(seen, began)
        for (_, seen), (began, _) in itertools.pairwise(ends)
        if began - seen > SHORTEST and began > since
    ]
