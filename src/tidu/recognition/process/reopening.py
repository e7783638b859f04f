"""A window whose last day was cut short by an interruption of the platform may be extended after it has closed."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.utils import timezone

from tidu.core.interruptions import Interruption, interruptions
from tidu.recognition.models import Call
from tidu.recognition.process.window import last_moment

LAST_DAY: Final = dt.timedelta(days=1)
TO_REOPEN: Final = dt.timedelta(days=3)


def cut_short(call: Call) -> Interruption | None:
    """The interruption that took something of the last day of a call's window, if there was one. One query."""
    closed = last_moment(call)
    since = closed - LAST_DAY
    days = {timezone.localdate(since), timezone.localdate(closed)}
    return next(
        (found for found in interruptions(since) if any(found.costs(day, closed) for day in days)),
        None,
    )


def may_be_reopened(call: Call, now: dt.datetime | None = None) -> bool:
    """Whether the window of a call that has closed may still be extended, because its last day was cut short.

    That of a re-review is not: whoever did not come is heard before anything is decided.
    """
    if call.kind != Call.Kind.FIRST or call.state != Call.State.PUBLISHED:
        return False
    found = cut_short(call)
    return found is not None and (now or timezone.now()) < found.ended_at + TO_REOPEN
