"""When a call takes applications: its own window, and the last day of the rule that it rests on.

A window is half open: it takes what comes from ``opens_at`` on and before ``closes_at``. Nothing is handed in after the
last day of the pack, however long the window is: nobody applies under a rule that has ended. A re-review goes on, since
titles outlive the rule that they were given under.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from tidu.policy.documents.library import Library, load_library
from tidu.policy.documents.pack import Force, Pack
from tidu.recognition.models import Call
from tidu.recognition.process.rules import pack_of


@dataclass(frozen=True, slots=True)
class PackState:
    """How the rule of a call stands on a day.

    ``until`` is its last day, of itself or because another replaces it from ``replaced_from`` on (``replaced_by``).
    ``ends_in_window`` says that this is before the call closes. ``newer`` says that the pack at hand is another than
    the one that the call froze; ``gone``, that there is none at hand.
    """

    force: Force
    until: dt.date | None
    replaced_by: Pack | None = None
    replaced_from: dt.date | None = None
    ends_in_window: bool = False
    newer: bool = False
    gone: bool = False

    @property
    def in_force(self) -> bool:
        """Whether applications may be made under it."""
        return self.force is Force.IN_FORCE

    @property
    def replaced(self) -> bool:
        """Whether it ends because another pack takes its place."""
        return self.replaced_by is not None


def pack_state(call: Call, on: dt.date | None = None) -> PackState:
    """How the call's rule stands on a day (today). Raises :class:`InputError` where a draft names no pack at hand."""
    day = on or timezone.localdate()
    pack = pack_of(call)
    since, until = pack.period(call.tier, pack.settings(call.readings))
    library = load_library()
    successor = _successor(library, pack, call.tier)
    replaced_by, replaced_from = (None, None) if successor is None else successor
    if replaced_from is not None and (until is None or replaced_from <= until):
        until = replaced_from - dt.timedelta(days=1)
    else:
        replaced_by = replaced_from = None
    ended = until is not None and day > until
    current = library.packs.get(call.pack)
    return PackState(
        force=Force.NOT_YET if day < since else Force.EXPIRED if ended else Force.IN_FORCE,
        until=until,
        replaced_by=replaced_by,
        replaced_from=replaced_from,
        ends_in_window=until is not None and end_of_day(until) < call.closes_at,
        newer=call.version_id is not None and current is not None and current.digest != call.version_id,
        gone=current is None,
    )


def _successor(library: Library, pack: Pack, tier: str) -> tuple[Pack, dt.date] | None:
    """The pack that takes the place of a tier of ``pack``, and from when on; the earliest where there are several."""
    found = [
        (max(replacement.since, other.document.in_force.since), other)
        for other in library
        for replacement in other.document.replaces
        if replacement.pack == pack.id and tier in (replacement.tiers or pack.tiers)
    ]
    if not found:
        return None
    since, other = min(found, key=lambda item: (item[0], item[1].id))
    return other, since


def end_of_day(day: dt.date) -> dt.datetime:
    """Midnight at the end of a day here."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))


def last_moment(call: Call) -> dt.datetime:
    """When the call stops taking applications: nothing is handed in at this moment or later."""
    if call.kind == Call.Kind.RE_REVIEW:
        return call.closes_at
    until = pack_state(call).until
    return call.closes_at if until is None else min(call.closes_at, end_of_day(until))


def is_open(call: Call, at: dt.datetime | None = None) -> bool:
    """Whether an application may be handed in at a moment (now)."""
    moment = at or timezone.now()
    return call.state == Call.State.PUBLISHED and call.opens_at <= moment < last_moment(call)
